// Runs StrykerJS, and has it judge again what its incremental mode would keep for good.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is read of the results of the last run; the rest is written back as it was. */
interface Results {
  readonly files: Readonly<Record<string, { mutants: readonly Judged[] }>>;
}

interface Judged {
  readonly status: string;
  readonly static?: boolean;
}

const root = join(import.meta.dirname, '../..');
const results = join(root, '.cache/mutation/incremental.json');
const stryker = join(root, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const config = join(import.meta.dirname, 'stryker.config.js');

if (existsSync(results)) forgetDoubtful(results);
const { status } = spawnSync(process.execPath, [stryker, 'run', config, ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
process.exitCode = status ?? 1;

/**
 * Which tests reach top-level code is not known, so that a new test would not count for it; and a mutant may have run out
 * of time for what else the machine did.
 */
function forgetDoubtful(path: string): void {
  const report = JSON.parse(readFileSync(path, 'utf8')) as Results;
  for (const file of Object.values(report.files)) {
    file.mutants = file.mutants.filter(
      ({ status, static: isStatic }) => status === 'Killed' || (status !== 'Timeout' && isStatic !== true),
    );
  }
  writeFileSync(path, JSON.stringify(report));
}
