// Builds dist/single/: the program as one executable file with its Node.js inside, its launcher, licences and bill of materials.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { version } from '../src/version.ts';
import { type BundledPackage, listBundled } from './bundled.ts';
import { makeLauncher, nodeOptions } from './launcher.ts';
import { type NodeRuntime, findNode, nodeLicences } from './node-runtime.ts';
import { makeSbom } from './sbom.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');
const target = join(dist, 'single');

/** What Node.js looks for in its own file: "Single executable applications" in its manual. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/** What starts the program, the program and its code cache, in the form that Node.js reads. */
function makeBlob(node: NodeRuntime): string {
  const settings = {
    main: 'icspd.cjs',
    assets: { 'program.js': 'program.js', 'program.cache': 'program.cache' },
    output: 'single/blob',
    disableExperimentalSEAWarning: true,
    // The flags of the run: V8 takes a code cache only under those that it was made with.
    execArgv: nodeOptions,
    execArgvExtension: 'none',
  };
  writeFileSync(join(target, 'sea.json'), JSON.stringify(settings));
  execFileSync(node.file, ['--experimental-sea-config', 'single/sea.json'], {
    cwd: dist,
    stdio: 'pipe',
    env: { PATH: process.env['PATH'] },
  });
  rmSync(join(target, 'sea.json'));
  return join(target, 'blob');
}

/** Stripped first: what is stripped with the program inside does not run. */
function makeExecutable(node: NodeRuntime): void {
  const file = join(target, 'icspd');
  copyFileSync(node.file, file);
  chmodSync(file, 0o755);
  execFileSync('strip', [file]);
  const blob = makeBlob(node);
  const postject = join(root, 'node_modules/.bin/postject');
  // It complains of sections that strip(1) left without names, and injects all the same: what it says is shown if it fails.
  execFileSync(node.file, [postject, file, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse], {
    stdio: 'pipe',
  });
  rmSync(blob);
}

function makeLicences(packages: readonly BundledPackage[], node: NodeRuntime): string {
  const rule = '='.repeat(78);
  const parts = [
    `icspd contains Node.js and the npm packages below. Their licences:\n`,
    ...packages.map(
      ({ name, version: its, licence, licenceText }) =>
        `${rule}\n${name} ${its} (${licence})\n${rule}\n\n${licenceText.trim()}\n`,
    ),
    `${rule}\nNode.js ${node.version}\n${rule}\n\n${node.licenceText.trim()}\n`,
  ];
  return parts.join('\n');
}

/** What the spec includes: the licence of the whole, and what a search for vulnerable packages looks for. */
function makeTags(packages: readonly BundledPackage[], node: NodeRuntime): string {
  const licences = new Set(['Apache-2.0', ...nodeLicences, ...packages.map(({ licence }) => licence)]);
  const provides = [
    ...packages.map((entry) => `bundled(npm(${entry.name})) = ${entry.version}`),
    `bundled(nodejs) = ${node.version}`,
    ...Object.entries(node.libraries).map(([name, its]) => `bundled(${name}) = ${its.replaceAll('-', '+')}`),
  ];
  return [
    `License: ${[...licences].sort().join(' AND ')}`,
    ...provides.map((name) => `Provides: ${name}`),
    '',
  ].join('\n');
}

const node = findNode(root);
const metafile = JSON.parse(readFileSync(join(dist, 'icspd.meta.json'), 'utf8')) as Metafile;
const packages = listBundled(root, metafile);
const epoch = Number(process.env['SOURCE_DATE_EPOCH'] ?? 0);

rmSync(target, { recursive: true, force: true });
mkdirSync(target);
makeExecutable(node);
writeFileSync(join(target, 'launcher'), makeLauncher('exec @libexecdir@/icspd/icspd "$@"\n'), {
  mode: 0o755,
});
writeFileSync(join(target, 'LICENSES.bundled.txt'), makeLicences(packages, node));
writeFileSync(
  join(target, 'icspd.cdx.json'),
  `${JSON.stringify(makeSbom(version, packages, node, epoch), null, 2)}\n`,
);
writeFileSync(join(target, 'tags.inc'), makeTags(packages, node));
