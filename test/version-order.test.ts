// Which version is the newer one.
import test from 'ava';
import { compareVersions } from '../src/version-order.ts';

const ascending = [
  '0.1.0-alpha',
  '0.1.0-alpha.1',
  '0.1.0-alpha.beta',
  '0.1.0-beta.2',
  '0.1.0-beta.11',
  '0.1.0-rc.1',
  '0.1.0',
  '0.1.1',
  '0.2',
  '0.10.0',
  'v1.0.0',
  '1.30.14',
];

test('each version is newer than all before it, and none newer than itself', (t) => {
  for (const [i, a] of ascending.entries()) {
    for (const [j, b] of ascending.entries()) {
      t.is(Math.sign(compareVersions(a, b)), Math.sign(i - j), `${a} and ${b}`);
    }
  }
});

test('a missing part is 0, and what was built of it does not matter', (t) => {
  t.is(compareVersions('1.8', '1.8.0'), 0);
  t.is(compareVersions('1.29.13+ocp', '1.29.13'), 0);
});

test('what is no version is neither newer nor older', (t) => {
  for (const other of ['', 'x', '1.2.3.4', 'unknown', '-1']) {
    t.is(compareVersions(other, '1.0.0'), 0, other);
    t.is(compareVersions('1.0.0', other), 0, other);
  }
});
