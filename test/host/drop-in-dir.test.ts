// Which drop-ins the runtime reads, and in which order.
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { openDropIns, readConfDirectory } from '../../src/host/drop-in-dir.ts';
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

test('A directory that is a link is not entered, which is told', (t) => {
  const root = emptyTree(t);
  put(root, 'srv/d/a.conf', '');
  putDirectory(root, 'etc/containers');
  symlinkSync('/srv/d', join(root, directory));
  t.deepEqual(readAll(root), { files: [], dangling: [] });
  const at = openDropIns({ root, registriesConfDir: join(root, directory) });
  t.deepEqual(
    at.read(null).findings.map(({ id, file, message }) => `${id} ${file ?? ''} ${message}`),
    [
      `ICSP366 ${join(root, directory)} this is a link, so that CRI-O reads no drop-in from it, and says nothing`,
    ],
  );
});

test('A file in the place of the directory is told; one whose name ends in .conf is a drop-in itself', (t) => {
  const root = emptyTree(t);
  put(root, 'etc/d', '');
  put(root, 'etc/x.conf', 'alone');
  symlinkSync('x.conf', join(root, 'etc/link.conf'));
  symlinkSync('missing', join(root, 'etc/nowhere.conf'));
  const at = openDropIns({ root, registriesConfDir: join(root, directory) });
  const show = (told: string): readonly string[] => {
    const { files, dangling, findings } = at.read(told);
    const words = files.map(({ path, bytes }) => `${path} ${new TextDecoder().decode(bytes)}`);
    return [...words, ...dangling, ...findings.map(({ message }) => message)].map((text) =>
      text.replace(root, ''),
    );
  };
  t.deepEqual(show('/etc/d'), [
    'this is no directory, so that CRI-O reads no drop-in from it, and says nothing',
  ]);
  t.deepEqual(show('/etc/x.conf'), ['/etc/x.conf alone']);
  t.deepEqual(show('/etc/link.conf'), ['/etc/link.conf alone']);
  t.deepEqual(show('/etc/nowhere.conf'), ['/etc/nowhere.conf']);
  t.deepEqual(show('/etc/missing.conf'), []);
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
