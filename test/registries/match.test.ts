import test from 'ava';
import fc from 'fast-check';
import { compareBytes } from '../../src/byte-order.ts';
import { matchingScopes, matchLength } from '../../src/registries/match.ts';
import { names, scopes } from './arbitraries.ts';

const rows: readonly (readonly [title: string, reference: string, scope: string, length: number])[] = [
  ['a scope matches itself', 'a.com/b', 'a.com/b', 7],
  ['a scope matches what follows a slash', 'a.com/b/c', 'a.com/b', 7],
  ['a scope matches a tag and a digest of itself', 'a.com/b:1', 'a.com/b', 7],
  ['a scope does not match half a component', 'a.com/bc', 'a.com/b', -1],
  ['a host also matches itself with a port', 'a.com:5000/b', 'a.com', 5],
  ['a longer scope does not match', 'a.com', 'a.com/b', -1],
  ['an empty scope matches nothing', 'a.com/b', '', -1],
  ['a wildcard matches a host below', 'x.a.com/b', '*.a.com', 7],
  ['a wildcard matches hosts further below', 'y.x.a.com/b', '*.a.com', 9],
  ['a wildcard does not match its own domain', 'a.com/b', '*.a.com', -1],
  ['a wildcard does not match in the path', 'b.org/x.a.com', '*.a.com', -1],
  ['a wildcard matches with a port', 'x.a.com:5000/b', '*.a.com', 7],
  [
    'only the first occurrence counts, even if it does not match',
    'a.example.community.example.com/b',
    '*.example.com',
    -1,
  ],
  [
    'only the first occurrence counts, even if a later one would match',
    'x.a.com.a.com/b',
    '*.a.com.a.com',
    13,
  ],
  ['the first of two occurrences ends too early', 'x.a.com.a.com/b', '*.a.com', -1],
];

for (const [title, reference, scope, length] of rows) {
  test(title, (t) => {
    t.is(matchLength(reference, scope), length);
    t.deepEqual(matchingScopes(reference, new Set([scope])), length === -1 ? [] : [scope]);
  });
}

test('the longest scope wins, and a wildcard beats a literal of its length', (t) => {
  const known = new Set(['b.foo.com', '*.foo.com', '*.com', 'b.foo.com/x']);
  t.deepEqual(matchingScopes('b.foo.com/x/y', known), ['b.foo.com/x', '*.foo.com', 'b.foo.com', '*.com']);
});

test('the index finds what a scan over all scopes finds', (t) => {
  fc.assert(
    fc.property(names, fc.uniqueArray(scopes), (name, known) => {
      const scanned = known
        .filter((scope) => matchLength(name, scope) !== -1)
        .sort((a, b) => b.length - a.length || compareBytes(a, b));
      t.deepEqual(matchingScopes(name, new Set(known)), scanned);
    }),
  );
});
