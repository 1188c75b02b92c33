// Nesting, remainders and extension.
import test from 'ava';
import { extendLocation, isNested, remainderOf } from '../../src/compose/scope.ts';

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
