// Which drop-ins the runtime reads, and in which order.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { readConfDirectory } from '../../src/host/drop-in-dir.ts';
import { HostError } from '../../src/host-error.ts';
import { emptyTree, put, putDirectory } from './tree.ts';

const directory = 'etc/containers/registries.conf.d';
const readAll = (root: string) => readConfDirectory(join(root, directory), root);
const read = (root: string) => readAll(root).files;

test('A missing directory has no drop-ins', (t) => {
  t.deepEqual(read(emptyTree(t)), []);
});

test('Names that end in .conf count, hidden ones too, ordered by byte', (t) => {
  const root = emptyTree(t);
  const names = [
    'a.conf',
    'Z.conf',
    '2-b.conf',
    '10-a.conf',
    '.hidden.conf',
    '.conf',
    'x.CONF',
    'x.conf.bak',
    'readme',
  ];
  for (const name of names) put(root, `${directory}/${name}`, name);
  put(root, `${directory}/sub/s.conf`, '');
  mkdirSync(join(root, directory, 'dir.conf'));
  t.deepEqual(
    read(root).map(({ path }) => basename(path)),
    ['.conf', '.hidden.conf', '10-a.conf', '2-b.conf', 'Z.conf', 'a.conf'],
  );
});

test('A link to a file counts, inside the root; one that leads nowhere is named apart, since an old runtime fails on it', (t) => {
  const root = emptyTree(t);
  put(root, 'usr/share/x.conf', 'content');
  putDirectory(root, directory);
  symlinkSync('/usr/share/x.conf', join(root, directory, 'a.conf'));
  symlinkSync('/usr/share/missing', join(root, directory, 'b.conf'));
  symlinkSync('/usr/share/missing', join(root, directory, 'b.conf.rpmsave'));
  const [file, ...others] = read(root);
  t.is(file?.path, join(root, directory, 'a.conf'));
  t.is(new TextDecoder().decode(file?.bytes), 'content');
  t.deepEqual(others, []);
  t.deepEqual(readAll(root).dangling, [join(root, directory, 'b.conf')]);
});

test('A directory that is a link is not entered', (t) => {
  const root = emptyTree(t);
  put(root, 'srv/d/a.conf', '');
  putDirectory(root, 'etc/containers');
  symlinkSync('/srv/d', join(root, directory));
  t.deepEqual(readAll(root), { files: [], dangling: [] });
});

test('What the runtime would fail on is an error that names the drop-in', (t) => {
  const root = emptyTree(t);
  putDirectory(root, directory);
  putDirectory(root, 'srv');
  symlinkSync('/srv', join(root, directory, 'folder.conf'));
  const error = t.throws(() => read(root), { instanceOf: HostError });
  t.is(error.findingName, 'dropInUnreadable');
  t.is(error.path, join(root, directory, 'folder.conf'));
});

test('A FIFO is an error and does not block', (t) => {
  const root = emptyTree(t);
  putDirectory(root, directory);
  execFileSync('mkfifo', [join(root, directory, 'a.conf')]);
  t.throws(() => read(root), { instanceOf: HostError });
});

test('A drop-in that is renamed again and again is read, or is an error, but never absent', async (t) => {
  const root = emptyTree(t);
  const [from, to] = [put(root, `${directory}/a.conf`, 'text'), join(root, directory, 'b.conf')];
  const renaming = `
    const { renameSync } = require('node:fs');
    const { parentPort, workerData: [from, to] } = require('node:worker_threads');
    parentPort.postMessage('ready');
    for (;;) { renameSync(from, to); renameSync(to, from); }`;
  const worker = new Worker(renaming, { eval: true, workerData: [from, to] });
  t.teardown(async () => worker.terminate());
  await new Promise((resolve) => worker.once('message', resolve));
  for (let look = 0; look < 500; look += 1) {
    try {
      t.true(read(root).length >= 1);
    } catch (error) {
      t.true(error instanceof HostError && error.findingName === 'dropInUnreadable');
    }
  }
});
