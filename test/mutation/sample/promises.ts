// What is promised of sample.ts: less than it should be. Not named as a test, so that only harness.test.ts runs it.
import test from 'ava';
import { add, countDown, numberOf } from './sample.ts';

test('words are numbers', (t) => {
  t.is(numberOf('two'), 2);
  t.is(numberOf('three'), 0);
});

test('a countdown ends at nought', async (t) => {
  await Promise.resolve();
  t.is(countDown(3), 0);
  t.is(countDown(-1), -1);
});

test('a sum is a number, whichever', (t) => {
  t.is(typeof add(2, 3), 'number');
});
