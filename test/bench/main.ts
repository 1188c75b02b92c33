// Measures ours against its peers and prints one table. No figure fails the run: a benchmark, not a test.
// SIZE=small only shows that it works; it judges nothing. JSON=FILE writes the figures down, to compare them with those of another day.
import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, release } from 'node:os';
import { dirname } from 'node:path';
import type { Line, Row, Size } from './row.ts';
import { commandRow } from './rows/command.ts';
import { composeRow } from './rows/compose.ts';
import { daemonRow } from './rows/daemon.ts';
import { describeLines, formatTable } from './table.ts';

/** In the order of the table. */
const rows: readonly Row[] = [composeRow, commandRow, daemonRow];

function sizeOf(text: string | undefined): Size {
  if (text === undefined || text === '' || text === 'full') return 'full';
  if (text === 'small') return 'small';
  throw new Error(`SIZE is full or small, not ${text}`);
}

const size = sizeOf(process.env['SIZE']);
const lines: Line[] = [];
for (const { name, measure } of rows) {
  process.stderr.write(`bench: ${name}\n`);
  lines.push(...(await measure(size)));
}
process.stdout.write(formatTable(lines, size === 'full'));

const file = process.env['JSON'] ?? '';
if (file !== '') {
  const machine = { size, cpu: cpus()[0]?.model, cpus: cpus().length, arch: arch(), kernel: release() };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(
    file,
    `${JSON.stringify(describeLines(lines, { ...machine, node: process.version }), null, 2)}\n`,
  );
}
