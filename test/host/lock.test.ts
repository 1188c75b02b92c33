// One at a time.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, linkSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { HostError } from '../../src/host-error.ts';
import { openLock } from '../../src/host/lock.ts';
import { emptyState } from './state.ts';
import { put, putDirectory, testAsRoot } from './tree.ts';

test('The work is done, its result returned, and the file is for its owner alone', async (t) => {
  const { paths, trust } = emptyState(t);
  t.is(await openLock(paths, trust).hold(1000, () => Promise.resolve(7)), 7);
  t.is(statSync(paths.lock).mode & 0o7777, 0o600);
  t.is(statSync(paths.stateDir).mode & 0o7777, 0o700);
});

test('Two never work at the same time, and both get their turn', async (t) => {
  const { paths, trust } = emptyState(t);
  let working = 0;
  const work = async () => {
    working += 1;
    t.is(working, 1);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
  };
  await Promise.all([openLock(paths, trust).hold(10_000, work), openLock(paths, trust).hold(10_000, work)]);
});

test('Who waits in vain learns who holds it', async (t) => {
  const { paths, trust } = emptyState(t);
  await openLock(paths, trust).hold(1000, async () => {
    const error = await t.throwsAsync(
      openLock(paths, trust).hold(0, () => Promise.resolve()),
      { instanceOf: HostError },
    );
    t.is(error.findingName, 'lockHeld');
    t.true(error.message.includes(`process ${process.pid} ("icspd`), error.message);
  });
});

test('It is free again after work that failed', async (t) => {
  const { paths, trust } = emptyState(t);
  const lock = openLock(paths, trust);
  await t.throwsAsync(
    lock.hold(1000, () => Promise.reject(new Error('work failed'))),
    { message: 'work failed' },
  );
  t.is(await lock.hold(0, () => Promise.resolve('free')), 'free');
});

test('It is free again after its holder was killed', async (t) => {
  const { paths, trust } = emptyState(t);
  const module = new URL('../../src/host/lock.ts', import.meta.url).href;
  const script = `
    const { openLock } = await import('${module}');
    await openLock(${JSON.stringify(paths)}, ${JSON.stringify(trust)}).hold(1000, async () => {
      console.log('held');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const error = await t.throwsAsync(
    openLock(paths, trust).hold(0, () => Promise.resolve()),
    { instanceOf: HostError },
  );
  t.true(error.message.includes(`process ${holder.pid ?? ''} `));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  t.is(await openLock(paths, trust).hold(0, () => Promise.resolve('free')), 'free');
  t.true(readFileSync(paths.lock, 'utf8').startsWith(`${process.pid} icspd`));
});

test('A command that outlives its killed caller does not keep the lock', async (t) => {
  const { paths, trust } = emptyState(t);
  const module = (name: string) => new URL(`../../src/host/${name}.ts`, import.meta.url).href;
  const script = `
    const { openLock } = await import('${module('lock')}');
    const { runCommand } = await import('${module('command')}');
    await openLock(${JSON.stringify(paths)}, ${JSON.stringify(trust)}).hold(1000, async () => {
      await runCommand('sh', ['-c', 'sleep 60 & echo $! > "$0"', '${paths.root}/pid'], { timeoutMs: 10_000 });
      console.log('held');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const command = Number(readFileSync(join(paths.root, 'pid'), 'utf8'));
  t.teardown(() => process.kill(command, 'SIGKILL'));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  t.is(await openLock(paths, trust).hold(0, () => Promise.resolve('free')), 'free');
  t.notThrows(() => process.kill(command, 0), 'the command still runs');
});

/** Nobody gets to work, and the file keeps its bytes. */
async function isRefused(
  t: ExecutionContext,
  path: string,
  state: ReturnType<typeof emptyState>,
): Promise<void> {
  const before = existsSync(path) && statSync(path).isFile() ? readFileSync(path, 'utf8') : null;
  const mode = statSync(path).mode;
  const held = openLock(state.paths, state.trust).hold(0, () => Promise.resolve(t.fail()));
  const error = await t.throwsAsync(held, { instanceOf: HostError });
  t.is(error.findingName, 'untrustedState');
  t.not(error.help, '');
  t.is(statSync(path).mode, mode);
  if (before !== null) t.is(readFileSync(path, 'utf8'), before);
}

test('A FIFO in its place is refused and does not block', async (t) => {
  const state = emptyState(t);
  putDirectory(state.paths.root, 'var/lib/icspd');
  execFileSync('mkfifo', [state.paths.lock]);
  await isRefused(t, state.paths.lock, state);
});

test('A second name of some other file is refused, and that file stays as it is', async (t) => {
  const state = emptyState(t);
  putDirectory(state.paths.root, 'var/lib/icspd');
  linkSync(put(state.paths.root, 'victim', 'content', 0o644), state.paths.lock);
  await isRefused(t, state.paths.lock, state);
});

test('In a directory that others can write to nothing is opened', async (t) => {
  const state = emptyState(t);
  put(state.paths.root, 'var/lib/icspd/lock', 'content');
  chmodSync(state.paths.stateDir, 0o777);
  await isRefused(t, state.paths.lock, state);
});

test('A link to a place that others can write to is not followed', async (t) => {
  const state = emptyState(t);
  putDirectory(state.paths.root, 'var/lib/icspd');
  const path = put(state.paths.root, 'srv/open/lock', 'content');
  chmodSync(join(state.paths.root, 'srv/open'), 0o777);
  symlinkSync('/srv/open/lock', state.paths.lock);
  await isRefused(t, path, state);
});

testAsRoot('A file of somebody else is refused, and not written to', async (t) => {
  const state = emptyState(t);
  chownSync(put(state.paths.root, 'var/lib/icspd/lock', 'content'), 1000, 1000);
  await isRefused(t, state.paths.lock, state);
});

test('Of what a holder left only the beginning is read', async (t) => {
  const { paths, trust } = emptyState(t);
  await openLock(paths, trust).hold(1000, async () => {
    put(paths.root, 'var/lib/icspd/lock', `4711 ${'x'.repeat(100_000)}`, 0o600);
    const error = await t.throwsAsync(
      openLock(paths, trust).hold(0, () => Promise.resolve()),
      { instanceOf: HostError },
    );
    t.true(error.message.includes('process 4711') && error.message.length < 5000);
  });
});
