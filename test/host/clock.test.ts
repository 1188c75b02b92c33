import test from 'ava';
import { systemClock } from '../../src/host/clock.ts';

test('it calls back once', async (t) => {
  await new Promise<void>((resolve) => {
    const anchor = setInterval(() => undefined, 1000);
    systemClock.after(1, () => {
      clearInterval(anchor);
      resolve();
    });
  });
  t.pass();
});

test('a cancelled call never comes', async (t) => {
  const calls: string[] = [];
  const cancel = systemClock.after(0, () => calls.push('cancelled'));
  cancel();
  await new Promise((resolve) => setTimeout(resolve, 5));
  t.deepEqual(calls, []);
});

test('a delay that is too long for a timer does not fire at once', async (t) => {
  const calls: string[] = [];
  const cancel = systemClock.after(2 ** 40, () => calls.push('too early'));
  await new Promise((resolve) => setTimeout(resolve, 5));
  cancel();
  t.deepEqual(calls, []);
});

test('now is the time of day', (t) => {
  t.true(Math.abs(systemClock.now().getTime() - Date.now()) < 1000);
});
