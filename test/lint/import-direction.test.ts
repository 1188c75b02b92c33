// The lint rules find what they are there for: one violating line for each rule, in a file that exists.
import { join } from 'node:path';
import test from 'ava';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const imports = '@typescript-eslint/no-restricted-imports';
const syntax = 'no-restricted-syntax';

// The rules of imports need no types, and without them a line takes milliseconds.
const eslint = new ESLint({
  cwd: join(import.meta.dirname, '../..'),
  overrideConfig: [
    {
      ...tseslint.configs.disableTypeChecked,
      languageOptions: { parserOptions: { project: null, programs: null } },
    },
  ],
});

const policy = 'src/policy/rule.ts';
const compose = 'src/compose/scope.ts';
const registries = 'src/registries/model.ts';
const pure = [
  policy,
  compose,
  registries,
  'src/finding.ts',
  'src/finding-table.ts',
  'src/escape.ts',
  'src/origin.ts',
  'src/byte-order.ts',
  'src/host-error.ts',
];
const agent = 'src/agent/plan.ts';
const host = 'src/host/host.ts';
const cli = 'src/cli/run.ts';

/** Which files may not import which path. */
const forbidden: readonly (readonly [files: readonly string[], path: string])[] = [
  [[...pure, agent], 'node:fs'],
  [[...pure, agent], 'fs'],
  [[...pure, agent], 'fs/promises'],
  [[...pure, agent], 'path'],
  [[...pure, agent], 'execa'],
  [[...pure, agent], 'winston'],
  [[...pure, agent], 'chokidar'],
  [[...pure, agent], 'systeminformation'],
  [pure, 'zod'],
  [pure, 'zod/mini'],
  [pure, '../paths.ts'],
  [pure, './paths.ts'],
  [pure, '../config.ts'],
  [pure, '../agent/ports.ts'],
  [[...pure, agent], '../host/host.ts'],
  [[...pure, agent, host], '../cli/output.ts'],
  [[...pure, agent, host, cli, 'src/config.ts', 'src/paths.ts'], '../main.ts'],
  [['src/finding.ts'], './policy/rule.ts'],
  [[policy], '../compose/compose.ts'],
  [[policy], '../registries/model.ts'],
  [[policy, host], '../compose/scope.ts'],
  [[registries], '../policy/rule.ts'],
  [[registries], '../compose/scope.ts'],
  [[policy], '@iarna/toml'],
  [[registries], 'yaml'],
  [[host], '../agent/plan.ts'],
  [[host], '../agent/reconcile.ts'],
];
for (const [files, path] of forbidden) {
  for (const file of files) {
    test(`${file} may not import ${path}, in no form`, async (t) => {
      t.deepEqual(await rulesBroken(file, `import { a } from '${path}';\na();\n`), [imports]);
      t.deepEqual(await rulesBroken(file, `import type { A } from '${path}';\nexport type B = A;\n`), [
        imports,
      ]);
      t.deepEqual(await rulesBroken(file, `export { a } from '${path}';\n`), [imports]);
      t.deepEqual(await rulesBroken(file, `export const a = import('${path}');\n`), [syntax]);
      if (file !== cli)
        t.deepEqual(await rulesBroken(file, `export const a = import(\`${path}\`);\n`), [syntax]);
    });
  }
}

const typesOnly: readonly (readonly [file: string, path: string])[] = [
  [agent, '../paths.ts'],
  [host, '../agent/ports.ts'],
  [host, '../agent/crio-ports.ts'],
  [host, '../agent/record.ts'],
  [host, '../agent/loop.ts'],
];
for (const [file, path] of typesOnly) {
  test(`${file} may import types of ${path}, but no values`, async (t) => {
    t.deepEqual(await rulesBroken(file, `import type { A } from '${path}';\nexport type B = A;\n`), []);
    t.deepEqual(await rulesBroken(file, `import { a } from '${path}';\na();\n`), [imports]);
    t.deepEqual(await rulesBroken(file, `export const a = import('${path}');\n`), [syntax]);
  });
}

const allowed: readonly (readonly [file: string, path: string])[] = [
  [policy, 'yaml'],
  [policy, '../finding.ts'],
  [registries, '@iarna/toml'],
  [compose, '../policy/rule.ts'],
  [compose, '../registries/model.ts'],
  [agent, '../compose/compose.ts'],
  [agent, '../registries/parse.ts'],
  [agent, 'diff'],
  [host, 'node:fs'],
  [host, '../registries/parse.ts'],
  [cli, '../host/host.ts'],
];
for (const [file, path] of allowed) {
  test(`${file} may import ${path}`, async (t) => {
    t.deepEqual(await rulesBroken(file, `import { a } from '${path}';\na();\n`), []);
  });
}

const impure: readonly (readonly [code: string, rule: string])[] = [
  ['export const a = Date.now();', 'no-restricted-properties'],
  ['export const a = Math.random();', 'no-restricted-properties'],
  ['export const a = globalThis.process;', 'no-restricted-properties'],
  ['export const a = process.env;', 'no-restricted-globals'],
  ["export const a = Buffer.from('');", 'no-restricted-globals'],
  ['export const a = performance.now();', 'no-restricted-globals'],
  ['export const a = setTimeout(alert, 1);', 'no-restricted-globals'],
  ['export const a = new Date();', syntax],
];
for (const [code, rule] of impure) {
  for (const file of pure) {
    test(`${file} is pure: not ${code}`, async (t) => {
      t.deepEqual(await rulesBroken(file, `${code}\n`), [rule]);
    });
  }
}

test('a date that is given is no clock', async (t) => {
  t.deepEqual(await rulesBroken(policy, 'export const a = new Date(0);\n'), []);
});

/** The rules of this file's concern that the code breaks. */
async function rulesBroken(filePath: string, code: string): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath });
  const concerned = result?.messages.filter(
    ({ ruleId, fatal }) =>
      fatal === true || ruleId === imports || ruleId?.startsWith('no-restricted') === true,
  );
  return [...new Set(concerned?.map(({ ruleId, message }) => ruleId ?? message))];
}
