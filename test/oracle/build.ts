// Builds the oracles, small Go programs around the real libraries, into .cache/oracle. Without Go: says so, and fails in CI.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildGo, haveGo } from './go.ts';
import { oracleDir, oracleNames, type OracleName } from './oracle.ts';

function say(sentence: string): void {
  process.stdout.write(`oracle: ${sentence}\n`);
}

/** image-5.22 is the program of image-5.38 on the library of that time, which had another name. */
function placeSources(name: OracleName): string {
  const at = join(oracleDir, `${name}.source`);
  rmSync(at, { recursive: true, force: true });
  cpSync(join(import.meta.dirname, name), at, { recursive: true });
  if (name === 'image-5.22') {
    const program = readFileSync(join(import.meta.dirname, 'image-5.38', 'main.go'), 'utf8');
    const older = program.replaceAll('"go.podman.io/image/v5/', '"github.com/containers/image/v5/');
    writeFileSync(join(at, 'main.go'), older);
  }
  return at;
}

function build(name: OracleName): void {
  if (buildGo(placeSources(name), join(oracleDir, name))) return;
  say(`building ${name} failed`);
  process.exitCode = 1;
}

mkdirSync(oracleDir, { recursive: true });
for (const name of oracleNames) rmSync(join(oracleDir, name), { force: true });
if (haveGo()) {
  oracleNames.forEach(build);
} else {
  say('there is no Go here (1.26 or later), so that nothing can be compared with the real libraries');
  if (process.env['CI'] === 'true') process.exitCode = 1;
}
