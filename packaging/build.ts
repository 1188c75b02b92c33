// Builds dist/icspd.cjs, one bundle of the program and all its packages with what esbuild knows of it (icspd.meta.json),
// dist/icspd, which runs it with the pinned Node, and what is made from its tables.
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { writeGenerated } from './generated.ts';
import { makeLauncher, nodeOptions } from './launcher.ts';

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
const { metafile } = await build({
  entryPoints: ['src/main.ts'],
  outfile: 'dist/icspd.cjs',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  minifySyntax: true,
  // What is smaller is read sooner and takes less memory; names stay, for the traces of errors.
  minifyWhitespace: true,
  legalComments: 'linked',
  logLevel: 'warning',
  metafile: true,
});
writeFileSync('dist/icspd.cjs', inAscii(readFileSync('dist/icspd.cjs', 'utf8')));
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
