// Builds dist/program.js, one bundle of the program and all its packages, with its code cache and what esbuild knows of it
// (icspd.meta.json), dist/icspd.cjs, which starts it, dist/icspd, which does so with the pinned Node, and what is made from its tables.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { writeGenerated } from './generated.ts';
import { makeLauncher, nodeOptions } from './launcher.ts';
import { banner, footer } from './program.ts';

/** Runs the node beside it if there is one (an installed icspd), else the one that the project pins. */
const launcher = makeLauncher(`here=$(dirname "$(readlink -f "$0")")
for node in "$here/node" "$here/../node_modules/node/bin/node"; do
  [ -x "$node" ] && exec "$node" ${nodeOptions.join(' ')} "$here/icspd.cjs" "$@"
done
echo 'icspd: its Node.js is missing; install it again' >&2
exit 69
`);

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');
const options = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  logLevel: 'warning',
} as const;
await build({ ...options, entryPoints: ['packaging/start.ts'], outfile: 'dist/icspd.cjs' });
const { metafile } = await build({
  ...options,
  entryPoints: ['src/main.ts'],
  outfile: 'dist/program.js',
  banner: { js: banner },
  footer: { js: footer },
  minifySyntax: true,
  // What is smaller is read sooner and takes less memory; names stay, for the traces of errors.
  minifyWhitespace: true,
  legalComments: 'linked',
  metafile: true,
});
writeFileSync('dist/program.js', inAscii(readFileSync('dist/program.js', 'utf8')));
// The seed makes the tables in the cache come out the same each time; it is the one flag that V8 does not count.
execFileSync(process.execPath, [...nodeOptions, '--random-seed=1', 'packaging/code-cache.ts'], {
  stdio: 'pipe',
});
writeFileSync('dist/icspd.meta.json', JSON.stringify(metafile));
writeFileSync('dist/icspd', launcher);
chmodSync('dist/icspd', 0o755);
writeGenerated('dist');

/**
 * One character beyond Latin letters, and V8 holds the whole program in two bytes a character. esbuild leaves such only in
 * regular expressions, where an escape means the same.
 */
function inAscii(code: string): string {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
