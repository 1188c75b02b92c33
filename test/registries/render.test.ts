import test from 'ava';
import fc from 'fast-check';
import type { TomlTable } from '../../src/registries/model.ts';
import { emptyConf } from '../../src/registries/model.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { proveRendering } from '../../src/registries/prove.ts';
import { renderRegistriesConf } from '../../src/registries/render.ts';
import { hostileConfs } from './arbitraries.ts';
import { confOf, mirror, origin, read, registry } from './build.ts';

test('writes top-level keys first, each registry with its mirrors, aliases and unknown tables last', (t) => {
  const conf = {
    ...confOf(
      registry('quay.io/team', {
        blocked: true,
        origins: [origin],
        mirrors: [
          mirror('m.example/team', { pullFromMirror: 'digest-only', origins: [origin] }),
          mirror('n.example/team', { insecure: true, extra: { hint: { a: 1 } } }),
        ],
      }),
      registry('', { prefix: '*.example.com', insecure: true, mirrorByDigestOnly: true }),
    ),
    searchRegistries: ['a.example', 'b.example'],
    shortNameMode: 'enforcing',
    credentialHelpers: [],
    aliases: new Map([['my/app', 'a.example/my/app']]),
    extra: { later: { deep: { list: [1, 2] } }, sooner: 'x', tables: [{ a: true }] },
  };
  t.is(
    renderRegistriesConf(conf),
    `unqualified-search-registries = ["a.example", "b.example"]
short-name-mode = "enforcing"
credential-helpers = []
sooner = "x"
tables = [{ a = true }]

[[registry]]
location = "quay.io/team"
blocked = true

[[registry.mirror]]
location = "m.example/team"
pull-from-mirror = "digest-only"

[[registry.mirror]]
location = "n.example/team"
insecure = true
hint = { a = 1 }

[[registry]]
prefix = "*.example.com"
insecure = true
mirror-by-digest-only = true

[aliases]
"my/app" = "a.example/my/app"

[later]
deep = { list = [1, 2] }
`,
  );
});

test('writes nothing for an empty configuration', (t) => {
  t.is(renderRegistriesConf(emptyConf), '');
});

const values: readonly (readonly [title: string, value: TomlTable[string], text: string])[] = [
  ['a quotation mark and a backslash', 'a"b\\c', '"a\\"b\\\\c"'],
  ['every control character of a line', '\u001b\u001b\n\t', '"\\u001b\\u001b\\u000a\\u0009"'],
  ['a character beyond the basic plane', '\u{1f600}', '"\\U0001f600"'],
  ['a letter with an accent', 'é', '"\\u00e9"'],
  ['a small float', 1e-7, '1e-7'],
  ['a float that looks like a big integer', 9007199254740992, '9007199254740992.0'],
  ['a negative zero', -0, '-0.0'],
  ['infinity', -Infinity, '-inf'],
  ['a 64-bit integer', 9223372036854775807n, '9223372036854775807'],
  ['an instant', new Date('2020-01-01T00:00:00Z'), '2020-01-01T00:00:00.000Z'],
];

for (const [title, value, text] of values) {
  test(`writes ${title} of an unknown key so that it is read back`, (t) => {
    const conf = { ...emptyConf, extra: { x: value } };
    t.is(renderRegistriesConf(conf), `x = ${text}\n`);
    t.deepEqual(read(`x = ${text}\n`).extra, { x: value });
  });
}

test('keeps local dates and times, alone and inside arrays', (t) => {
  const text =
    'a = 2020-01-01\nb = 12:00:00.500\nc = [12:00:00.000 , 13:00:00.000 ]\nd = 2020-01-01T01:02:03.000\n';
  const conf = read(text);
  t.is(renderRegistriesConf(conf), text);
  t.deepEqual(proveRendering(text, conf, 'f'), []);
});

test('what is rendered is read back without a difference, whatever an administrator wrote', (t) => {
  fc.assert(
    fc.property(hostileConfs, (conf) => {
      const text = renderRegistriesConf(conf);
      t.deepEqual(proveRendering(text, conf, 'f'), [], text);
      const { conf: again } = parseRegistriesConf(new TextEncoder().encode(text), 'f');
      t.deepEqual(again?.registries, conf.registries);
      t.deepEqual(again?.extra, conf.extra);
      // Objects put keys that look like integers first, so the order of a file is settled by its first reading.
      const settled = renderRegistriesConf(again ?? emptyConf);
      t.is(renderRegistriesConf(read(settled)), settled);
    }),
    { numRuns: 300 },
  );
});
