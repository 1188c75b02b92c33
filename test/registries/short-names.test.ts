import test from 'ava';
import { mergeConfs } from '../../src/registries/merge.ts';
import { expandShortName, refuseAmbiguous } from '../../src/registries/short-names.ts';
import { read } from './build.ts';

const merged = mergeConfs(
  {
    file: 'main.conf',
    conf: read(`unqualified-search-registries = ["one.example", "two.example"]
[aliases]
fedora = "registry.example/fedora"
hub = "docker.io/hub"
erased = ""
`),
  },
  [],
);

const rows: readonly (readonly [title: string, name: string, references: readonly string[], via: string])[] =
  [
    ['a full name stands for itself', 'a.example/b:1', ['a.example/b:1'], 'name'],
    ['localhost is a registry', 'localhost/b', ['localhost/b'], 'name'],
    ['an alias keeps the tag', 'fedora:40', ['registry.example/fedora:40'], 'alias'],
    ['an alias on docker.io is normalized', 'hub', ['docker.io/library/hub'], 'alias'],
    [
      'an erased alias falls back to the search list',
      'erased',
      ['one.example/erased', 'two.example/erased'],
      'search',
    ],
    [
      'a name with a folder is short too',
      'team/app',
      ['one.example/team/app', 'two.example/team/app'],
      'search',
    ],
  ];

for (const [title, name, references, via] of rows) {
  test(title, (t) => {
    t.like(expandShortName(name, merged, null), { references, via, problem: null });
  });
}

test('aliases of the machine win', (t) => {
  const machine = { file: 'machine.conf', aliases: new Map([['fedora', 'other.example/fedora']]) };
  t.like(expandShortName('fedora', merged, machine), {
    references: ['other.example/fedora'],
    file: 'machine.conf',
  });
  t.like(expandShortName('hub', merged, machine), { file: 'main.conf' });
});

test('an alias of the machine that is erased leaves the one of the configuration', (t) => {
  const machine = { file: 'machine.conf', aliases: new Map([['fedora', '']]) };
  t.deepEqual(expandShortName('fedora@sha256:' + '0'.repeat(64), merged, machine), {
    references: [`registry.example/fedora@sha256:${'0'.repeat(64)}`],
    via: 'alias',
    file: 'main.conf',
    problem: null,
  });
});

test('an alias that is no reference counts for nothing', (t) => {
  const machine = { file: 'machine.conf', aliases: new Map([['fedora', 'Not A Name']]) };
  t.deepEqual(expandShortName('fedora', merged, machine), {
    references: ['one.example/fedora', 'two.example/fedora'],
    via: 'search',
    file: 'main.conf',
    problem: null,
  });
});

test('a name that is an alias of its own is complete', (t) => {
  t.deepEqual(expandShortName('a.example/b', merged, null), {
    references: ['a.example/b'],
    via: 'name',
    file: null,
    problem: null,
  });
});

test('a search list that is empty gives no reference', (t) => {
  const empty = mergeConfs({ file: 'main.conf', conf: read('unqualified-search-registries = []') }, []);
  t.deepEqual(expandShortName('fedora:40', empty, null), {
    references: [],
    via: 'name',
    file: null,
    problem: 'the short name "fedora:40" has no alias, and no search registries are configured',
  });
});

test('a short name with neither alias nor search list has no reference', (t) => {
  const empty = mergeConfs({ file: 'main.conf', conf: read('') }, []);
  t.like(expandShortName('fedora', empty, null), { references: [] });
  t.regex(expandShortName('fedora', empty, null).problem ?? '', /"fedora" has no alias/);
});

test('what is no reference is a problem', (t) => {
  t.regex(expandShortName('Not A Name', merged, null).problem ?? '', /is not an image reference/);
});

const several = expandShortName('other', merged, null);
const strict: readonly (readonly [
  title: string,
  version: string | null,
  mode: string | null,
  isRefused: boolean,
])[] = [
  ['CRI-O 1.34 tries none of several candidates', '1.34.0', null, true],
  ['nor does one that is told to enforce it', '1.36.3', 'enforcing', true],
  ['one with short_name_mode "disabled" tries all', '1.36.3', 'disabled', false],
  ['CRI-O 1.33 tries all', '1.33.9', null, false],
  ['a CRI-O of unknown version counts as one that tries all', null, null, false],
];
for (const [title, version, shortNameMode, isRefused] of strict) {
  test(`of a short name, ${title}`, (t) => {
    const names = refuseAmbiguous('other', several, { version, shortNameMode });
    t.deepEqual(names.references, isRefused ? [] : ['one.example/other', 'two.example/other']);
    t.is(
      names.problem,
      isRefused
        ? `the short name "other" may mean "one.example/other", "two.example/other", and CRI-O ${version ?? ''} tries none of several unless short_name_mode is "disabled" in crio.conf`
        : null,
    );
  });
}

test('of a short name, one candidate is tried by every CRI-O', (t) => {
  const names = expandShortName('fedora', merged, null);
  t.is(refuseAmbiguous('fedora', names, { version: '1.36.3', shortNameMode: null }), names);
});
