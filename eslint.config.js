// Lint rules: typescript-eslint's strict type-checked set, and the one direction in which imports may go.
import { builtinModules } from 'node:module';
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/** What a folder may not import: `pattern` is a regular expression over the text of the import. */
const bans = {
  node: {
    pattern: `^node:|^(?:${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(?:/|$)`,
    message: 'no Node API: the host passes in what is needed.',
  },
  hostPackages: packages(['execa', 'winston', 'chokidar', 'systeminformation'], 'only the host uses it.'),
  otherPackages: packages(['zod', 'diff'], 'the core uses no package but the parsers of its own formats.'),
  yaml: packages(['yaml'], 'only policy/ reads YAML.'),
  toml: packages(['@iarna/toml'], 'only registries/ reads TOML.'),
  paths: { pattern: '(?:^|/)paths\\.ts$', message: 'the core knows no paths of this machine.' },
  pathValues: {
    pattern: '(?:^|/)paths\\.ts$',
    message: 'paths are passed in; only their type may be imported.',
    allowTypeImports: true,
  },
  settings: { pattern: '(?:^|/)config(?:-schema)?\\.ts$', message: 'the core knows no settings file.' },
  main: { pattern: '(?:^|/)main\\.ts$', message: 'main.ts is the program; nothing imports it.' },
  policy: folder('policy', 'policy/ is known to compose/ and to what stands above it only.'),
  compose: folder('compose', 'compose/ is known to agent/ and cli/ only.'),
  registries: folder('registries', 'policy/ and registries/ do not know each other.'),
  agent: folder('agent', 'the core knows no agent.'),
  agentInside: {
    pattern: '(?:^|/)agent/(?!(?:(?:crio-)?ports|record|loop|audit|audit-event|published-status)\\.ts$)',
    message: 'the host knows of the agent only its ports, records, audit events, published status and loop.',
  },
  agentTypes: {
    pattern: '(?:^|/)agent/(?:(?:crio-)?ports|record|loop|published-status)\\.ts$',
    message: 'the host implements the types of the agent, and calls nothing of it.',
    allowTypeImports: true,
  },
  host: folder('host', 'only cli/ and main.ts see the host; agent/ sees it through ports.ts.'),
  cli: folder('cli', 'nothing but main.ts knows the command line.'),
};

const core = [
  bans.node,
  bans.hostPackages,
  bans.otherPackages,
  bans.paths,
  bans.settings,
  bans.agent,
  bans.host,
  bans.cli,
  bans.main,
];

/**
 * The one direction in which imports may go: one row per folder, and no file in two rows, since the later would replace
 * the earlier.
 */
const rows = [
  { files: ['src/policy/**'], isPure: true, not: [...core, bans.toml, bans.compose, bans.registries] },
  { files: ['src/registries/**'], isPure: true, not: [...core, bans.yaml, bans.compose, bans.policy] },
  { files: ['src/compose/**'], isPure: true, not: [...core, bans.yaml, bans.toml] },
  {
    files: ['finding', 'finding-table', 'escape', 'origin', 'byte-order', 'host-error'].map(
      (name) => `src/${name}.ts`,
    ),
    isPure: true,
    not: [...core, bans.yaml, bans.toml, bans.policy, bans.compose, bans.registries],
  },
  {
    files: ['src/agent/**'],
    isPure: false,
    not: [
      bans.node,
      bans.hostPackages,
      bans.yaml,
      bans.toml,
      bans.pathValues,
      bans.host,
      bans.cli,
      bans.main,
    ],
  },
  {
    files: ['src/host/**'],
    isPure: false,
    not: [bans.compose, bans.agentInside, bans.agentTypes, bans.cli, bans.main],
  },
  {
    files: ['src/cli/**', 'src/config.ts', 'src/config-schema.ts', 'src/paths.ts'],
    isPure: false,
    not: [bans.main],
  },
];

/** The rules of one row. Syntax stands in for imports as functions, which the import rule does not look at. */
function restrict({ files, isPure, not }) {
  const patterns = not.map(({ pattern, ...rest }) => ({ regex: pattern, ...rest }));
  const syntax = not.map(({ pattern, message }) => ({
    // A selector cannot hold a slash.
    selector: `ImportExpression[source.value=/${pattern.replaceAll('/', '\\u002F')}/]`,
    message,
  }));
  return {
    files,
    rules: {
      '@typescript-eslint/no-restricted-imports': ['error', { patterns }],
      'no-restricted-syntax': ['error', ...syntax, computedImport, ...(isPure ? [currentDate] : [])],
      ...(isPure ? pureRules : {}),
    },
  };
}

const computedImport = {
  selector: "ImportExpression[source.type!='Literal']",
  message: 'the direction of this import cannot be seen: write its path as a string.',
};
const currentDate = {
  selector: "NewExpression[callee.name='Date'][arguments.length=0]",
  message: 'the core has no clock: the time is passed in.',
};
const pureRules = {
  'no-restricted-globals': [
    'error',
    ...[
      'process',
      'Buffer',
      'performance',
      'crypto',
      'fetch',
      'setTimeout',
      'setInterval',
      'setImmediate',
    ].map((name) => ({ name, message: 'the core depends on its arguments alone.' })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Date', property: 'now', message: 'the core has no clock: the time is passed in.' },
    { object: 'Math', property: 'random', message: 'the same input gives the same output.' },
    { object: 'globalThis', property: 'process', message: 'the core depends on its arguments alone.' },
  ],
};

function packages(names, message) {
  return { pattern: `^(?:${names.join('|')})(?:/|$)`, message };
}

function folder(name, message) {
  return { pattern: `(?:^|/)${name}/`, message };
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', '.cache/'] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { requireDefaultForNonUnion: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  ...rows.map(restrict),
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
