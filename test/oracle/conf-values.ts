// What the generated registries.conf files are made of: values that each rule accepts or refuses, and odd forms of the whole file.

export const goodLocations = [
  'a.com',
  'a.com/x',
  'a.com/x/y',
  'b.a.com',
  'b.a.com/x',
  'a.com:5000',
  'a.com:5000/x',
  'm.com',
  'm.com/r',
  'n.org/x',
  'docker.io',
  'docker.io/library',
  'localhost',
];

/** Accepted, but they match nothing or break pulls. */
export const strangeLocations = [
  'm.com/',
  'a.com//',
  'a.com/x/',
  'a.com//x',
  'A.com',
  'm.com/Up',
  'a b',
  'a.com/x:tag',
  `a.com/x@sha256:${'0'.repeat(64)}`,
  '*.a.com',
  '[::1]:5000',
  'user@a.com',
  'mirror',
  'index.docker.io',
  'HTTPS://a.com',
  'docker://a.com',
  'http:/a.com',
  'http:',
  'é.com',
  'm.com:99999999999999999999/r',
  `${'l'.repeat(230)}.com`,
];

export const refusedLocations = ['http://a.com', 'https://a.com/x/', 'http://h', '/', '///', ''];

export const wildcards = ['*.a.com', '*.b.a.com', '*.com', '*.org', '*.'];

export const strangePrefixes = ['*.a.com/', '*', '**.a.com', 'a.*.com', '*a.com', '/', '///', '*.*.com'];

export const refusedPrefixes = [
  '*.a.com/x',
  '*.a.com:5000',
  '*.a.com@x',
  '*.a.com//x',
  'http://*.a.com',
  'https://',
];

export const badSearchEntries = [
  'a.com/x',
  'http://a.com',
  '',
  'a_b.com',
  '[::1]:5000',
  '*.a.com',
  '-a.com',
  'a.com:',
  'a..com',
];

export const aliasNames = ['x', 'team/app', 'a', 'library/x'];

export const badAliasNames = [
  'A',
  'a.com/x',
  'x:tag',
  'x-Y',
  '',
  'localhost/x',
  `x@sha256:${'0'.repeat(64)}`,
  'a//b',
  'x/',
];

export const aliasValues = [
  'a.com/x',
  'docker.io/x',
  'localhost/x',
  '',
  'a.com:5000/x/y',
  'index.docker.io/y',
];

export const badAliasValues = [
  'x',
  'x/y',
  'a.com/X',
  'a.com/x:tag',
  `a.com/x@sha256:${'0'.repeat(64)}`,
  'a.com',
  'http://a.com/x',
];

/** What the rules and the parsers do not agree on everywhere: forms of the file as a whole. */
export const oddities: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => `\ufeff${text}`,
  (text) => `# comment\n${text.replaceAll('\n', ' # c\n')}`,
  (text) => `${text}[registries.search]\nregistries = ["a.com"]\n`,
  (text) => `${text}[registries.block]\nregistries = []\n`,
  (text) => `${text}[registries.search]\n`,
  (text) => text.replace('location', 'Location'),
  (text) => text.replace('[[registry]]', '[[Registry]]'),
  (text) => text.replace('[[registry]]', '[registry]'),
  (text) => text.replace('[[registry.mirror]]', '[registry.mirror]'),
  (text) => text.replace('[[registry.mirror]]', '[[mirror]]'),
  (text) => text.replace('location = ', 'location=\t'),
  (text) => text.replace('location', '"location"'),
  (text) => text.replace('location', "'location'"),
  (text) => text.replace('location = ', 'location = "dup"\nlocation = '),
  (text) => text.replace(/\n$/, ''),
  (text) => `${text}[other]\nkey = [{ a = 1 }, { b = "x" }]\n`,
  (text) =>
    `${text}[[registry]]\nlocation = "i.com"\nmirror = [{ location = "m.com" }, { location = "n.org", insecure = true }]\n`,
  (text) => `registry = [{ location = "i.com", mirror = [{ location = "m.com" }] }]\n${text}`,
  (text) => `${text}\u0000`,
  (text) => `${text}# \u0001\n`,
  (text) => `${text}big = 99999999999999999999\n`,
  (text) => `${text}mixed = [1, "x"]\n`,
  (text) => `${text}date = 2020-01-01 00:00:00\n`,
  (text) => `${text}date = 2020-02-30\n`,
  (text) => `${text}date = 2020-01-1\n`,
  (text) => `${text}date = 2020-01-01T24:00:00Z\n`,
  (text) => `${text}table = { a = 1, }\n`,
];

/** Numbers, dates, strings and lists that TOML knows; what becomes of them when a character slips is another matter. */
export const literals = [
  '2020-01-01',
  '2020-01-01T01:02:03Z',
  '1979-05-27T00:32:00.999-07:00',
  '07:32:00',
  '1_000',
  '1.5e3',
  '0xff',
  '0o17',
  '-1.0',
  '+inf',
  'nan',
  'true',
  '[1, 2]',
  '[[1], [2]]',
  '{ a = 1 }',
  '"x\\u0041"',
  "'x'",
  '"""x"""',
];
