// What the store of last accepted policies promises.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import type { LastAccepted } from '../../src/agent/ports.ts';
import { openAccepted } from '../../src/host/accepted.ts';
import { digest } from '../../src/host/digest.ts';
import { HostError } from '../../src/host-error.ts';
import { emptyState } from './state.ts';

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
  t.is(store.read().files.size, 0);
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
      const read = openAccepted(paths, trust).read().files;
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
  t.is(store.read().files.size, 0);
});

test('One byte changed, missing or too many anywhere is told; what is whole counts, what was there is kept', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  store.write(accepted({ '/a': 'one', '/b': 'two' }));
  const file = join(paths.schemaDir, 'accepted-policies');
  const good = readFileSync(file);
  for (const [bad, whole] of [
    [good.subarray(0, -1), ['/a']],
    [Buffer.concat([good, Buffer.from('x')]), ['/a', '/b']],
    [flipLast(good), ['/a']],
    [Buffer.alloc(0), []],
    [Buffer.alloc(good.length), []],
  ] as const) {
    writeFileSync(file, bad);
    const { files, damage } = store.read();
    t.is(damage?.id, 'ICSP329');
    t.deepEqual([...files.keys()].map((path) => path.replace(paths.root, '')).sort(), [...whole]);
    store.write(accepted({ '/a': 'one', '/b': 'two' }));
    t.deepEqual(readFileSync(file), good);
    t.deepEqual(readFileSync(`${file}.damaged`), Buffer.from(bad));
    t.is(store.read().damage, null);
  }
});

const foreign: readonly (readonly [string, (file: string) => void])[] = [
  ['a sparse file of gigabytes', (file) => truncateSync(file, 3 * 2 ** 30)],
  ['a FIFO', (file) => (rmSync(file), execFileSync('mkfifo', [file]))],
  [
    'a directory with something in it',
    (file) => (rmSync(file), mkdirSync(join(file, 'x'), { recursive: true })),
  ],
];

for (const [what, putThere] of foreign) {
  test(`${what} in its place is not read and does not block; it is set aside once, and the store is made anew`, (t) => {
    const { paths, trust } = emptyState(t);
    const store = openAccepted(paths, trust);
    const file = join(paths.schemaDir, 'accepted-policies');
    for (const content of ['one', 'two']) {
      store.write(accepted({ '/a': content }));
      putThere(file);
      t.like(store.read(), { files: new Map(), damage: { id: 'ICSP329', severity: 'warning' } });
      store.write(accepted({ '/a': content }));
      t.like(store.read(), { damage: null });
      t.is(store.read().files.size, 1);
      t.deepEqual(readdirSync(paths.schemaDir), ['accepted-policies', 'accepted-policies.damaged']);
    }
  });
}

test('What a newer version says of a file and of all of them stays as long as the file does', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  store.write(accepted({ '/a': 'one', '/b': 'two' }));
  const file = join(paths.schemaDir, 'accepted-policies');
  const [, ...contents] = readFileSync(file, 'utf8').split('\n');
  const index = indexIn(file);
  const newer = { ...index, of: 'v2', files: index.files.map((entry) => ({ ...entry, seal: 'x' })) };
  writeFileSync(file, [JSON.stringify(newer), ...contents].join('\n'));
  store.write(accepted({ '/a': 'one', '/b': 'changed' }));
  t.like(indexIn(file), { of: 'v2', files: [{ path: '/a', seal: 'x' }, { path: '/b' }] });
  t.false('seal' in (indexIn(file).files[1] ?? {}));
});

function indexIn(file: string): { readonly files: readonly object[] } {
  const [line = ''] = readFileSync(file, 'utf8').split('\n');
  return JSON.parse(line) as { readonly files: readonly object[] };
}

test('More than can be read again is not written, and what was there stays', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust, 1000);
  store.write(accepted({ '/a': 'one' }));
  const error = t.throws(() => store.write(accepted({ '/a': 'x'.repeat(1000) })), { instanceOf: HostError });
  t.is(error.findingName, 'stateUnreadable');
  t.is(String(store.read().files.get(`${paths.root}/a`)?.bytes), 'one');
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
  t.deepEqual([...openAccepted(paths, trust).read().files.keys()], [...built.keys()]);
});

test('Keys that a newer icspd put into the index stay, those of a file as long as its content stays', (t) => {
  const { paths, trust } = emptyState(t);
  const store = openAccepted(paths, trust);
  store.write(accepted({ '/a': 'a', '/b': 'b' }));
  const file = join(paths.schemaDir, 'accepted-policies');
  const [line = '', ...contents] = readFileSync(file, 'utf8').split('\n');
  const index = JSON.parse(line) as { files: object[] };
  const newer = {
    ...index,
    fleet: { wave: 2 },
    files: index.files.map((entry) => ({ ...entry, signed: 'yes' })),
  };
  writeFileSync(file, [JSON.stringify(newer), ...contents].join('\n'));
  const before = readFileSync(file);
  store.write(store.read().files);
  t.deepEqual(readFileSync(file), before);
  store.write(accepted({ '/a': 'a', '/b': 'other', '/c': 'c' }));
  t.like(JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? ''), {
    fleet: { wave: 2 },
    files: [
      { path: '/a', signed: 'yes' },
      { path: '/b', signed: undefined },
      { path: '/c', signed: undefined },
    ],
  });
  t.is(store.read().files.size, 3);
});
