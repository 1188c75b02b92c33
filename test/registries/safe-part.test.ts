// What apply = "safe" lets through: every safe change, no risky one, and the same at every look.
import test from 'ava';
import fc from 'fast-check';
import { hasErrors } from '../../src/finding.ts';
import { areSameConf, compareConfs } from '../../src/registries/compare.ts';
import { emptyConf } from '../../src/registries/model.ts';
import { takeSafePart } from '../../src/registries/safe-part.ts';
import { validateRegistriesConf } from '../../src/registries/validate.ts';
import { plausibleConfs } from './arbitraries.ts';
import { read } from './build.ts';

const table = (location: string): string => `[[registry]]\nlocation = "${location}"\n`;
const digest = (location: string): string =>
  `[[registry.mirror]]\nlocation = "${location}"\npull-from-mirror = "digest-only"\n`;
const tag = (location: string): string =>
  `[[registry.mirror]]\nlocation = "${location}"\npull-from-mirror = "tag-only"\n`;
const all = (location: string): string => `[[registry.mirror]]\nlocation = "${location}"\n`;
const search = (...hosts: string[]): string => `unqualified-search-registries = ${JSON.stringify(hosts)}\n`;
const [team, app] = [table('quay.io/team'), table('quay.io/app')];

/** `part` is what stands between `before` and `after`. */
const rows: readonly (readonly [title: string, before: string, after: string, part: string])[] = [
  ['all is safe, all is taken', '', team + digest('a.io'), team + digest('a.io')],
  ['nothing is safe, nothing is taken', team + digest('a.io'), '', team + digest('a.io')],
  [
    'a new scope comes, another one that would go stays',
    team + digest('a.io'),
    app + digest('a.io'),
    team + digest('a.io') + app + digest('a.io'),
  ],
  [
    'a new scope with a tag mirror waits beside one without',
    '',
    team + tag('a.io') + app + digest('a.io'),
    app + digest('a.io'),
  ],
  [
    'a mirror that takes the place of another comes, and the other one stays for now',
    team + digest('old.io'),
    team + digest('new.io'),
    team + digest('new.io') + digest('old.io'),
  ],
  [
    'a new mirror stands behind the one that it is to follow',
    team + digest('a.io') + digest('b.io') + digest('c.io'),
    team + digest('a.io') + digest('new.io') + digest('c.io'),
    team + digest('a.io') + digest('new.io') + digest('b.io') + digest('c.io'),
  ],
  [
    'the new mirror comes, the new order of the others waits',
    team + digest('a.io') + digest('b.io'),
    team + digest('b.io') + digest('a.io') + digest('new.io'),
    team + digest('a.io') + digest('new.io') + digest('b.io'),
  ],
  [
    'a digest mirror comes while a block waits',
    team + digest('a.io'),
    `${team}blocked = true\n${digest('a.io')}${digest('b.io')}`,
    team + digest('a.io') + digest('b.io'),
  ],
  [
    'the restriction of the table holds for what comes',
    `${team}mirror-by-digest-only = true\n${all('a.io')}`,
    `${team}insecure = true\n${digest('a.io')}${digest('b.io')}`,
    `${team}mirror-by-digest-only = true\n${all('a.io')}${all('b.io')}`,
  ],
  [
    'a mirror for tags and digests waits as a whole',
    team + digest('a.io'),
    team + all('b.io') + digest('c.io'),
    team + digest('c.io') + digest('a.io'),
  ],
  [
    'an insecure mirror waits',
    team + digest('a.io'),
    `${team}${digest('b.io')}insecure = true\n`,
    team + digest('a.io'),
  ],
  [
    'search registries are appended while an alias waits',
    search('a'),
    `${search('a', 'b')}[aliases]\nx = "r.io/x"\n`,
    search('a', 'b'),
  ],
  [
    'the search list waits as a whole if its order changes',
    search('a', 'b'),
    search('b', 'a', 'c') + team + digest('a.io'),
    search('a', 'b') + team + digest('a.io'),
  ],
  [
    'a mirror that an older CRI-O would take for tags too waits',
    team + digest('a.io'),
    `${team}insecure = true\n${digest('a.io')}${all('b.io')}`,
    team + digest('a.io'),
  ],
  [
    'a mirror with a key that icspd does not know waits',
    team + digest('a.io'),
    `${team}insecure = true\n${digest('a.io')}${digest('b.io')}unknown = 1\n`,
    team + digest('a.io'),
  ],
  [
    'a mirror that serves tags already comes for digests',
    team + tag('a.io'),
    `${team}insecure = true\n${tag('a.io')}${digest('a.io')}`,
    team + digest('a.io') + tag('a.io'),
  ],
  [
    'a mirror that is to serve tags in another entry waits',
    team + digest('a.io'),
    `${team}insecure = true\n${digest('a.io')}${digest('b.io')}${tag('b.io')}`,
    team + digest('a.io'),
  ],
  [
    'a mirror that serves tags insecurely waits',
    `${team}${tag('b.io')}insecure = true\n`,
    `${team}insecure = true\n${digest('b.io')}`,
    `${team}${tag('b.io')}insecure = true\n`,
  ],
  [
    'several new mirrors keep their order among those that stay',
    team + digest('c.io'),
    `${team}insecure = true\n${digest('a.io')}${digest('b.io')}${digest('c.io')}${digest('d.io')}${digest('e.io')}`,
    team + digest('a.io') + digest('b.io') + digest('c.io') + digest('d.io') + digest('e.io'),
  ],
];

for (const [title, before, after, part] of rows) {
  test(title, (t) => {
    const taken = takeSafePart(read(before), read(after));
    t.deepEqual(
      compareConfs(read(part), taken).map(({ sentence }) => sentence),
      [],
    );
  });
}

/** Tables that meet each other; of the settings the search list, which alone can change safely. */
const valid = fc
  .tuple(plausibleConfs, fc.option(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 3 })))
  .map(([{ registries }, searchRegistries]) => ({ ...emptyConf, registries, searchRegistries }))
  .filter((conf) => !hasErrors(validateRegistriesConf(conf, '')));

test('of two valid files, the part is valid, differs by safe changes only, and is taken once', (t) => {
  let pairs = 0;
  let split = 0;
  fc.assert(
    fc.property(valid, valid, (before, after) => {
      pairs += 1;
      const part = takeSafePart(before, after);
      t.true(compareConfs(before, part).every((change) => change.class === 'safe'));
      t.false(hasErrors(validateRegistriesConf(part, '')));
      t.true(areSameConf(takeSafePart(part, after), part));
      const isRisky = compareConfs(before, after).some((change) => change.class === 'risky');
      t.true(isRisky || part === after);
      if (part !== before && part !== after) split += 1;
    }),
    { numRuns: 1000 },
  );
  t.true(split > pairs / 20, `only ${split} of ${pairs} pairs were of both kinds`);
});
