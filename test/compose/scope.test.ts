// Nesting, remainders and extension.
import test from 'ava';
import {
  extendLocation,
  hostOf,
  isBareHost,
  isNested,
  mostSpecificFirst,
  pathsAround,
  remainderOf,
  wildcardsAround,
} from '../../src/compose/scope.ts';

const nested = [
  ['a scope lies inside itself', 'a.com', 'a.com', true],
  ['a repository lies inside its registry', 'a.com/ns/img', 'a.com', true],
  ['a longer component is another one', 'a.com/ns2', 'a.com/ns', false],
  ['a longer host is another one', 'a.com.b.org', 'a.com', false],
  ['a port makes another registry', 'a.com:443', 'a.com', false],
  ['a host lies inside its wildcard', 'x.a.com', '*.a.com', true],
  ['a host some levels down lies inside the wildcard', 'x.y.a.com/ns', '*.a.com', true],
  ['a port is no matter for a wildcard', 'x.a.com:443/ns', '*.a.com', true],
  ['a narrower wildcard lies inside a wider one', '*.x.a.com', '*.a.com', true],
  ['the domain itself lies outside its wildcard', 'a.com', '*.a.com', false],
  ['a path that ends like the domain lies outside', 'b.org/x.a.com', '*.a.com', false],
  ['a path that ends like the domain before a colon lies outside', 'b.org/x.a.com:1', '*.a.com', false],
  ['a star that is not the first label is no wildcard', 'x.a.com', 'x.*.com', false],
] as const;

for (const [title, inner, outer, expected] of nested) {
  test(title, (t) => {
    t.is(isNested(inner, outer), expected);
  });
}

const hosts = [
  ['a.com', 'a.com'],
  ['a.com/ns', 'a.com'],
  ['a.com:443', 'a.com'],
  ['a.com:443/ns', 'a.com'],
  ['a.com/ns:tag', null],
] as const;

for (const [scope, expected] of hosts) {
  test(`the host of ${scope} is ${expected ?? 'none'}`, (t) => {
    t.is(hostOf(scope), expected);
  });
}

test('what a scope may lie in: its paths down to a length, and the wildcards of its host', (t) => {
  t.deepEqual(pathsAround('a.com/b/c', 0), ['a.com/b', 'a.com']);
  t.deepEqual(pathsAround('a.com/b/c', 7), ['a.com/b']);
  t.deepEqual(pathsAround('/a', 0), []);
  t.deepEqual(wildcardsAround('a.b.com'), ['*.b.com', '*.com']);
});

test('the longer scope is the more specific one, of equals the wildcard, and none counts twice', (t) => {
  t.deepEqual(mostSpecificFirst(['b.a.com', 'a.com'], ['*.a.com']), ['*.a.com', 'b.a.com', 'a.com']);
  t.deepEqual(mostSpecificFirst(['*.a.com'], ['*.a.com']), ['*.a.com']);
});

test('a host is bare without port and path', (t) => {
  t.deepEqual(['a.com', 'a.com:1', 'a.com/b'].map(isBareHost), [true, false, false]);
});

const remainders = [
  ['below a registry the path remains', 'a.com/ns', 'a.com', '/ns'],
  ['below a wildcard what follows the host remains', 'x.a.com/ns', '*.a.com', '/ns'],
  ['below a wildcard the port remains', 'x.a.com:1/ns', '*.a.com', ':1/ns'],
  ['of a narrower wildcard nothing remains', '*.x.a.com', '*.a.com', ''],
] as const;

for (const [title, inner, outer, expected] of remainders) {
  test(title, (t) => {
    t.is(remainderOf(inner, outer), expected);
  });
}

const extensions = [
  ['a path goes behind any location', 'm.x:80/r', '/ns', 'm.x:80/r/ns'],
  ['a port goes behind a bare host', 'm.x', ':1/ns', 'm.x:1/ns'],
  ['a port cannot go behind a port', 'm.x:80', ':1', null],
  ['a port cannot go behind a path', 'm.x/r', ':1', null],
] as const;

for (const [title, location, remainder, expected] of extensions) {
  test(title, (t) => {
    t.is(extendLocation(location, remainder), expected);
  });
}
