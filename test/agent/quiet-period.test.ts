import test from 'ava';
import { makeQuietPeriod } from '../../src/agent/quiet-period.ts';
import { makeFakeClock } from '../fake-clock.ts';

const times = { quietMs: 50, maxMs: 1_000 };

test('one hint is answered after the quiet period', (t) => {
  const clock = makeFakeClock();
  let calls = 0;
  makeQuietPeriod(clock, times, () => (calls += 1)).hint();
  clock.advance(49);
  t.is(calls, 0);
  clock.advance(1);
  t.is(calls, 1);
});

test('a burst of hints is answered once, when it is over', (t) => {
  const clock = makeFakeClock();
  let calls = 0;
  const quiet = makeQuietPeriod(clock, times, () => (calls += 1));
  for (let i = 0; i < 10; i += 1) {
    quiet.hint();
    clock.advance(40);
  }
  t.is(calls, 0);
  clock.advance(10);
  t.is(calls, 1);
});

test('a burst that never ends is answered at the latest after the maximum, again and again', (t) => {
  const clock = makeFakeClock();
  let calls = 0;
  const quiet = makeQuietPeriod(clock, times, () => (calls += 1));
  for (let elapsedMs = 0; elapsedMs < 3_100; elapsedMs += 20) {
    quiet.hint();
    clock.advance(20);
  }
  t.is(calls, 3);
});

test('hints further apart than the quiet period, but many, are answered ever later', (t) => {
  const clock = makeFakeClock();
  let calls = 0;
  const quiet = makeQuietPeriod(clock, times, () => (calls += 1));
  for (let file = 0; file < 16; file += 1) {
    quiet.hint();
    clock.advance(60);
  }
  t.is(calls, 1);
  clock.advance(1_000);
  t.is(calls, 2);
});

test('after a calm as long as the maximum, one hint is answered after the quiet period again', (t) => {
  const clock = makeFakeClock();
  let calls = 0;
  const quiet = makeQuietPeriod(clock, times, () => (calls += 1));
  quiet.hint();
  clock.advance(60);
  quiet.hint();
  clock.advance(200);
  t.is(calls, 2);
  clock.advance(1_000);
  quiet.hint();
  clock.advance(50);
  t.is(calls, 3);
});

test('a cancelled quiet period stays silent', (t) => {
  const clock = makeFakeClock();
  const quiet = makeQuietPeriod(clock, times, () => t.fail());
  quiet.hint();
  quiet.cancel();
  clock.advance(5_000);
  t.pass();
});
