// Generated configurations for the laws: plausible ones, and ones with hostile strings in every place.
import fc from 'fast-check';
import type { Mirror, RegistriesConf, Registry, TomlTable, TomlValue } from '../../src/registries/model.ts';

const hosts = fc.constantFrom(
  'a.example',
  'b.example',
  'b.example:5000',
  'x.b.example',
  'docker.io',
  'localhost',
);
const paths = fc.constantFrom('', '/team', '/team/app', '/t', '/library');

/** Names with enough in common to lie in one another. */
export const names: fc.Arbitrary<string> = fc.tuple(hosts, paths).map((parts) => parts.join(''));

export const scopes: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: names },
  fc.constantFrom('*.example', '*.b.example', '*.io'),
);

/** Well-formed Unicode with what TOML, terminals and regular expressions dislike. */
export const hostileStrings: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      '\\',
      '\n',
      '\r',
      '\t',
      '\0',
      '\u001b',
      '\u007f',
      '#',
      '=',
      ']',
      '\u2028',
      '\u{1f600}',
    ),
  }),
);

const keys = fc.oneof(
  hostileStrings,
  fc.constantFrom('', '__proto__', 'constructor', 'toString', '1', '-', 'a.b'),
);

const scalars: fc.Arbitrary<TomlValue> = fc.oneof(
  hostileStrings,
  fc.boolean(),
  fc.integer(),
  fc.double(),
  fc.bigInt({ min: 2n ** 53n, max: 2n ** 63n - 1n }),
  fc.date({
    min: new Date('1000-01-01T00:00:00Z'),
    max: new Date('9999-01-01T00:00:00Z'),
    noInvalidDate: true,
  }),
);

/** Arrays hold one type, since the reader refuses the others. */
const arrays: fc.Arbitrary<TomlValue> = fc.oneof(
  fc.array(hostileStrings),
  fc.array(fc.boolean()),
  fc.array(fc.array(hostileStrings), { maxLength: 2 }),
);

function tablesOf(values: fc.Arbitrary<TomlValue>): fc.Arbitrary<TomlTable> {
  return fc.array(fc.tuple(keys, values), { maxLength: 3 }).map((entries) => Object.fromEntries(entries));
}

/** Keys of a prefix that no known key has in any spelling. */
function extras(values: fc.Arbitrary<TomlValue>): fc.Arbitrary<TomlTable> {
  return tablesOf(values).map((table) =>
    Object.fromEntries(Object.entries(table).map(([key, value]) => [`${key}-unknown`, value])),
  );
}

const flat = fc.oneof(scalars, arrays);
const values = fc.oneof(flat, tablesOf(flat), fc.array(tablesOf(flat), { minLength: 1, maxLength: 2 }));

function registriesOf(location: fc.Arbitrary<string>, scope: fc.Arbitrary<string>): fc.Arbitrary<Registry> {
  const pull = fc.constantFrom('', 'all', 'digest-only', 'tag-only');
  const mirror: fc.Arbitrary<Mirror> = fc.record({
    location,
    insecure: fc.boolean(),
    pullFromMirror: pull,
    origins: fc.constant([]),
    extra: extras(values),
  });
  return fc.record({
    prefix: fc.oneof(fc.constant(''), scope),
    location,
    insecure: fc.boolean(),
    blocked: fc.boolean(),
    mirrorByDigestOnly: fc.boolean(),
    pullFromMirror: fc.constant(''),
    mirrors: fc.array(mirror, { maxLength: 4 }),
    origins: fc.constant([]),
    extra: extras(values),
  });
}

function confsOf(registry: fc.Arbitrary<Registry>): fc.Arbitrary<RegistriesConf> {
  const lists = fc.option(fc.array(hostileStrings, { maxLength: 3 }));
  return fc.record({
    registries: fc.array(registry, { maxLength: 5 }),
    searchRegistries: lists,
    shortNameMode: fc.option(hostileStrings),
    credentialHelpers: lists,
    aliases: fc.array(fc.tuple(keys, hostileStrings), { maxLength: 3 }).map((entries) => new Map(entries)),
    extra: extras(values),
  });
}

/** Anything that the model can hold and TOML can say. */
export const hostileConfs: fc.Arbitrary<RegistriesConf> = confsOf(
  registriesOf(hostileStrings, hostileStrings),
);

/** Configurations whose scopes and mirrors meet each other. */
export const plausibleConfs: fc.Arbitrary<RegistriesConf> = confsOf(registriesOf(names, scopes));
