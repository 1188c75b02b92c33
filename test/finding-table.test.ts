// The table of findings itself: ids that mean one thing, stand where one looks for them, and are told by somebody.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { FINDINGS } from '../src/finding.ts';

const src = join(import.meta.dirname, '../src');
const table = 'finding-table.ts';

test('no id stands twice, and they ascend', (t) => {
  const ids = Object.values(FINDINGS).map(({ id }) => id);
  t.deepEqual(ids, [...new Set(ids)].sort());
});

test('an id stands below the heading of its hundred', (t) => {
  const [, ...sections] = readFileSync(join(src, table), 'utf8').split(/^ {2}\/\/ (?=\dxx: )/m);
  t.deepEqual(
    sections.map((section) => section.slice(0, 1)),
    ['0', '1', '2', '3', '4'],
  );
  let count = 0;
  for (const section of sections) {
    for (const [, id = ''] of section.matchAll(/'(ICSP\d+)'/g)) {
      t.regex(id, new RegExp(`^ICSP${section.slice(0, 1)}[0-9]{2}$`));
      count += 1;
    }
  }
  t.is(count, Object.keys(FINDINGS).length, 'each id was looked at');
});

test('every finding of the table is told somewhere', (t) => {
  const text = globSync('**/*.ts', { cwd: src })
    .filter((path) => path !== table)
    .map((path) => readFileSync(join(src, path), 'utf8'))
    .join('\n');
  t.deepEqual(
    Object.keys(FINDINGS).filter((name) => !new RegExp(`'${name}'|FINDINGS\\.${name}\\b`).test(text)),
    [],
  );
});
