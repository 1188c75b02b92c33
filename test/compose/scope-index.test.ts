// The index gives what looking at each scope would give.
import test from 'ava';
import fc from 'fast-check';
import { ScopeIndex } from '../../src/compose/scope-index.ts';
import { isNested } from '../../src/compose/scope.ts';
import { matchingScopes } from '../../src/registries/match.ts';
import { names, scopes as anyScopes } from '../registries/arbitraries.ts';

function indexOf(scopes: readonly string[]): ScopeIndex<string> {
  return new ScopeIndex(new Map(scopes.map((scope) => [scope, scope])));
}

const matching = [
  ['the longest scope comes first', 'a.com/x/y', ['a.com', 'a.com/x'], ['a.com/x', 'a.com']],
  ['a bare host also matches where a port follows', 'a.com:1/x', ['a.com'], ['a.com']],
  ['at equal length the wildcard comes first', 'b.a.com/x', ['b.a.com', '*.a.com'], ['*.a.com', 'b.a.com']],
  [
    'a longer literal comes before the wildcard',
    'bb.a.com',
    ['*.a.com', 'bb.a.com'],
    ['bb.a.com', '*.a.com'],
  ],
  ['only the first occurrence of a domain counts', 'x.a.com.a.com', ['*.a.com'], []],
  ['a component that goes on is another one', 'a.com/xy', ['a.com/x'], []],
  ['nothing matches another host', 'b.com/x', ['a.com', '*.c.com'], []],
] as const;

for (const [title, name, scopes, expected] of matching) {
  test(title, (t) => {
    t.deepEqual(indexOf(scopes).matching(name), expected);
  });
}

const host = fc.constantFrom('a.com', 'b.a.com', 'c.b.a.com', '*.a.com', '*.com', '*.b.a.com', 'a.com:1');
const path = fc.constantFrom('', '', '/x', '/x/y', '/xy', '/x/y/z');
const scope = fc.tuple(host, path).map(([h, p]) => (h.startsWith('*') ? h : h + p));

test('around gives all scopes that nesting gives, most specific first', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(scope), scope, (scopes, inner) => {
      const expected = scopes
        .filter((outer) => outer !== inner && isNested(inner, outer))
        .sort((a, b) => b.length - a.length || (a.startsWith('*') ? -1 : 1));
      const index = indexOf(scopes);
      t.deepEqual(index.around(inner), expected);
      t.is(index.covers(inner), expected.length > 0 || scopes.includes(inner));
    }),
    { numRuns: 300 },
  );
});

test('matching agrees with the search that explains pulls, for any name and any scopes', (t) => {
  fc.assert(
    fc.property(names, fc.uniqueArray(anyScopes), (name, scopes) => {
      t.deepEqual(indexOf(scopes).matching(name), matchingScopes(name, new Set(scopes)));
    }),
    { numRuns: 1000 },
  );
});

test('matching agrees with that search where scopes are close to each other', (t) => {
  fc.assert(
    fc.property(scope, fc.uniqueArray(scope), (name, scopes) => {
      fc.pre(!name.startsWith('*'));
      t.deepEqual(indexOf(scopes).matching(name), matchingScopes(name, new Set(scopes)));
    }),
    { numRuns: 1000 },
  );
});
