import test from 'ava';
import { makeReadingCache } from '../../src/agent/reading-cache.ts';

const bytes = new TextEncoder().encode('kind: List\napiVersion: v1\nitems: []\n');

test('a file that is the same as at the look before is not parsed again', (t) => {
  const look = makeReadingCache();
  const first = look()('/a.yaml', bytes, 'd1');
  t.is(look()('/a.yaml', bytes, 'd1'), first);
});

test('another content or another path is parsed', (t) => {
  const look = makeReadingCache();
  const first = look()('/a.yaml', bytes, 'd1');
  const second = look();
  t.not(second('/a.yaml', bytes, 'd2'), first);
  t.not(second('/b.yaml', bytes, 'd1'), first);
});

test('what a look did not ask for is forgotten', (t) => {
  const look = makeReadingCache();
  const first = look()('/a.yaml', bytes, 'd1');
  look();
  t.not(look()('/a.yaml', bytes, 'd1'), first);
});
