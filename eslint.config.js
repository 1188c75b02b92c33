// Lint rules: typescript-eslint's strict type-checked set, and the one direction in which imports may go.
import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const pure = ['src/policy/**', 'src/compose/**', 'src/registries/**', 'src/finding.ts', 'src/escape.ts'];

/** Bans imports whose path matches one of `patterns`, with the reason that the developer sees. */
function forbid(files, patterns, message) {
  return {
    files,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: patterns, message }] }] },
  };
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', '.cache/'] },
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
  forbid(
    pure,
    ['node:*', '**/agent/*', '**/host/*', '**/cli/*', 'execa', 'winston', 'chokidar', 'systeminformation'],
    'The core is pure: no Node API, no agent, host or cli.',
  ),
  forbid(
    ['src/policy/**'],
    ['node:*', '**/agent/*', '**/host/*', '**/cli/*', '**/registries/*', '**/compose/*'],
    'policy/ knows neither compose/ nor registries/.',
  ),
  forbid(
    ['src/registries/**'],
    ['node:*', '**/agent/*', '**/host/*', '**/cli/*', '**/policy/*', '**/compose/*'],
    'registries/ knows neither compose/ nor policy/.',
  ),
  forbid(['src/agent/**'], ['**/host/*', '**/cli/*'], 'agent/ sees the host only through ports.ts.'),
  forbid(['src/host/**'], ['**/cli/*'], 'host/ knows no command line.'),
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
