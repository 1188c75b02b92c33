// What stays of one table while a file behind it cannot be read, and a record names the files.
import test from 'ava';
import type { Unreadable } from '../../src/compose/in-force.ts';
import { carryRecorded } from '../../src/compose/recorded-table.ts';
import type { Registry } from '../../src/registries/model.ts';
import { blameOf, entryIn, keptIn, lost, named, statesOf, tableOf, type Kept } from './loss.ts';

interface Row {
  readonly title: string;
  readonly standing: Registry;
  readonly base?: Registry;
  readonly composed?: Registry;
  /** `location kind` of what readable files name for the scope or one around it. */
  readonly named?: readonly string[];
  readonly marked?: readonly string[];
  /** The files of the table's entries. */
  readonly table?: readonly string[];
  /** The files behind a mirror, where others than those of the table. */
  readonly mirrors?: Readonly<Record<string, readonly string[]>>;
  readonly unreadable?: readonly Unreadable[];
  readonly expected: Kept | null;
}

const of = (...files: readonly string[]): Pick<Kept, 'entries' | 'blame'> => ({
  entries: files,
  blame: files,
});

const rows: readonly Row[] = [
  {
    title: 'nothing of a table that only readable files are behind',
    standing: tableOf([named('m.x')]),
    table: ['kept.yaml'],
    expected: null,
  },
  {
    title: 'nothing of a table that the record does not know',
    standing: tableOf([named('m.x')]),
    expected: null,
  },
  {
    title: 'each mirror of a table of the lost file, for each kind that it serves',
    standing: tableOf([named('m.x'), named('n.x digest-only'), named('o.x tag-only')]),
    table: ['lost.yaml'],
    expected: {
      mirrors: [
        'digest m.x < lost.yaml',
        'digest n.x < lost.yaml',
        'tag m.x < lost.yaml',
        'tag o.x < lost.yaml',
      ],
      ...of('lost.yaml'),
    },
  },
  {
    title: 'a table of which one mirror alone is of the lost file',
    standing: tableOf([named('m.x'), named('n.x')]),
    composed: tableOf([named('n.x', 'kept.yaml')]),
    table: ['kept.yaml'],
    mirrors: { 'm.x': ['lost.yaml'] },
    expected: {
      mirrors: [
        'digest m.x < lost.yaml',
        'digest n.x < kept.yaml',
        'tag m.x < lost.yaml',
        'tag n.x < kept.yaml',
      ],
      entries: [],
      blame: ['lost.yaml'],
    },
  },
  {
    title: 'a table below a source, which has mirrors of the lost file and no entry of its own',
    standing: tableOf([named('m.x digest-only')]),
    mirrors: { 'm.x digest-only': ['lost.yaml'] },
    expected: { mirrors: ['digest m.x < lost.yaml'], entries: [], blame: ['lost.yaml'] },
  },
  {
    title: 'of the entries behind the table those that nobody can read, each file to blame once',
    standing: tableOf([]),
    table: ['kept.yaml', 'lost.yaml', 'other.yaml', 'lost.yaml'],
    unreadable: [lost, { path: 'other.yaml', type: 'file' }],
    expected: { mirrors: [], ...of('lost.yaml', 'other.yaml') },
  },
  {
    title: 'the directory to blame once for two files in it',
    standing: tableOf([]),
    table: ['d/a.yaml', 'd/b.yaml'],
    unreadable: [{ path: 'd', type: 'directory' }],
    expected: { mirrors: [], entries: ['d/a.yaml', 'd/b.yaml'], blame: ['d'] },
  },
  {
    title: 'no mirror of a kind that nothing unreadable is behind',
    standing: tableOf([named('m.x digest-only'), named('t.x tag-only')]),
    composed: tableOf([named('t.x tag-only', 'kept.yaml')]),
    table: ['lost.yaml', 'kept.yaml'],
    mirrors: { 'm.x digest-only': ['lost.yaml'], 't.x tag-only': ['kept.yaml'] },
    expected: { mirrors: ['digest m.x < lost.yaml'], ...of('lost.yaml') },
  },
  {
    title: "a mirror of the administrator's in a table of a policy, with no file behind it",
    standing: tableOf([named('m.x'), named('own.x')]),
    table: ['lost.yaml'],
    mirrors: { 'own.x': [] },
    expected: {
      mirrors: ['digest m.x < lost.yaml', 'digest own.x <', 'tag m.x < lost.yaml', 'tag own.x <'],
      ...of('lost.yaml'),
    },
  },
  {
    title: 'no mirror that the administrator has taken out of a table of his own',
    standing: tableOf([named('own.x'), named('m.x')]),
    base: tableOf([]),
    table: ['lost.yaml'],
    mirrors: { 'own.x': [] },
    expected: { mirrors: ['digest m.x < lost.yaml', 'tag m.x < lost.yaml'], ...of('lost.yaml') },
  },
  {
    title: 'no mirror that the administrator has himself, with or without a slash at its end',
    standing: tableOf([named('own.x'), named('other.x'), named('m.x')]),
    base: tableOf([named('own.x/'), named('other.x')]),
    table: ['lost.yaml'],
    expected: { mirrors: ['digest m.x < lost.yaml', 'tag m.x < lost.yaml'], ...of('lost.yaml') },
  },
  {
    title: 'a mirror that the administrator has for the other kind only',
    standing: tableOf([named('m.x tag-only'), named('m.x digest-only')]),
    base: tableOf([named('m.x tag-only')]),
    table: ['lost.yaml'],
    expected: { mirrors: ['digest m.x < lost.yaml'], ...of('lost.yaml') },
  },
  {
    title: 'a mirror of a lost and a readable file, as of both where that one still names it',
    standing: tableOf([named('m.x digest-only'), named('n.x digest-only')]),
    composed: tableOf([named('m.x digest-only', 'kept.yaml'), named('n.x tag-only', 'kept.yaml')]),
    table: ['kept.yaml', 'lost.yaml'],
    expected: {
      mirrors: ['digest m.x < kept.yaml lost.yaml', 'digest n.x < lost.yaml'],
      ...of('lost.yaml'),
    },
  },
  {
    title: 'no mirror that only readable files named, and none names any more',
    standing: tableOf([named('m.x digest-only'), named('n.x digest-only'), named('o.x digest-only')]),
    composed: tableOf([named('other.x digest-only', 'kept.yaml')]),
    named: ['o.x digest', 'n.x tag'],
    table: ['lost.yaml'],
    mirrors: { 'n.x digest-only': ['kept.yaml'], 'o.x digest-only': ['kept.yaml'] },
    expected: { mirrors: ['digest m.x < lost.yaml', 'digest o.x < kept.yaml'], ...of('lost.yaml') },
  },
  {
    title: 'the mark of an insecure mirror, unless a scope marks it anyway',
    standing: tableOf([named('m.x! digest-only'), named('n.x! digest-only'), named('o.x digest-only')]),
    marked: ['n.x', 'o.x'],
    table: ['lost.yaml'],
    expected: {
      mirrors: ['digest m.x! < lost.yaml', 'digest n.x < lost.yaml', 'digest o.x < lost.yaml'],
      ...of('lost.yaml'),
    },
  },
];

for (const { title, table = [], mirrors = {}, unreadable = [lost], expected, ...states } of rows) {
  test(`by the record, what stays is: ${title}`, (t) => {
    const provenance = {
      tables: table.length === 0 ? {} : { 'a.com': table.map((file) => entryIn(file)) },
      mirrors: { 'a.com': mirrors },
      search: [],
    };
    const carried = carryRecorded(statesOf(states), provenance, blameOf(unreadable));
    t.deepEqual(carried === null ? null : keptIn(carried), expected);
    t.is(carried?.standing, carried === null ? undefined : states.standing);
  });
}

test('by the record, the mark of the table stays', (t) => {
  const provenance = { tables: { 'a.com': [entryIn('lost.yaml')] }, mirrors: {}, search: [] };
  for (const insecure of [true, false]) {
    const states = statesOf({ standing: tableOf([], { insecure }) });
    t.is(carryRecorded(states, provenance, blameOf([lost]))?.isInsecure, insecure);
  }
});
