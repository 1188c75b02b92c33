// What the store of last accepted policies promises.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { LastAccepted } from '../../src/agent/ports.ts';
import { openAccepted } from '../../src/host/accepted.ts';
import { digest } from '../../src/host/digest.ts';
import { HostError } from '../../src/host-error.ts';
import { emptyState } from './state.ts';
import { putDirectory } from './tree.ts';

/** Files by name, below a root or not. */
function accepted(
  files: Readonly<Record<string, string | Uint8Array>>,
  root = '',
): Map<string, LastAccepted> {
  return new Map(
    Object.entries(files).map(([name, content]) => {
      const path = `${root}${name}`;
      const bytes = Buffer.from(content);
      return [path, { path, bytes, digest: digest(bytes), since: '2030-01-01T00:00:00.000Z' }];
    }),
  );
}

test('Nothing is stored before something was accepted', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  t.is(store.read().size, 0);
  store.write(new Map());
  t.false(existsSync(paths.stateDir));
});

test('What was written is read back, whatever the bytes', (t) => {
  const { paths, trust } = emptyState(t);
  const contents = fc.dictionary(fc.string({ unit: 'binary' }), fc.uint8Array({ maxLength: 200 }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(contents, (files) => {
      openAccepted(paths, trust).write(accepted(files, `${paths.root}/`));
      const read = openAccepted(paths, trust).read();
      const names = Object.keys(files).map((name) => `${paths.root}/${name}`);
      t.deepEqual([...read.keys()].sort(), names.sort());
      for (const [name, content] of Object.entries(files)) {
        t.true(
          Buffer.from(content).equals(read.get(`${paths.root}/${name}`)?.bytes ?? Buffer.from('missing')),
        );
      }
    }),
    { numRuns: 30 },
  );
});

test('Writing the same again does not touch the file', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  store.write(accepted({ '/b': 'two', '/a': 'one' }));
  const before = statSync(join(paths.schemaDir, 'accepted-policies')).ino;
  store.write(accepted({ '/a': 'one', '/b': 'two' }));
  t.is(statSync(join(paths.schemaDir, 'accepted-policies')).ino, before);
});

test('The last file that goes leaves an empty store', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  store.write(accepted({ '/a': 'one' }));
  store.write(new Map());
  t.is(store.read().size, 0);
});

test('One byte changed, missing or too many anywhere is noticed', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  store.write(accepted({ '/a': 'one', '/b': 'two' }));
  const file = join(paths.schemaDir, 'accepted-policies');
  const good = readFileSync(file);
  for (const bad of [
    good.subarray(0, -1),
    Buffer.concat([good, Buffer.from('x')]),
    Buffer.alloc(0),
    flipLast(good),
  ]) {
    writeFileSync(file, bad);
    t.throws(() => store.read(), { instanceOf: HostError });
  }
  store.write(accepted({ '/a': 'one' }));
  t.is(store.read().size, 1);
});

test('A sparse file of gigabytes is not read, and the error says what to do', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  store.write(accepted({ '/a': 'one' }));
  truncateSync(join(paths.schemaDir, 'accepted-policies'), 3 * 2 ** 30);
  for (const use of [() => store.read(), () => store.write(new Map())]) {
    const error = t.throws(use, { instanceOf: HostError });
    t.is(error.findingName, 'stateUnreadable');
    t.true(error.message.includes(String(3 * 2 ** 30)));
    t.regex(error.help, /move it away/);
  }
});

test('A FIFO in its place does not block', (t) => {
  const { paths, trust } = emptyState(t);
  putDirectory(paths.root, 'var/lib/icspd/v1');
  execFileSync('mkfifo', [join(paths.schemaDir, 'accepted-policies')]);
  const error = t.throws(() => openAccepted(paths, trust).read(), { instanceOf: HostError });
  t.is(error.findingName, 'stateUnreadable');
});

test('More than can be read again is not written, and what was there stays', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust, 1000);
  store.write(accepted({ '/a': 'one' }));
  const error = t.throws(() => store.write(accepted({ '/a': 'x'.repeat(1000) })), { instanceOf: HostError });
  t.is(error.findingName, 'stateUnreadable');
  t.is(String(store.read().get(`${paths.root}/a`)?.bytes), 'one');
});

function flipLast(bytes: Uint8Array): Uint8Array {
  const flipped = Buffer.from(bytes);
  flipped[flipped.length - 1] = 0;
  return flipped;
}

test('What was accepted below another root has the names of the running system that the tree becomes', (t) => {
  const { paths, trust } = emptyState(t);
  const built = accepted({ '/etc/icsp.d/a.yaml': 'content' }, paths.root);
  openAccepted(paths, trust).write(built);
  const [index] = readFileSync(join(paths.schemaDir, 'accepted-policies'), 'utf8').split('\n');
  t.like(JSON.parse(index ?? ''), { files: [{ path: '/etc/icsp.d/a.yaml' }] });
  t.deepEqual([...openAccepted(paths, trust).read().keys()], [...built.keys()]);
});
