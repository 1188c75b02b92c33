// What is in the bundle is known: its packages, their licences, and which of them may run scripts when they are installed; it starts without being compiled.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import type { Metafile } from 'esbuild';
import { listBundled } from '../../packaging/bundled.ts';
import { nodeOptions } from '../../packaging/launcher.ts';
import { makeSbom } from '../../packaging/sbom.ts';

const root = join(import.meta.dirname, '../..');
const readJson = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));
const bundled = listBundled(root, readJson('dist/icspd.meta.json') as Metafile);

test('every dependency is in the bundle with its version, and each package with a licence that allows to pass it on', (t) => {
  const { dependencies } = readJson('package.json') as { dependencies: Record<string, string> };
  const versions = new Map(bundled.map(({ name, version }) => [name, version]));
  t.like(Object.fromEntries(versions), dependencies);
  const allowed = new Set(['MIT', 'ISC', 'BSD-3-Clause', 'Apache-2.0']);
  for (const { name, licence, licenceText } of bundled) {
    t.true(allowed.has(licence), `${name}: ${licence}`);
    t.regex(licenceText, /copyright|permission/i, name);
  }
});

test('the bill of materials names each with the digest that package-lock.json holds it to', (t) => {
  const node = { file: '', version: '24.0.0', sha256: 'abc', licenceText: '', libraries: { v8: '13.6' } };
  const bill = JSON.parse(JSON.stringify(makeSbom('1.2.3', bundled, node, 0))) as {
    components: { name: string; hashes: { content: string }[]; components?: object[] }[];
  };
  t.is(bill.components.length, bundled.length + 1);
  for (const { name, hashes } of bill.components.slice(0, -1))
    t.regex(hashes[0]?.content ?? '', /^[0-9a-f]{128}$/, name);
  t.like(bill.components.at(-1), { name: 'nodejs', hashes: [{ alg: 'SHA-256', content: 'abc' }] });
  t.like(bill, {
    bomFormat: 'CycloneDX',
    metadata: { timestamp: '1970-01-01T00:00:00.000Z', component: { name: 'icspd', version: '1.2.3' } },
  });
});

test('no package runs a script when it is installed but those that package.json names', (t) => {
  const { allowScripts } = readJson('package.json') as { allowScripts: Record<string, boolean> };
  const { packages } = readJson('package-lock.json') as {
    packages: Record<string, { hasInstallScript?: boolean }>;
  };
  const withScripts = Object.entries(packages).flatMap(([place, { hasInstallScript }]) =>
    hasInstallScript === true ? [place.replace(/^.*node_modules\//, '')] : [],
  );
  t.deepEqual(
    withScripts.filter((name) => !(name in allowScripts)),
    [],
  );
});

test('V8 takes the code cache under the flags of the launcher, and no start compiles anew', (t) => {
  const program = pathToFileURL(join(root, 'packaging/program.ts')).href;
  const code = `
    import { readFileSync } from 'node:fs';
    import { loadProgram } from ${JSON.stringify(program)};
    const read = (name) => readFileSync(${JSON.stringify(join(root, 'dist/'))} + name);
    const { cachedDataRejected } = loadProgram(read('program.js'), read('program.cache'));
    console.log(cachedDataRejected);`;
  const isRejected = (options: readonly string[]): string =>
    execFileSync(process.execPath, [...options, '--input-type=module', '--eval', code], { encoding: 'utf8' });
  t.is(isRejected(nodeOptions), 'false\n');
  t.is(isRejected([...nodeOptions, '--maglev']), 'true\n');
});
