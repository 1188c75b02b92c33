import test from 'ava';
import fc from 'fast-check';
import { areSameConf, compareConfs } from '../../src/registries/compare.ts';
import { plausibleConfs } from './arbitraries.ts';
import { confOf, mirror, origin, read, registry } from './build.ts';

const table = '[[registry]]\n';
const digest = (location: string): string =>
  `[[registry.mirror]]\nlocation = "${location}"\npull-from-mirror = "digest-only"\n`;
const tag = (location: string): string =>
  `[[registry.mirror]]\nlocation = "${location}"\npull-from-mirror = "tag-only"\n`;
const all = (location: string): string => `[[registry.mirror]]\nlocation = "${location}"\n`;
const team = `${table}location = "quay.io/team"\n`;

const rows: readonly (readonly [title: string, before: string, after: string, changes: readonly string[]])[] =
  [
    ['nothing changes', team + digest('a.io'), team + digest('a.io'), []],
    [
      'a digest mirror is added',
      team,
      team + digest('a.io'),
      ['safe quay.io/team: digest mirror a.io added'],
    ],
    [
      'a digest mirror is put before another',
      team + digest('a.io'),
      team + digest('b.io') + digest('a.io'),
      ['safe quay.io/team: digest mirror b.io added'],
    ],
    [
      'a digest mirror is removed',
      team + digest('a.io'),
      team,
      ['risky quay.io/team: digest mirror a.io removed'],
    ],
    ['a tag mirror is added', team, team + tag('a.io'), ['risky quay.io/team: tag mirror a.io added']],
    ['a mirror for both kinds is added', team, team + all('a.io'), ['risky quay.io/team: mirror a.io added']],
    [
      'a digest mirror serves tags too',
      team + digest('a.io'),
      team + all('a.io'),
      ['risky quay.io/team: tag mirror a.io added'],
    ],
    [
      'an insecure digest mirror is added',
      team,
      `${team}${digest('a.io')}insecure = true\n`,
      ['risky quay.io/team: insecure digest mirror a.io added'],
    ],
    [
      'a mirror becomes insecure',
      team + digest('a.io'),
      `${team}${digest('a.io')}insecure = true\n`,
      ['risky quay.io/team: mirror a.io insecure'],
    ],
    [
      'a mirror is no longer insecure',
      `${team}${all('a.io')}insecure = true\n`,
      team + all('a.io'),
      ['risky quay.io/team: mirror a.io no longer insecure'],
    ],
    [
      'a mirror becomes insecure for one kind of pull',
      team + digest('a.io') + tag('a.io'),
      `${team}${digest('a.io')}${tag('a.io')}insecure = true\n`,
      ['risky quay.io/team: tag mirror a.io insecure'],
    ],
    [
      'a mirror changes the kind for which it is insecure',
      `${team}${digest('a.io')}insecure = true\n${tag('a.io')}`,
      `${team}${digest('a.io')}${tag('a.io')}insecure = true\n`,
      [
        'risky quay.io/team: digest mirror a.io no longer insecure',
        'risky quay.io/team: tag mirror a.io insecure',
      ],
    ],
    [
      'a new scope has a mirror that is insecure for tags only',
      '',
      `${team}${digest('a.io')}${tag('a.io')}insecure = true\n`,
      ['risky quay.io/team: added with digest mirror a.io, insecure tag mirror a.io'],
    ],
    [
      'a mirror for tags serves digests instead',
      team + tag('a.io'),
      team + digest('a.io'),
      ['risky quay.io/team: tag mirror a.io removed', 'safe quay.io/team: digest mirror a.io added'],
    ],
    [
      'a mirror for all pulls serves digests only',
      team + all('a.io'),
      team + digest('a.io'),
      ['risky quay.io/team: tag mirror a.io removed'],
    ],
    [
      'mirrors change places',
      team + digest('a.io') + digest('b.io'),
      team + digest('b.io') + digest('a.io'),
      ['risky quay.io/team: order of digest mirrors changed from a.io, b.io to b.io, a.io'],
    ],
    [
      'the restriction moves from the registry to its mirrors',
      `${team}mirror-by-digest-only = true\n${all('a.io')}`,
      team + digest('a.io'),
      [],
    ],
    ['one mirror is written as two', team + all('a.io'), team + digest('a.io') + tag('a.io'), []],
    ['a source is blocked', team, `${team}blocked = true\n`, ['risky quay.io/team: blocked']],
    ['a source is unblocked', `${team}blocked = true\n`, team, ['risky quay.io/team: no longer blocked']],
    ['a source becomes insecure', team, `${team}insecure = true\n`, ['risky quay.io/team: insecure']],
    [
      'a source is remapped',
      team,
      `${table}prefix = "quay.io/team"\nlocation = "b.io"\n`,
      ['risky quay.io/team: location b.io'],
    ],
    [
      'a scope with digest mirrors alone is new',
      '',
      team + digest('a.io'),
      ['safe quay.io/team: added with digest mirror a.io'],
    ],
    [
      'a blocked scope is new',
      '',
      `${team}blocked = true\n${digest('a.io')}`,
      ['risky quay.io/team: added as blocked with digest mirror a.io'],
    ],
    ['a scope without mirrors is new', '', team, ['risky quay.io/team: added']],
    [
      'a scope with a tag mirror is new',
      '',
      team + tag('a.io'),
      ['risky quay.io/team: added with tag mirror a.io'],
    ],
    [
      'a new scope takes over part of a broader one',
      `${table}location = "quay.io"\n`,
      `${table}location = "quay.io"\n${team}${digest('a.io')}`,
      ['risky quay.io/team: added with digest mirror a.io, takes its pulls over from quay.io'],
    ],
    [
      'a new wildcard beats a literal of its length',
      `${table}location = "b.foo.com"\n`,
      `${table}location = "b.foo.com"\n${table}prefix = "*.foo.com"\n${digest('a.io')}`,
      ['risky *.foo.com: added with digest mirror a.io, takes its pulls over from b.foo.com'],
    ],
    [
      'a new broader scope shadows nothing',
      team,
      `${team}${table}location = "quay.io"\n${digest('a.io')}`,
      ['safe quay.io: added with digest mirror a.io'],
    ],
    ['a scope is removed', team, '', ['risky quay.io/team: removed']],
    ['a second table of a scope, without effect, is removed', team + team, team, []],
    ['tables change places', `${team}${table}location = "b.io"\n`, `${table}location = "b.io"\n${team}`, []],
    [
      'search registries are appended',
      'unqualified-search-registries = ["a"]\n',
      'unqualified-search-registries = ["a", "b"]\n',
      ['safe search registry b appended'],
    ],
    [
      'a search registry is put first',
      'unqualified-search-registries = ["a"]\n',
      'unqualified-search-registries = ["b", "a"]\n',
      ['risky search registries changed from a to b, a'],
    ],
    [
      'search registries are removed',
      'unqualified-search-registries = ["a"]\n',
      '',
      ['risky search registries changed from a to none'],
    ],
    [
      'short-name-mode changes',
      '',
      'short-name-mode = "disabled"\n',
      ['risky short-name-mode changed from unset to disabled'],
    ],
    [
      'credential helpers change',
      'credential-helpers = ["a"]\n',
      'credential-helpers = ["b"]\n',
      ['risky credential-helpers changed from a to b'],
    ],
    [
      'aliases change',
      '[aliases]\na = "r.io/a"\nb = "r.io/b"\n',
      '[aliases]\nb = "r.io/c"\nc = "r.io/c"\n',
      ['risky alias a removed', 'risky alias b changed', 'risky alias c added'],
    ],
    ['unknown keys change', 'x = 1\n', 'x = 2\n', ['risky key x changed']],
    [
      'an unknown key of a mirror changes',
      team + digest('a.io'),
      `${team}${digest('a.io')}x = 1\n`,
      ['risky quay.io/team: keys unknown to CRI-O changed'],
    ],
    [
      'settings come first, scopes by byte',
      '',
      `unqualified-search-registries = ["s"]\n${table}location = "b.io"\n${table}location = "a.io"\n`,
      ['safe search registry s appended', 'risky a.io: added', 'risky b.io: added'],
    ],
  ];

for (const [title, before, after, changes] of rows) {
  test(title, (t) => {
    const found = compareConfs(read(before), read(after));
    t.deepEqual(
      found.map((change) => `${change.class} ${change.sentence}`),
      changes,
    );
    t.is(areSameConf(read(before), read(after)), changes.length === 0);
  });
}

test('origins are no difference', (t) => {
  const ours = confOf(
    registry('a.com', { origins: [origin], mirrors: [mirror('m.com', { origins: [origin] })] }),
  );
  t.true(areSameConf(ours, confOf(registry('a.com', { mirrors: [mirror('m.com')] }))));
});

test('a configuration is the same as itself, and sameness has no direction', (t) => {
  fc.assert(
    fc.property(plausibleConfs, plausibleConfs, (a, b) => {
      t.true(areSameConf(a, a));
      t.is(areSameConf(a, b), areSameConf(b, a));
    }),
  );
});
