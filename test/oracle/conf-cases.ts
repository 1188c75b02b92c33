// Generated registries.conf files with drop-ins, as text: good ones, and ones with a bad value of each validation rule.
import fc from 'fast-check';
import {
  aliasNames,
  aliasValues,
  badAliasNames,
  badAliasValues,
  badSearchEntries,
  goodLocations,
  literals,
  oddities,
  refusedLocations,
  refusedPrefixes,
  strangeLocations,
  strangePrefixes,
  wildcards,
} from './conf-values.ts';

/** Bytes, since not every file is text. */
export interface ConfCase {
  readonly main: Uint8Array;
  readonly dropIns: readonly Uint8Array[];
}

function rarely(good: fc.Arbitrary<string>, weight: number, ...bad: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
}

/** A basic string; literal, escaped and multi-line ones now and then. */
function quoted(text: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const styles = fc.oneof(
    { weight: 8, arbitrary: fc.constant((value: string) => JSON.stringify(value)) },
    fc.constantFrom<(value: string) => string>(
      (value) => `'${value}'`,
      (value) => `"""${value}"""`,
      (value) => `'''\n${value}'''`,
      (value) => `"${value.replace(/^a/, '\\u0061')}"`,
    ),
  );
  return fc.tuple(text, styles).map(([value, write]) => write(value));
}

interface Rates {
  /** Accepted values for each refused one. */
  readonly good: number;
  /** Plain values for each strange one. */
  readonly plain: number;
}

function locationsOf({ good, plain }: Rates): fc.Arbitrary<string> {
  const accepted = rarely(fc.constantFrom(...goodLocations), plain, ...strangeLocations);
  return rarely(accepted, good, ...refusedLocations);
}

function prefixesOf({ good, plain }: Rates): fc.Arbitrary<string> {
  const usual = fc.constantFrom(...goodLocations, ...wildcards, ...wildcards);
  return rarely(rarely(usual, plain, ...strangePrefixes), good, ...refusedPrefixes);
}

/** `key = value` lines, in any order, some left out. */
function tableOf(keys: Readonly<Record<string, fc.Arbitrary<string>>>): fc.Arbitrary<string> {
  const lines = Object.entries(keys).map(([key, value]) =>
    value.map((text) => (text === '' ? '' : `${key} = ${text}\n`)),
  );
  return fc.tuple(...lines).map((parts) => parts.join(''));
}

function maybe(share: number, value: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof({ weight: 100 - share, arbitrary: fc.constant('') }, { weight: share, arbitrary: value });
}

function flagsOf({ good }: Rates): fc.Arbitrary<string> {
  return rarely(fc.constantFrom('true', 'false'), good * 3, '"true"', '1', 'True', '[true]');
}

function mirrorsOf(rates: Rates): fc.Arbitrary<string> {
  const { good } = rates;
  const pulls = fc.constantFrom('"all"', '"digest-only"', '"tag-only"', '""');
  const body = tableOf({
    location: rarely(quoted(locationsOf(rates)), good * 3, '', '5'),
    insecure: maybe(25, flagsOf(rates)),
    'pull-from-mirror': maybe(40, rarely(pulls, good * 2, '"Digest-Only"', '"bogus"', 'true')),
    extra: maybe(2, fc.constantFrom('1', '"a.com"', '{ b = 1 }')),
  });
  return body.map((text) => `[[registry.mirror]]\n${text}`);
}

function registriesOf(rates: Rates): fc.Arbitrary<string> {
  const { good } = rates;
  const body = fc.oneof(
    {
      weight: good,
      arbitrary: tableOf({ location: rarely(quoted(locationsOf(rates)), good, '', '5') }),
    },
    {
      weight: good,
      arbitrary: tableOf({ prefix: quoted(prefixesOf(rates)), location: quoted(locationsOf(rates)) }),
    },
    { weight: good, arbitrary: tableOf({ prefix: quoted(fc.constantFrom(...wildcards)) }) },
    { weight: 1, arbitrary: tableOf({ prefix: maybe(80, quoted(prefixesOf(rates))) }) },
  );
  const rest = tableOf({
    insecure: maybe(12, flagsOf(rates)),
    blocked: maybe(12, flagsOf(rates)),
    'mirror-by-digest-only': maybe(12, flagsOf(rates)),
    'pull-from-mirror': rarely(fc.constant(''), good * 3, '"all"', '"bogus"', '""'),
    unknown: maybe(2, fc.constantFrom('1', '"x"', '[1, 2]')),
  });
  return fc
    .tuple(body, rest, fc.array(mirrorsOf(rates), { maxLength: 3 }))
    .map(([scope, flags, mirrors]) => `[[registry]]\n${scope}${flags}${mirrors.join('')}`);
}

const searchEntries = fc.constantFrom('a.com', 'a.com:5000', 'a.com/', 'localhost', 'A', 'a-b.c');

/** The names whose aliases are compared. */
export const aliasProbes: readonly string[] = aliasNames;

function headsOf({ good }: Rates): fc.Arbitrary<string> {
  const entry = quoted(rarely(searchEntries, good, ...badSearchEntries));
  return tableOf({
    'unqualified-search-registries': maybe(
      30,
      fc.array(entry, { maxLength: 2 }).map((list) => `[${list.join(', ')}]`),
    ),
    'short-name-mode': maybe(
      15,
      rarely(
        fc.constantFrom('"enforcing"', '"permissive"', '"disabled"', '""'),
        good,
        '"prompt"',
        '"Enforcing"',
        '1',
      ),
    ),
    'credential-helpers': maybe(10, rarely(fc.constantFrom('[]', '["h"]', '["a", "b"]'), good, '"h"', '[1]')),
    'additional-layer-store-auth-helper': maybe(3, rarely(fc.constantFrom('"h"', '""'), good, '1')),
    'unknown-key': maybe(3, fc.constantFrom('1', '"x"', '{ a = 1 }', '2020-01-01', '1.5')),
  });
}

function aliasesOf({ good }: Rates): fc.Arbitrary<string> {
  const names = rarely(fc.constantFrom(...aliasNames), good, ...badAliasNames);
  const values = rarely(fc.constantFrom(...aliasValues), good, ...badAliasValues);
  const entries = fc.uniqueArray(fc.tuple(names, quoted(values)), {
    selector: ([name]) => name,
    maxLength: 2,
  });
  return entries.map(
    (list) => `[aliases]\n${list.map(([name, value]) => `"${name}" = ${value}\n`).join('')}`,
  );
}

function textsOf(rates: Rates): fc.Arbitrary<string> {
  return fc
    .tuple(headsOf(rates), fc.array(registriesOf(rates), { maxLength: 4 }), maybe(15, aliasesOf(rates)))
    .map(([head, registries, aliases]) => head + registries.join('') + aliases);
}

/** A character lost, doubled or replaced somewhere. */
const slips = fc
  .record({
    at: fc.nat(),
    lost: fc.nat({ max: 2 }),
    put: fc.constantFrom(
      '',
      '"',
      "'",
      '[',
      ']',
      '=',
      '\n',
      '.',
      ',',
      '#',
      '\\',
      ' ',
      '_',
      'a',
      '1',
      '{',
      '}',
    ),
  })
  .map(({ at, lost, put }) => (text: string): string => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + put + text.slice(place + lost);
  });

const slippedLiterals = fc
  .tuple(fc.constantFrom(...literals), fc.array(slips, { minLength: 1, maxLength: 2 }))
  .map(([literal, changes]) => changes.reduce((text, change) => change(text), literal));

const encoder = new TextEncoder();

function filesOf(rates: Rates): fc.Arbitrary<Uint8Array> {
  const text = textsOf(rates);
  return fc.oneof(
    { weight: 70, arbitrary: text.map((plain) => encoder.encode(plain)) },
    {
      weight: 15,
      arbitrary: fc
        .tuple(text, fc.constantFrom(...oddities))
        .map(([plain, change]) => encoder.encode(change(plain))),
    },
    { weight: 10, arbitrary: fc.tuple(text, slips).map(([plain, change]) => encoder.encode(change(plain))) },
    {
      weight: 10,
      arbitrary: fc
        .tuple(slippedLiterals, text)
        .map(([literal, plain]) => encoder.encode(`literal = ${literal}\n${plain}`)),
    },
    {
      weight: 1,
      arbitrary: text.map((plain) => Uint8Array.from([...encoder.encode(plain), 0x23, 0xff, 0x0a])),
    },
  );
}

/** Files of which about half are refused, for one reason or another. */
export const anyConfs: fc.Arbitrary<ConfCase> = fc.record({
  main: filesOf({ good: 40, plain: 10 }),
  dropIns: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(filesOf({ good: 80, plain: 10 }), { maxLength: 2 }) },
  ),
});

const acceptable = textsOf({ good: 2000, plain: 20 }).map((text) => encoder.encode(text));

/** Files that are nearly always accepted, for what comes after. */
export const acceptableConfs: fc.Arbitrary<ConfCase> = fc.record({
  main: acceptable,
  dropIns: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(acceptable, { maxLength: 2 }) },
  ),
});
