// Several files, read as they were at one moment.
import { renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { glanceAt, readSteadily } from '../../src/host/steady.ts';
import { emptyTree, put, putDirectory } from './tree.ts';

/** Reads a world that changes during the first `changes` readings, and in which the first `misses` miss something. */
function readChanging(changes: number, misses: number): { readonly value: number; readonly isTorn: boolean } {
  let world = 0;
  let reads = 0;
  return readSteadily(
    () => String(world),
    (miss) => {
      reads += 1;
      if (reads <= changes) world += 1;
      if (reads <= misses) miss();
      return reads;
    },
  );
}

const rows: readonly (readonly [string, number, number, number, boolean])[] = [
  ['what stands still is read once', 0, 0, 1, false],
  ['what changed while it was read is read again', 1, 0, 2, false],
  ['what was gone after it was listed is looked for again, also where all looks as before', 0, 2, 3, false],
  ['what changes without end is taken as it was found in the last try', 99, 0, 5, false],
  ['what was gone once is whole where the last try found all', 99, 4, 5, false],
  ['what is gone each time is torn', 99, 99, 5, true],
];

for (const [title, changes, misses, value, isTorn] of rows) {
  test(title, (t) => t.deepEqual(readChanging(changes, misses), { value, isTorn }));
}

const changes: readonly (readonly [string, (root: string) => void])[] = [
  ['a new file', (root) => put(root, 'd/new', '')],
  ['a removed file', (root) => rmSync(join(root, 'd/a'))],
  ['a renamed file', (root) => renameSync(join(root, 'd/a'), join(root, 'd/c'))],
  ['another file under the same name', (root) => renameSync(put(root, 'd/b2', 'text'), join(root, 'd/b'))],
  ['a file that is written in place', (root) => writeFileSync(join(root, 'd/a'), 'longer text')],
  ['a file with another time', (root) => utimesSync(join(root, 'd/a'), 1, 1)],
  ['another file behind a link', (root) => renameSync(put(root, 'x', 'text'), join(root, 'target'))],
  ['another directory in its place', (root) => rmSync(join(root, 'd'), { recursive: true })],
];

for (const [title, change] of changes) {
  test(`a glance tells ${title}`, (t) => {
    const root = emptyTree(t);
    put(root, 'target', 'text');
    for (const name of ['a', 'b']) put(root, `d/${name}`, 'text');
    symlinkSync('../target', join(root, 'd/link'));
    const glance = (): string => glanceAt(join(root, 'd'), () => true);
    const before = glance();
    t.is(glance(), before);
    change(root);
    t.not(glance(), before);
  });
}

test('of a file whose name does not count only the name is told', (t) => {
  const root = emptyTree(t);
  const path = put(root, 'd/README', 'text');
  const glance = (): string => glanceAt(join(root, 'd'), () => false);
  const before = glance();
  writeFileSync(path, 'longer text');
  t.is(glance(), before);
});

test('a directory that is missing, or whose links lead in a circle, can be glanced at', (t) => {
  const root = emptyTree(t);
  putDirectory(root, 'd');
  symlinkSync('a', join(root, 'd/a'));
  t.notThrows(() => glanceAt(join(root, 'd'), () => true));
  t.is(
    glanceAt(join(root, 'missing'), () => true),
    'ENOENT',
  );
});
