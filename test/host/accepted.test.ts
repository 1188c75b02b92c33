// What the store of last accepted policies promises.
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { LastAccepted } from '../../src/agent/ports.ts';
import { openAccepted } from '../../src/host/accepted.ts';
import { digest } from '../../src/host/digest.ts';
import { HostError } from '../../src/host-error.ts';
import { emptyState } from './state.ts';

function accepted(files: Readonly<Record<string, string | Uint8Array>>): Map<string, LastAccepted> {
  return new Map(
    Object.entries(files).map(([path, content]) => {
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
      openAccepted(paths, trust).write(accepted(files));
      const read = openAccepted(paths, trust).read();
      t.deepEqual([...read.keys()].sort(), Object.keys(files).sort());
      for (const [path, content] of Object.entries(files)) {
        t.true(Buffer.from(content).equals(read.get(path)?.bytes ?? Buffer.from('missing')));
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

function flipLast(bytes: Uint8Array): Uint8Array {
  const flipped = Buffer.from(bytes);
  flipped[flipped.length - 1] = 0;
  return flipped;
}
