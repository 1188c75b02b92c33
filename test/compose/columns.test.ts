// Findings that know the line of an entry get its column.
import test from 'ava';
import { giveColumns } from '../../src/compose/columns.ts';
import { finding, type Finding } from '../../src/finding.ts';
import { image, rule } from './world.ts';

const content = {
  objects: [],
  rules: [
    { ...rule({ source: 'a.com', mirrors: ['m.x'] }), column: 5 },
    // In one line, as JSON has it: the source at column 5, the mirrors further on.
    {
      ...rule({ source: 'b.com', mirrors: [], line: 20 }),
      mirrors: ['m.x', 'n.x'].map((location, i) => ({ location, line: 20, column: 30 + 10 * i })),
    },
  ],
  registrySources: [
    image({ insecure: ['i.x'], blocked: ['b.x'], search: ['s.x'] }),
    image({ blocked: ['c.x'], file: 'c.yaml' }),
  ],
};

const at = (
  file: string | null,
  line: number | null,
  text: string,
  column: number | null = null,
): Finding => ({
  ...finding('neverNotInherited', null, `it is about "${text}"`, 'none'),
  file,
  line,
  column,
});

const rows: readonly (readonly [title: string, found: Finding, column: number | null])[] = [
  ['a source alone on its line', at('a.yaml', 10, 'a.com'), 5],
  ['a mirror alone on its line', at('a.yaml', 11, 'm.x'), 9],
  ['a source that shares its line', at('a.yaml', 20, 'b.com'), 5],
  ['the mirror that the message names', at('a.yaml', 20, 'n.x'), 40],
  ['what names nothing of the line: the first entry of it', at('a.yaml', 20, 'other'), 30],
  ['an insecure scope', at('image.yaml', 100, 'i.x'), 7],
  ['a blocked scope', at('image.yaml', 200, 'b.x'), 7],
  ['a search registry', at('image.yaml', 300, 's.x'), 7],
  ['a blocked scope of a file without search list', at('c.yaml', 200, 'c.x'), 7],
  ['a line without an entry', at('a.yaml', 99, 'a.com'), null],
  ['the same line of another file', at('other.yaml', 10, 'a.com'), null],
  ['a line of no file', at(null, 10, 'a.com'), null],
  ['a whole file', at('a.yaml', null, 'a.com'), null],
  ['what has a column', at('a.yaml', 10, 'a.com', 3), 3],
];
for (const [title, found, column] of rows) {
  test(`the column of ${title}`, (t) => {
    t.deepEqual(giveColumns([found], content), [{ ...found, column }]);
    // Whatever stands beside it.
    const beside = at('a.yaml', 11, 'm.x');
    t.deepEqual(giveColumns([beside, found], content)[1], { ...found, column });
  });
}

test('where nothing lacks a column, nothing is looked for', (t) => {
  const findings = [at('a.yaml', 10, 'a.com', 3), at('a.yaml', null, 'a.com')];
  t.is(giveColumns(findings, content), findings);
});
