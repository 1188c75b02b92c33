// The directory of the state: where it may be, and what is done where it may not.
import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { HostError } from '../../src/host-error.ts';
import { openState } from '../../src/host/state-dir.ts';
import { emptyState } from './state.ts';
import { put, putDirectory } from './tree.ts';

for (const [what, isThere] of [
  ['a directory', true],
  ['nothing yet', false],
] as const) {
  test(`A link of root in its place, as to a larger disk, is followed to ${what}`, (t) => {
    const { paths, trust } = emptyState(t);
    putDirectory(paths.root, 'data');
    if (isThere) mkdirSync(join(paths.root, 'data/icspd'), { mode: 0o700 });
    putDirectory(paths.root, 'var/lib');
    symlinkSync('/data/icspd', paths.stateDir);
    const state = openState(paths, trust);
    state.write('current', '1\n');
    t.is(String(state.read('current')), '1\n');
    t.is(readFileSync(join(paths.root, 'data/icspd/v1/current'), 'utf8'), '1\n');
    t.is(statSync(join(paths.root, 'data/icspd')).mode & 0o7777, 0o700);
    t.true(lstatSync(paths.stateDir).isSymbolicLink());
  });
}

test('A link to where others can write is followed neither for reading nor for writing', (t) => {
  const { paths, trust } = emptyState(t);
  put(paths.root, 'tmp/icspd/v1/current', '1\n');
  chmodSync(join(paths.root, 'tmp/icspd'), 0o777);
  putDirectory(paths.root, 'var/lib');
  symlinkSync('/tmp/icspd', paths.stateDir);
  const state = openState(paths, trust);
  for (const act of [() => state.read('current'), () => state.write('current', '2\n')]) {
    const error = t.throws(act, { instanceOf: HostError });
    t.is(error.findingName, 'untrustedState');
    t.is(error.help, `chmod go-w ${paths.root}/tmp/icspd`);
  }
  t.is(readFileSync(join(paths.root, 'tmp/icspd/v1/current'), 'utf8'), '1\n');
});

test('A link out of the root is refused', (t) => {
  const { paths, trust } = emptyState(t);
  putDirectory(paths.root, 'var/lib');
  symlinkSync('../../../../../../../../tmp', paths.stateDir);
  t.throws(() => openState(paths, trust).write('current', '1\n'), { instanceOf: HostError });
});

test('A file in its place is named', (t) => {
  const { paths, trust } = emptyState(t);
  put(paths.root, 'var/lib/icspd', 'content');
  const state = openState(paths, trust);
  for (const act of [() => state.read('current'), () => state.write('current', '1\n')]) {
    const error = t.throws(act, { instanceOf: HostError });
    t.true(error.message.includes(paths.stateDir), error.message);
  }
});

test('A state that went away, as with a /var that lasts for one boot, begins anew', (t) => {
  const { paths, trust } = emptyState(t);
  const state = openState(paths, trust);
  state.write('current', '1\n');
  rmSync(dirname(paths.stateDir), { recursive: true });
  t.is(state.read('current'), null);
  t.deepEqual(state.list('generations'), []);
  state.write('current', '2\n');
  t.is(String(state.read('current')), '2\n');
});
