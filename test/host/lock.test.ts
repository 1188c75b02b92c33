// One at a time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import test from 'ava';
import { HostError } from '../../src/host-error.ts';
import { openLock } from '../../src/host/lock.ts';
import { emptyState } from './state.ts';

test('The work is done, its result returned, and the file is for its owner alone', async (t) => {
  const { paths } = emptyState(t);
  t.is(await openLock(paths).hold(1000, () => Promise.resolve(7)), 7);
  t.is(statSync(paths.lock).mode & 0o7777, 0o600);
  t.is(statSync(paths.stateDir).mode & 0o7777, 0o700);
});

test('Two never work at the same time, and both get their turn', async (t) => {
  const { paths } = emptyState(t);
  let working = 0;
  const work = async () => {
    working += 1;
    t.is(working, 1);
    await new Promise((resolve) => setImmediate(resolve));
    working -= 1;
  };
  await Promise.all([openLock(paths).hold(10_000, work), openLock(paths).hold(10_000, work)]);
});

test('Who waits in vain learns who holds it', async (t) => {
  const { paths } = emptyState(t);
  await openLock(paths).hold(1000, async () => {
    const error = await t.throwsAsync(
      openLock(paths).hold(0, () => Promise.resolve()),
      { instanceOf: HostError },
    );
    t.is(error.findingName, 'lockHeld');
    t.true(error.message.includes(`process ${process.pid} ("icspd`), error.message);
  });
});

test('It is free again after work that failed', async (t) => {
  const { paths } = emptyState(t);
  const lock = openLock(paths);
  await t.throwsAsync(
    lock.hold(1000, () => Promise.reject(new Error('work failed'))),
    { message: 'work failed' },
  );
  t.is(await lock.hold(0, () => Promise.resolve('free')), 'free');
});

test('It is free again after its holder was killed', async (t) => {
  const { paths } = emptyState(t);
  const module = new URL('../../src/host/lock.ts', import.meta.url).href;
  const script = `
    const { openLock } = await import('${module}');
    await openLock({ root: '${paths.root}', lock: '${paths.lock}' }).hold(1000, async () => {
      console.log('held');
      await new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(holder.stdout, 'data');
  const error = await t.throwsAsync(
    openLock(paths).hold(0, () => Promise.resolve()),
    { instanceOf: HostError },
  );
  t.true(error.message.includes(`process ${holder.pid ?? ''} `));
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  t.is(await openLock(paths).hold(0, () => Promise.resolve('free')), 'free');
  t.true(readFileSync(paths.lock, 'utf8').startsWith(`${process.pid} icspd`));
});
