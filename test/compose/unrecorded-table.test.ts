// What stays of one table while files cannot be read, and nothing says which files were behind it.
import test from 'ava';
import { carryUnrecorded } from '../../src/compose/unrecorded-table.ts';
import type { Registry } from '../../src/registries/model.ts';
import { keptIn, lost, named, statesOf, tableOf } from './loss.ts';

interface Row {
  readonly title: string;
  readonly standing: Registry;
  readonly base?: Registry;
  readonly composed?: Registry;
  readonly marked?: readonly string[];
  /** The mirrors that stay; null where nothing does. */
  readonly expected: readonly string[] | null;
}

const m = named('m.x digest-only', 'kept.yaml');
const n = named('n.x digest-only', 'kept.yaml');

const rows: readonly Row[] = [
  {
    title: 'a table that nothing readable asks for stays whole',
    standing: tableOf([named('m.x'), named('n.x!')]),
    expected: [
      'digest m.x < lost.yaml',
      'digest n.x! < lost.yaml',
      'tag m.x < lost.yaml',
      'tag n.x! < lost.yaml',
    ],
  },
  {
    title: 'a table that nothing readable asks for stays, also without mirrors',
    standing: tableOf([]),
    expected: [],
  },
  {
    title: 'a table that readable files give as it stands is theirs',
    standing: tableOf([m, n]),
    composed: tableOf([m, n]),
    expected: null,
  },
  {
    title: "the administrator's own table is his",
    standing: tableOf([m], { blocked: true, insecure: true }),
    base: tableOf([m], { blocked: true, insecure: true }),
    composed: tableOf([m], { blocked: true, insecure: true }),
    expected: null,
  },
  {
    title: 'what readable files block and mark more than what stands explains it',
    standing: tableOf([]),
    composed: tableOf([], { blocked: true, insecure: true }),
    expected: null,
  },
  {
    title: 'a block that nothing readable asks for keeps the table, whose mirrors are then of all',
    standing: tableOf([m, n], { blocked: true, insecure: true }),
    composed: tableOf([m, n], { insecure: true }),
    expected: ['digest m.x < kept.yaml lost.yaml', 'digest n.x < kept.yaml lost.yaml'],
  },
  {
    title: 'a mark that nothing readable asks for keeps the table',
    standing: tableOf([m], { blocked: true, insecure: true }),
    composed: tableOf([m], { blocked: true }),
    expected: ['digest m.x < kept.yaml lost.yaml'],
  },
  {
    title: 'a mirror more than readable files give keeps the table; theirs stay theirs',
    standing: tableOf([m, n]),
    composed: tableOf([m]),
    expected: ['digest m.x < kept.yaml', 'digest n.x < lost.yaml'],
  },
  {
    title: 'a mirror less than readable files give keeps the table: something unreadable was in its way',
    standing: tableOf([m]),
    composed: tableOf([m, n]),
    expected: ['digest m.x < kept.yaml lost.yaml'],
  },
  {
    title: 'another order than readable files give keeps the table',
    standing: tableOf([m, n]),
    composed: tableOf([n, m]),
    expected: ['digest m.x < kept.yaml lost.yaml', 'digest n.x < kept.yaml lost.yaml'],
  },
  {
    title: 'another mirror of as many keeps the table',
    standing: tableOf([m, n]),
    composed: tableOf([m, named('o.x digest-only', 'kept.yaml')]),
    expected: ['digest m.x < kept.yaml', 'digest n.x < lost.yaml'],
  },
  {
    title: 'a mirror for the other kind keeps the table, and of what it gives to a kind that alone',
    standing: tableOf([named('m.x', 'kept.yaml'), named('n.x digest-only')]),
    composed: tableOf([m, named('n.x tag-only', 'kept.yaml')]),
    expected: ['digest m.x < kept.yaml', 'digest n.x < lost.yaml', 'tag m.x < lost.yaml'],
  },
  {
    title: "the administrator's mirrors in it are his, with or without a slash at the end",
    standing: tableOf([named('own.x'), named('m.x')]),
    base: tableOf([named('own.x/')]),
    composed: tableOf([named('own.x/')]),
    expected: ['digest m.x < lost.yaml', 'tag m.x < lost.yaml'],
  },
  {
    title: 'a mark that a scope gives is not kept with the mirror',
    standing: tableOf([named('m.x! digest-only')]),
    marked: ['m.x'],
    expected: ['digest m.x < lost.yaml'],
  },
];

for (const { title, expected, ...states } of rows) {
  test(`without a record, ${title}`, (t) => {
    const carried = carryUnrecorded(statesOf(states), [lost]);
    t.deepEqual(
      carried === null ? null : keptIn(carried),
      expected === null ? null : { mirrors: expected, entries: ['lost.yaml'], blame: ['lost.yaml'] },
    );
    if (carried === null) return;
    t.is(carried.standing, states.standing);
    t.is(carried.isInsecure, states.standing.insecure);
  });
}
