// What the daemon leaves for those who ask whether it runs.
import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { announceDaemon, readDaemon } from '../../src/host/daemon.ts';
import { emptyState } from './state.ts';
import { put, putDirectory } from './tree.ts';

test('it runs from its announcement until that is withdrawn', (t) => {
  const { paths } = emptyState(t);
  t.deepEqual(readDaemon(paths), { isRunning: false, pid: null });
  const withdraw = announceDaemon(paths);
  t.deepEqual(readDaemon(paths), { isRunning: true, pid: process.pid });
  t.is(statSync(join(paths.runtimeDir, 'daemon')).mode & 0o7777, 0o644);
  withdraw();
  t.deepEqual(readDaemon(paths), { isRunning: false, pid: null });
  t.deepEqual(readdirSync(paths.runtimeDir), []);
});

test('a later process with the same pid is another one', (t) => {
  const { paths } = emptyState(t);
  put(paths.root, 'run/icspd/daemon', `${process.pid} 1\n`);
  t.deepEqual(readDaemon(paths), { isRunning: false, pid: null });
});

test('no link is written through, neither in the place of the file nor of one beside it', (t) => {
  const { paths } = emptyState(t);
  putDirectory(paths.root, 'run/icspd');
  const victim = put(paths.root, 'victim', 'content', 0o600);
  for (const name of ['daemon', 'daemon.new']) symlinkSync(victim, join(paths.runtimeDir, name));
  announceDaemon(paths);
  t.is(readFileSync(victim, 'utf8'), 'content');
  t.is(statSync(victim).mode & 0o7777, 0o600);
  t.true(lstatSync(join(paths.runtimeDir, 'daemon')).isFile());
  t.true(readDaemon(paths).isRunning);
});

test('a FIFO in its place does not block who asks', (t) => {
  const { paths } = emptyState(t);
  putDirectory(paths.root, 'run/icspd');
  execFileSync('mkfifo', [join(paths.runtimeDir, 'daemon')]);
  t.deepEqual(readDaemon(paths), { isRunning: false, pid: null });
});
