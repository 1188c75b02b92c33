// Reading a regular file, and nothing else.
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { HostError } from '../../src/host-error.ts';
import { readRegularFile } from '../../src/host/read-file.ts';
import { emptyTree, put } from './tree.ts';

test('Content, owner and mode come together', (t) => {
  const path = put(emptyTree(t), 'a', Buffer.from([0, 255, 10]), 0o640);
  const { bytes, stats } = readRegularFile(path, 3);
  t.deepEqual(bytes, readFileSync(path));
  t.is(stats.mode & 0o7777, 0o640);
  t.is(stats.ino, statSync(path).ino);
});

test('One byte more than allowed is too much', (t) => {
  const path = put(emptyTree(t), 'a', 'four');
  const error = t.throws(() => readRegularFile(path, 3), { instanceOf: HostError });
  t.is(error.findingName, 'fileTooLarge');
});

test('A link is not followed', (t) => {
  const root = emptyTree(t);
  put(root, 'a', 'content');
  symlinkSync('a', join(root, 'b'));
  t.throws(() => readRegularFile(join(root, 'b'), 100), { instanceOf: HostError });
});

for (const path of ['/dev/null', '/dev/zero', '/', '/nowhere']) {
  test(`${path} is refused`, (t) => {
    t.throws(() => readRegularFile(path, 100), { instanceOf: HostError });
  });
}
