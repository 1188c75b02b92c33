// What of a file is left once what icspd added is taken out of it.
import test from 'ava';
import { compareConfs } from '../../src/registries/compare.ts';
import { subtractAdded } from '../../src/registries/subtract.ts';
import { read } from './build.ts';

const table = (location: string, ...flags: readonly string[]): string =>
  `[[registry]]\nlocation = "${location}"\n${flags.map((flag) => `${flag} = true\n`).join('')}`;
const mirror = (location: string, rest = ''): string =>
  `[[registry.mirror]]\nlocation = "${location}"\n${rest}`;
const wildcard = (prefix: string): string => `[[registry]]\nprefix = "${prefix}"\n`;
const search = (...hosts: readonly string[]): string =>
  `unqualified-search-registries = ${JSON.stringify(hosts)}\n`;
const insecure = 'insecure = true\n';
const forDigests = 'pull-from-mirror = "digest-only"\n';
const forTags = 'pull-from-mirror = "tag-only"\n';

interface Row {
  readonly title: string;
  readonly found: string;
  readonly written: string;
  readonly base?: string;
  /** What is left. */
  readonly left: string;
  /** What is listed if the found file is the written one, edited. */
  readonly altered?: readonly string[];
  /** What is listed if it may be any other file. */
  readonly alteredElsewhere?: readonly string[];
  readonly hasTaken: boolean;
}

const rows: readonly Row[] = [
  {
    title: 'a table that was added goes',
    found: table('a.com') + mirror('m.x') + table('b.com'),
    written: table('a.com') + mirror('m.x'),
    left: table('b.com'),
    hasTaken: true,
  },
  {
    title: 'a table that was changed is again what it was',
    found: table('a.com') + mirror('own.x') + mirror('m.x'),
    written: table('a.com') + mirror('own.x') + mirror('m.x'),
    base: table('a.com') + mirror('own.x'),
    left: table('a.com') + mirror('own.x'),
    hasTaken: true,
  },
  {
    title: 'a table that was left as it was is left again, though somebody changed it',
    found: table('a.com', 'blocked') + mirror('n.x'),
    written: table('a.com') + mirror('m.x'),
    base: table('a.com') + mirror('m.x'),
    left: table('a.com', 'blocked') + mirror('n.x'),
    hasTaken: false,
  },
  {
    title: 'a mirror that somebody put beside ours stays, without ours',
    found: table('a.com') + mirror('m.x') + mirror('n.x'),
    written: table('a.com') + mirror('m.x'),
    left: table('a.com') + mirror('n.x'),
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'of ours with a mirror taken out nothing is left',
    found: table('a.com') + mirror('m.x/'),
    written: table('a.com') + mirror('m.x') + mirror('n.x'),
    left: '',
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'our mirror that somebody made insecure is his',
    found: table('a.com') + mirror('m.x', insecure),
    written: table('a.com') + mirror('m.x'),
    left: table('a.com') + mirror('m.x', insecure),
    altered: ['a.com'],
    hasTaken: false,
  },
  {
    title: 'our mirror that somebody made serve tags only is his',
    found: table('a.com') + mirror('m.x', forTags),
    written: table('a.com') + mirror('m.x'),
    left: table('a.com') + mirror('m.x', forTags),
    altered: ['a.com'],
    hasTaken: false,
  },
  {
    title: 'a mirror of the administrator that we made insecure is secure again',
    found: table('a.com') + mirror('m.x', insecure) + mirror('n.x'),
    written: table('a.com') + mirror('m.x', insecure),
    base: table('a.com') + mirror('m.x/'),
    left: table('a.com') + mirror('m.x') + mirror('n.x'),
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'a mirror of ours for other pulls than that of the administrator goes',
    found: table('a.com') + mirror('m.x', forTags) + mirror('n.x'),
    written: table('a.com') + mirror('m.x', forDigests) + mirror('m.x', forTags),
    base: table('a.com') + mirror('m.x', forDigests),
    left: table('a.com') + mirror('n.x'),
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'flags that were added go, those of the administrator stay',
    found: table('a.com', 'blocked', 'insecure') + mirror('n.x'),
    written: table('a.com', 'blocked', 'insecure'),
    base: table('a.com', 'insecure'),
    left: table('a.com', 'insecure') + mirror('n.x'),
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'the other way round too',
    found: table('a.com', 'blocked', 'insecure') + mirror('n.x'),
    written: table('a.com', 'blocked', 'insecure'),
    base: table('a.com', 'blocked'),
    left: table('a.com', 'blocked') + mirror('n.x'),
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'flags that somebody set on our table are his',
    found: table('a.com', 'blocked', 'insecure') + mirror('m.x'),
    written: table('a.com') + mirror('m.x'),
    left: table('a.com', 'blocked', 'insecure'),
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'a blocked table that somebody opened is gone, for it says nothing but its name',
    found: table('a.com', 'insecure'),
    written: table('a.com', 'blocked', 'insecure'),
    left: '',
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'a table of ours that somebody sends elsewhere stays',
    found: `[[registry]]\nprefix = "a.com"\nlocation = "b.com"\n${mirror('m.x')}`,
    written: table('a.com') + mirror('m.x'),
    left: '[[registry]]\nprefix = "a.com"\nlocation = "b.com"\n',
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'a wildcard of ours without anything left is gone',
    found: wildcard('*.a.com') + 'insecure = true\n',
    written: `${wildcard('*.a.com')}blocked = true\n${insecure}`,
    left: '',
    altered: ['*.a.com'],
    alteredElsewhere: ['*.a.com'],
    hasTaken: true,
  },
  {
    title: 'a key that somebody wrote into our table stays with it',
    found: `${table('a.com')}unknown = 1\n${mirror('m.x')}`,
    written: table('a.com') + mirror('m.x'),
    left: `${table('a.com')}unknown = 1\n`,
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'an opened table of the administrator stays, though it says nothing but its name',
    found: table('a.com') + mirror('m.x/'),
    written: table('a.com') + mirror('m.x') + mirror('n.x'),
    base: table('a.com'),
    left: table('a.com'),
    altered: ['a.com'],
    alteredElsewhere: ['a.com'],
    hasTaken: true,
  },
  {
    title: 'a second table of our scope, which CRI-O ignores, is not looked at',
    found: table('a.com') + mirror('m.x') + table('a.com') + mirror('m.x'),
    written: table('a.com') + mirror('m.x'),
    left: table('a.com') + mirror('m.x'),
    hasTaken: true,
  },
  {
    title: 'a table of ours that somebody took out is listed',
    found: table('b.com'),
    written: table('a.com') + mirror('m.x') + table('b.com'),
    base: table('b.com'),
    left: table('b.com'),
    altered: ['a.com'],
    hasTaken: false,
  },
  {
    title: 'a table of the administrator that he took out is not',
    found: '',
    written: table('a.com'),
    base: table('a.com'),
    left: '',
    hasTaken: false,
  },
  {
    title: 'our search list gives way to that of the administrator',
    found: search('ours.x'),
    written: search('ours.x'),
    base: search('his.x'),
    left: search('his.x'),
    hasTaken: true,
  },
  {
    title: 'our search list goes',
    found: search('ours.x'),
    written: search('ours.x'),
    left: '',
    hasTaken: true,
  },
  {
    title: 'a search list that was never ours stays, changed or not',
    found: search('his.x', 'more.x'),
    written: search('his.x'),
    base: search('his.x'),
    left: search('his.x', 'more.x'),
    hasTaken: false,
  },
  {
    title: 'our search list that somebody changed is his',
    found: search('ours.x', 'more.x'),
    written: search('ours.x'),
    left: search('ours.x', 'more.x'),
    altered: ['unqualified-search-registries'],
    hasTaken: false,
  },
];

for (const {
  title,
  found,
  written,
  base = '',
  left,
  altered = [],
  alteredElsewhere = [],
  hasTaken,
} of rows) {
  for (const isEdited of [true, false]) {
    test(`${title}, ${isEdited ? 'in the file that was written' : 'in another file'}`, (t) => {
      const result = subtractAdded({
        found: read(found),
        written: read(written),
        base: read(base),
        isEdited,
      });
      t.deepEqual(
        compareConfs(read(left), result.conf).map(({ sentence }) => sentence),
        [],
      );
      t.is(result.conf.registries.length, read(left).registries.length);
      t.deepEqual(result.altered, isEdited ? altered : alteredElsewhere);
      t.is(result.hasTaken, hasTaken);
    });
  }
}
