import test from 'ava';
import { makeRateLimit } from '../src/rate-limit.ts';
import { makeFakeClock } from './fake-clock.ts';

const rate = { burst: 3, refillMs: 1_000 };

test('so many at once, then one more each time that the while has passed', (t) => {
  const clock = makeFakeClock();
  const limit = makeRateLimit(clock, rate);
  t.deepEqual(
    [1, 2, 3, 4].map(() => limit.take()),
    [true, true, true, false],
  );
  clock.advance(999);
  t.false(limit.take());
  clock.advance(1);
  t.deepEqual([limit.take(), limit.take()], [true, false]);
});

test('what has passed of a while is not lost by asking', (t) => {
  const clock = makeFakeClock();
  const limit = makeRateLimit(clock, rate);
  let taken = 0;
  for (let i = 0; i < 100; i += 1) {
    if (limit.take()) taken += 1;
    clock.advance(100);
  }
  t.is(taken, 12);
});

test('after a long time there are no more than at first', (t) => {
  const clock = makeFakeClock();
  const limit = makeRateLimit(clock, rate);
  limit.take();
  t.false(limit.isFull());
  clock.advance(3_600_000);
  t.true(limit.isFull());
  t.deepEqual(
    [1, 2, 3, 4].map(() => limit.take()),
    [true, true, true, false],
  );
});

test('a clock that is set back gives nothing, and goes on giving from there', (t) => {
  const clock = makeFakeClock();
  const limit = makeRateLimit(clock, rate);
  for (let i = 0; i < 3; i += 1) limit.take();
  clock.advance(-3_600_000);
  t.false(limit.take());
  clock.advance(1_000);
  t.true(limit.take());
});
