import test from 'ava';
import { validateRegistriesConf } from '../../src/registries/validate.ts';
import { read } from './build.ts';

function idsOf(text: string): readonly string[] {
  return validateRegistriesConf(read(text), 'test.conf').map(({ id }) => id);
}

const table = '[[registry]]\n';
const mirror = '[[registry.mirror]]\n';

const rules: readonly (readonly [title: string, text: string, ids: readonly string[]])[] = [
  ['a location with http:// is refused', `${table}location = "http://a.com"\n`, ['ICSP210']],
  [
    'a prefix with https:// is refused',
    `${table}prefix = "https://a.com"\nlocation = "a.com"\n`,
    ['ICSP210'],
  ],
  [
    'a mirror with a scheme is refused',
    `${table}location = "a.com"\n${mirror}location = "http://m.com"\n`,
    ['ICSP210'],
  ],
  [
    'a search registry with a scheme is refused',
    'unqualified-search-registries = ["https://a.com"]\n',
    ['ICSP210'],
  ],
  ['slashes are trimmed before the scheme is looked for', `${table}location = "http://"\n`, []],
  ['other schemes pass, since the library looks no further', `${table}location = "docker://a.com"\n`, []],
  ['neither prefix nor location is refused', `${table}insecure = true\n`, ['ICSP211']],
  ['a location of slashes alone is none', `${table}location = "//"\n`, ['ICSP211']],
  ['a prefix that is no wildcard needs a location', `${table}prefix = "a.com"\n`, ['ICSP212']],
  ['a wildcard prefix needs no location', `${table}prefix = "*.a.com"\n`, []],
  [
    'pull-from-mirror on a registry is refused',
    `${table}location = "a.com"\npull-from-mirror = "all"\n`,
    ['ICSP213'],
  ],
  ['a bare mirror table is refused', `${table}location = "a.com"\n${mirror}`, ['ICSP214']],
  [
    'mirror-by-digest-only excludes pull-from-mirror, even "all"',
    `${table}location = "a.com"\nmirror-by-digest-only = true\n${mirror}location = "m.com"\npull-from-mirror = "all"\n`,
    ['ICSP215'],
  ],
  [
    'values of pull-from-mirror are case-sensitive',
    `${table}location = "a.com"\n${mirror}location = "m.com"\npull-from-mirror = "Digest-Only"\n`,
    ['ICSP216'],
  ],
  [
    'tables of one location must agree about insecure, whatever their prefixes',
    `${table}prefix = "p.com"\nlocation = "a.com"\ninsecure = true\n${table}location = "a.com/"\n`,
    ['ICSP217'],
  ],
  [
    'tables of one location must agree about blocked',
    `${table}location = "a.com"\nblocked = true\n${table}location = "a.com"\n`,
    ['ICSP218'],
  ],
  [
    'wildcards without location are compared by prefix',
    `${table}prefix = "*.a.com"\nblocked = true\n${table}prefix = "*.a.com"\n`,
    ['ICSP218'],
  ],
  ['a search registry with a path is refused', 'unqualified-search-registries = ["a.com/b"]\n', ['ICSP219']],
  [
    'a search registry with an underscore is refused',
    'unqualified-search-registries = ["a_b.com"]\n',
    ['ICSP219'],
  ],
  ['an empty search registry is refused', 'unqualified-search-registries = [""]\n', ['ICSP219']],
  [
    'a search registry may end with a slash and have a port',
    'unqualified-search-registries = ["a.com/", "b:5000"]\n',
    [],
  ],
  ['short-name-mode prompt is refused', 'short-name-mode = "prompt"\n', ['ICSP220']],
  ['an empty short-name-mode passes', 'short-name-mode = ""\n', []],
  ['a wildcard with a path is refused', `${table}prefix = "*.a.com/b"\n`, ['ICSP221']],
  [
    'a wildcard with a port is refused once, though it stands twice',
    `${table}prefix = "*.a.com:1"\n${table}prefix = "*.a.com:1"\n`,
    ['ICSP221'],
  ],
  ['an alias name with a tag is refused', '[aliases]\n"a:1" = "r.com/a"\n', ['ICSP222']],
  ['an alias name with a registry is refused', '[aliases]\n"r.com/a" = "r.com/a"\n', ['ICSP222']],
  ['an alias value without registry is refused', '[aliases]\na = "b"\n', ['ICSP222']],
  ['an alias value with a tag is refused', '[aliases]\na = "r.com/b:1"\n', ['ICSP222']],
  ['an empty alias value erases and passes', '[aliases]\na = ""\n', []],
  [
    'of two conflicts that interleave, that of the location which stands first comes first',
    `${table}location = "a.com"\nblocked = true\n${table}location = "b.com"\n${table}location = "b.com"\ninsecure = true\n${table}location = "a.com"\n`,
    ['ICSP218', 'ICSP217'],
  ],
  [
    'errors come in the order in which the library finds them',
    `short-name-mode = "x"\nunqualified-search-registries = ["-"]\n${table}prefix = "*.a.com/b"\n${table}location = "http://c.com"\n[aliases]\na = "b"\n`,
    ['ICSP210', 'ICSP219', 'ICSP220', 'ICSP221', 'ICSP222'],
  ],
];

for (const [title, text, ids] of rules) {
  test(title, (t) => {
    t.deepEqual(idsOf(text), ids);
  });
}

test('every error names the value and the file, and has a remedy', (t) => {
  const [finding] = validateRegistriesConf(read(`${table}location = "http://a.com"\n`), 'test.conf');
  t.regex(finding?.message ?? '', /"http:\/\/a\.com"/);
  t.is(finding?.file, 'test.conf');
  t.not(finding?.help, '');
});
