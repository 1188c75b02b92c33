import test from 'ava';
import fc from 'fast-check';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { read } from './build.ts';

const file = '/etc/containers/registries.conf';

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function idsOf(bytes: Uint8Array): readonly string[] {
  return parseRegistriesConf(bytes, file).findings.map(({ id }) => id);
}

const refused: readonly (readonly [title: string, content: string | Uint8Array, id: string])[] = [
  ['bytes that are not UTF-8', new Uint8Array([0x23, 0xff, 0x0a]), 'ICSP200'],
  ['a byte order mark', '\ufeffshort-name-mode = "enforcing"\n', 'ICSP201'],
  ['a control character in a comment', '# \u0007\n', 'ICSP201'],
  ['a NUL byte', '# \0\n', 'ICSP201'],
  ['a carriage return without line feed', '# a\rb\n', 'ICSP201'],
  ['a line that is no TOML', 'unqualified-search-registries\n', 'ICSP202'],
  ['a key given twice', '[[registry]]\nlocation="a.com"\nlocation="b.com"\n', 'ICSP202'],
  ['a comma at the end of an inline table', 'registry = [{location = "a.com",}]\n', 'ICSP202'],
  ['nesting deeper than 64 levels', `x = ${'['.repeat(70)}${']'.repeat(70)}\n`, 'ICSP202'],
  ['an integer beyond 64 bits', 'x = 9223372036854775808\n', 'ICSP203'],
  ['a negative integer beyond 64 bits', 'x = -9_223_372_036_854_775_809\n', 'ICSP203'],
  ['a hexadecimal integer beyond 64 bits', 'x = 0x8000000000000000\n', 'ICSP203'],
  ['an integer beyond 64 bits in an array', 'x = [ 1, 9223372036854775808 ]\n', 'ICSP203'],
  ['a top-level key in another case', '[[Registry]]\nlocation="a.com"\n', 'ICSP204'],
  ['a registry key in another case', '[[registry]]\nLocation="a.com"\n', 'ICSP204'],
  [
    'a mirror key with a letter that folds to ASCII',
    '[[registry]]\nlocation="a.com"\n[[registry.mirror]]\n"in\u017fecure"=true\n',
    'ICSP204',
  ],
  ['a list of version 1, even an empty one', '[registries.search]\nregistries = []\n', 'ICSP205'],
  ['a list of version 1 written with dots', 'registries.block.registries = ["a.com"]\n', 'ICSP205'],
  ['single brackets around registry', '[registry]\nlocation="a.com"\n', 'ICSP206'],
  [
    'single brackets around registry.mirror',
    '[[registry]]\nlocation="a.com"\n[registry.mirror]\nlocation="b.com"\n',
    'ICSP206',
  ],
  ['a boolean in quotes', '[[registry]]\nlocation="a.com"\ninsecure="true"\n', 'ICSP206'],
  ['a location that is a number', '[[registry]]\nlocation=1\n', 'ICSP206'],
  ['a search list that is a string', 'unqualified-search-registries = "a.com"\n', 'ICSP206'],
  ['a search list of numbers', 'unqualified-search-registries = [1]\n', 'ICSP206'],
  ['an alias that is a table', '[aliases.a]\nb = "c.com/d"\n', 'ICSP206'],
  ['an auth helper that is a number', 'additional-layer-store-auth-helper = 1\n', 'ICSP206'],
];

for (const [title, content, id] of refused) {
  test(`refuses ${title}`, (t) => {
    const bytes = typeof content === 'string' ? encode(content) : content;
    const { conf, findings } = parseRegistriesConf(bytes, file);
    t.is(conf, null);
    t.is(findings[0]?.id, id);
    t.is(findings[0]?.severity, 'error');
    t.is(findings[0]?.file, file);
  });
}

test('points at the line and column of a syntax error', (t) => {
  const [finding] = parseRegistriesConf(encode('# fine\nshort-name-mode = enforcing\n'), file).findings;
  t.is(finding?.line, 2);
  t.is(finding?.excerpt, 'short-name-mode = enforcing');
});

test('points at the line of a number that is too big, not at digits in strings, comments or keys before it', (t) => {
  const digits = '99999999999999999999';
  const text = `# ${digits}\na = "${digits}"\nb = '''\n${digits}'''\n${digits} = 1\nc = ${digits}\n`;
  const [finding] = parseRegistriesConf(encode(text), file).findings;
  t.deepEqual([finding?.line, finding?.column], [6, 5]);
});

test('says that mixed arrays are a limit of icspd', (t) => {
  const [finding] = parseRegistriesConf(encode('x = [1, "a"]\n'), file).findings;
  t.regex(finding?.help ?? '', /does not read mixed arrays/);
});

test('says that a time of day is a limit of icspd', (t) => {
  const [finding] = parseRegistriesConf(encode('x = 12:00:00\ny = 1\n'), file).findings;
  t.regex(finding?.help ?? '', /does not read all of their forms/);
});

test('tells what to write in place of version 1', (t) => {
  const [finding] = parseRegistriesConf(
    encode('[registries.search]\nregistries = ["s.com"]\n[registries.insecure]\nregistries = ["a.com"]\n'),
    file,
  ).findings;
  const lines =
    'unqualified-search-registries = ["s.com"] and registry = [{ location = "a.com", insecure = true }]';
  t.is(finding?.help, `write in their place, at the top of the file: ${lines}`);
});

test('tells in general what to write in place of many lists of version 1, or of none', (t) => {
  for (const list of ['[]', JSON.stringify(Array.from({ length: 13 }, (_, i) => `r${i}.com`))]) {
    const [finding] = parseRegistriesConf(
      encode(`[registries.block]\nregistries = ${list}\n`),
      file,
    ).findings;
    t.regex(finding?.help ?? '', /^write \[registries\.search\] as unqualified-search-registries, each of/);
  }
});

test('takes the biggest and the smallest 64-bit integer', (t) => {
  const conf = read('a = 9223372036854775807\nb = -9223372036854775808\n');
  t.deepEqual(conf.extra, { a: 9223372036854775807n, b: -9223372036854775808n });
});

test('reads an empty file as an empty configuration', (t) => {
  t.deepEqual(read(''), {
    registries: [],
    searchRegistries: null,
    shortNameMode: null,
    credentialHelpers: null,
    aliases: new Map(),
    extra: {},
  });
});

test('keeps a bare table of version 1, which the library does not count', (t) => {
  t.deepEqual(read('[registries.search]\n').extra, { registries: { search: {} } });
});

test('tells an empty list from an absent one', (t) => {
  t.deepEqual(read('unqualified-search-registries = []\n').searchRegistries, []);
});

test('reads every key that CRI-O knows without a word', (t) => {
  const text = `
unqualified-search-registries = ["a.com"]
short-name-mode = "permissive"
credential-helpers = ["h"]
additional-layer-store-auth-helper = "g"
[[registry]]
prefix = "p.com"
location = "l.com"
insecure = true
blocked = true
mirror-by-digest-only = false
[[registry.mirror]]
location = "m.com"
insecure = true
pull-from-mirror = "tag-only"
[aliases]
"fedora" = "registry.example/fedora"
`;
  const { conf, findings } = parseRegistriesConf(encode(text.replaceAll('\n', '\r\n')), file);
  t.deepEqual(findings, []);
  t.deepEqual(conf?.searchRegistries, ['a.com']);
  t.deepEqual(conf?.extra, { 'additional-layer-store-auth-helper': 'g' });
  t.like(conf?.registries[0], { prefix: 'p.com', location: 'l.com', insecure: true, blocked: true });
  t.like(conf?.registries[0]?.mirrors[0], { location: 'm.com', insecure: true, pullFromMirror: 'tag-only' });
  t.is(conf?.aliases.get('fedora'), 'registry.example/fedora');
});

test('keeps unknown keys of every table, with a warning each', (t) => {
  const text =
    'a = 1\n[[registry]]\nlocation = "l.com"\nb = 2\n[[registry.mirror]]\nlocation = "m.com"\nc = 3\n';
  t.deepEqual(idsOf(encode(text)), ['ICSP207', 'ICSP207', 'ICSP207']);
  const conf = read(text);
  t.deepEqual(conf.extra, { a: 1 });
  t.deepEqual(conf.registries[0]?.extra, { b: 2 });
  t.deepEqual(conf.registries[0]?.mirrors[0]?.extra, { c: 3 });
});

test('says where a misplaced key belongs', (t) => {
  const text = '[[registry]]\nlocation = "l.com"\nunqualified-search-registries = ["a.com"]\n';
  const [finding] = parseRegistriesConf(encode(text), file).findings;
  t.is(finding?.id, 'ICSP208');
  t.is(finding?.help, 'move it: it belongs at the top of the file, before the first [[registry]]');
});

test('keeps keys that mean something to JavaScript as plain data', (t) => {
  const { extra, aliases } = read('[__proto__]\nconstructor = 1\n[aliases]\n__proto__ = "a.com/b"\n');
  t.true(Object.hasOwn(extra, '__proto__'));
  t.is(Object.getPrototypeOf(extra), Object.prototype);
  t.deepEqual([...aliases], [['__proto__', 'a.com/b']]);
});

test('never throws, whatever the bytes', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const { conf, findings } = parseRegistriesConf(bytes, file);
      return conf !== null || findings.length > 0;
    }),
  );
  t.pass();
});
