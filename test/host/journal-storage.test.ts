import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { readJournalStorage, type JournalStorage } from '../../src/host/journal-storage.ts';

const machine = '0123456789abcdef0123456789abcdef';

const rows: readonly (readonly [title: string, files: readonly string[], storage: JournalStorage])[] = [
  ['a journal in /var outlives a boot', [`var/log/journal/${machine}/system.journal`], 'persistent'],
  ['a journal in /run does not', [`run/log/journal/${machine}/system.journal`], 'volatile'],
  [
    'where an old one in /var stands beside the one in /run, the new entries are lost at the next boot',
    [`var/log/journal/${machine}/system.journal`, `run/log/journal/${machine}/system.journal`],
    'volatile',
  ],
  ['the journal of another machine is none of ours', ['var/log/journal/other/system.journal'], 'none'],
];

for (const [title, files, storage] of rows) {
  test(title, (t) => {
    const root = mkdtempSync(join(tmpdir(), 'icspd-journal-'));
    t.teardown(() => rmSync(root, { recursive: true }));
    for (const file of [...files, 'etc/machine-id']) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), `${machine}\n`);
    }
    t.is(readJournalStorage(root), storage);
  });
}

test('a system without a machine id has no journal', (t) => {
  t.is(readJournalStorage('/nonexistent'), 'none');
});
