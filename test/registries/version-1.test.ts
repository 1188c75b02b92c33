// A file of version 1 in the words of version 2: what is told to be written means the same.
import test from 'ava';
import { convertVersion1, readVersion1 } from '../../src/registries/version-1.ts';
import { read } from './build.ts';

const list = (...registries: string[]): { registries: string[] } => ({ registries });

test('search, insecure and block become what they are in version 2; a registry in both lists is one table', (t) => {
  const lines = convertVersion1({
    search: list('s.com', 't.com'),
    insecure: list('a.com', 'b.com:5000'),
    block: list('b.com:5000', 'c.com/x'),
  });
  const conf = read((lines ?? '').replace(' and ', '\n'));
  t.deepEqual(conf.searchRegistries, ['s.com', 't.com']);
  t.deepEqual(
    conf.registries.map(({ location, insecure, blocked }) => [location, insecure, blocked]),
    [
      ['a.com', true, false],
      ['b.com:5000', true, true],
      ['c.com/x', false, true],
    ],
  );
});

test('nothing is shown of lists that are empty, absent, of another type or too long', (t) => {
  t.is(convertVersion1({}), null);
  t.is(convertVersion1('x'), null);
  t.is(convertVersion1({ search: list(), insecure: {}, block: 'x' }), null);
  t.is(convertVersion1({ search: { registries: 1 }, block: { registries: [1] } }), null);
  t.is(convertVersion1({ block: list(...Array.from({ length: 13 }, (_, i) => `r${i}.com`)) }), null);
});

test('what is shown is harmless on a terminal and holds no password', (t) => {
  t.is(
    convertVersion1({ search: list('a\u001b[2J', 'user:secret@a.com') }),
    'unqualified-search-registries = ["a\\u001b[2J", "user:***@a.com"]',
  );
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test('a whole file of version 1 is read as the file of version 2 that says the same', (t) => {
  const old = `[registries.search]
registries = ["s.com"]
[registries.insecure]
registries = ["a.com"]
[registries.block]
registries = ["a.com", "c.com"]
`;
  const now = `unqualified-search-registries = ["s.com"]
[[registry]]
location = "a.com"
insecure = true
blocked = true
[[registry]]
location = "c.com"
blocked = true
`;
  t.deepEqual(readVersion1(bytes(old), 'f'), read(now));
});

const noVersion1: readonly (readonly [title: string, toml: string])[] = [
  ['one of version 2', '[[registry]]\nlocation = "a.com"\n'],
  ['one of both', '[[registry]]\nlocation = "a.com"\n[registries.search]\nregistries = []\n'],
  ['one with a list of its own', '[registries.other]\nregistries = []\n'],
  ['one with a list of numbers', '[registries.search]\nregistries = [1]\n'],
  ['no TOML', '['],
];

for (const [title, toml] of noVersion1)
  test(`no file of version 1: ${title}`, (t) => t.is(readVersion1(bytes(toml), 'f'), null));
