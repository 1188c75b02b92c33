// What the baseline promises.
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import test from 'ava';
import { openBaseline } from '../../src/host/baseline.ts';
import { HostError } from '../../src/host-error.ts';
import { emptyState } from './state.ts';
import { put } from './tree.ts';

test('There is none before one is captured', (t) => {
  const { paths, trust } = emptyState(t);
  t.deepEqual(openBaseline(paths, trust).read(), { state: 'none' });
});

test('A captured file is read back byte for byte, and readable for all', (t) => {
  const { paths, trust } = emptyState(t);
  openBaseline(paths, trust).capture(Buffer.from('# mine\n'));
  const baseline = openBaseline(paths, trust).read();
  t.like(baseline, { state: 'captured', file: { path: paths.baseline } });
  t.is(readFileSync(paths.baseline, 'utf8'), '# mine\n');
  t.is(statSync(paths.baseline).mode & 0o7777, 0o644);
  t.deepEqual(readdirSync(paths.configDir), ['baseline.conf']);
});

test('That there was no file is captured as a stamp', (t) => {
  const { paths, trust } = emptyState(t);
  openBaseline(paths, trust).capture(null);
  t.deepEqual(openBaseline(paths, trust).read(), { state: 'absent' });
  t.deepEqual(readdirSync(paths.configDir), ['baseline.absent']);
});

for (const first of [Buffer.from('first'), null]) {
  for (const second of [Buffer.from('second'), null]) {
    const name = (bytes: Buffer | null) => (bytes === null ? 'absence' : 'file');
    test(`A captured ${name(first)} is never overwritten by a ${name(second)}`, (t) => {
      const { paths, trust } = emptyState(t);
      const baseline = openBaseline(paths, trust);
      baseline.capture(first);
      // Less the time of its last reading, which reading moves.
      const read = () => {
        const seen = baseline.read();
        return seen.state === 'captured' ? { state: seen.state, file: seen.file } : seen;
      };
      const before = read();
      t.throws(() => baseline.capture(second), { instanceOf: HostError });
      t.deepEqual(read(), before);
    });
  }
}

test('Where both are there, the file counts', (t) => {
  const { paths, trust } = emptyState(t);
  put(paths.root, 'etc/icspd/baseline.absent', '');
  put(paths.root, 'etc/icspd/baseline.conf', '# managed');
  t.like(openBaseline(paths, trust).read(), { state: 'captured' });
});

for (const name of ['baseline.conf', 'baseline.absent']) {
  test(`A ${name} that others can write is unusable, not absent`, (t) => {
    const { paths, trust } = emptyState(t);
    put(paths.root, `etc/icspd/${name}`, '', 0o666);
    t.like(openBaseline(paths, trust).read(), { state: 'unusable', finding: { id: 'ICSP001' } });
    const error = t.throws(() => openBaseline(paths, trust).capture(null), { instanceOf: HostError });
    t.regex(error.help, /^chmod/);
  });
}

for (const [what, first] of [
  ['a file', Buffer.from('first')],
  ['the stamp', null],
] as const) {
  test(`A replacement takes the place of ${what}, with the mode of registries.conf, and leaves nothing beside it`, (t) => {
    const { paths, trust } = emptyState(t);
    put(paths.root, 'etc/containers/registries.conf', 'theirs', 0o640);
    const baseline = openBaseline(paths, trust);
    baseline.capture(first);
    baseline.replace(Buffer.from('theirs'));
    t.is(readFileSync(paths.baseline, 'utf8'), 'theirs');
    t.is(statSync(paths.baseline).mode & 0o7777, 0o640);
    t.deepEqual(readdirSync(paths.configDir), ['baseline.conf']);
  });
}

test('A baseline that is a link is replaced itself; what it leads to is of somebody else', (t) => {
  const { paths, trust } = emptyState(t);
  const managed = put(paths.root, 'etc/icspd/managed.conf', 'first');
  symlinkSync('managed.conf', paths.baseline);
  openBaseline(paths, trust).replace(Buffer.from('theirs'));
  t.is(readFileSync(managed, 'utf8'), 'first');
  t.false(lstatSync(paths.baseline).isSymbolicLink());
  t.is(readFileSync(paths.baseline, 'utf8'), 'theirs');
});

test('A baseline that others can write is not replaced: somebody has to look at it first', (t) => {
  const { paths, trust } = emptyState(t);
  put(paths.root, 'etc/icspd/baseline.conf', 'first', 0o666);
  t.throws(() => openBaseline(paths, trust).replace(Buffer.from('theirs')), { instanceOf: HostError });
  t.is(readFileSync(paths.baseline, 'utf8'), 'first');
});
