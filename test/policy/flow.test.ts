// Where brackets and quotes end, and which of them do not.
import test from 'ava';
import { findFlowEnd } from '../../src/policy/flow.ts';

/** The value begins at `from`; its key stands in the 0-based column `parent`. `rest` is what is left behind it. */
const ends: readonly (readonly [
  title: string,
  text: string,
  rest: string,
  from?: number,
  parent?: number,
])[] = [
  ['a list', '[a, b] c', ' c'],
  ['a map', '{a: [b], c: {}} d', ' d'],
  ['a quote', '"a" b', ' b'],
  ['an escape in double quotes', '"a\\"b" c', ' c'],
  ['an escaped line end in double quotes', '"a\\\nb" c', ' c'],
  ['a doubled quote in single quotes', "'a''b' c", ' c'],
  ['a value behind its key', 'k: [a] b', ' b', 3],
  ['a quote behind a letter, where it begins the value', 'k"a" b"', ' b"', 1],
  ['a bracket in double quotes', '[a, "]"] b', ' b'],
  ['a bracket in single quotes', "[a, ']'] b", ' b'],
  ['a quote behind a bracket', '["]"] b', ' b'],
  ['a quote behind a brace', '{"}": 1} b', ' b'],
  ['a quote behind a comma', '[a,"]"] b', ' b'],
  ['a quote behind a colon', '{"a":"}"} b', ' b'],
  ['a quote behind a line end', '[a,\n"]"] b', ' b'],
  ['quotes in a word', `[it's a 5" b] c`, ' c'],
  ['a comment with a bracket', '[a # ]\n ] b', ' b'],
  ['a comment behind a tab', '[a\t# ]\n ] b', ' b'],
  ['a comment with a quote', '[a # it\'s "\n, "b"] c', ' c'],
  ['a hash in a word', '[a#] b', ' b'],
  ['further lines', '[a,\n  b,\n c] d', ' d', 0, 0],
  ['blank lines and comments at the left edge', '[a,\n\n# c ]\n  \n  b] d', ' d', 0, 0],
  ['lines at the left edge where nothing has the value', '[\na\n] b', ' b'],
  ['dashes that are no marker', '[a,\n---b,\n --- c] d', ' d'],
  ['three dots in a word', '[a,\n...b] c', ' c'],
  ['a closing bracket alone', '] a', ' a'],
];

for (const [title, text, rest, from = 0, parent = -1] of ends) {
  test(`the end is found: ${title}`, (t) => {
    t.deepEqual(findFlowEnd(text, from, parent), { offset: text.length - rest.length - 1 });
  });
}

const list = 'the bracket [ is not closed; write ] where the list ends';
const map = 'the bracket { is not closed; write } where the map ends';
const quote = 'the quote is not closed; write the same quote where the text ends';
const shallow =
  'this line stands inside brackets, but is not indented further than the key before them; begin it in column 5 or further to the right';
const kinds = 'write [ and ] around a list, { and } around a map';

/** The key stands in column 3. */
const faults: readonly (readonly [title: string, text: string, at: number, said: string])[] = [
  ['a list', '[a, b', 0, list],
  ['a map', '{a: b', 0, map],
  ['the innermost bracket', '[{a: [b]', 1, map],
  ['a bracket that only a comment closes', '[a # ]', 0, list],
  ['a double quote', '["a, b]', 1, quote],
  ['a single quote', "[a, 'b]", 4, quote],
  ['a quote that ends in an escape', '"a\\"', 0, quote],
  ['the next key', '[a,\n   b: c]', 0, list],
  ['the next document', '[a,\n---\n    b]', 0, list],
  ['the end of the document', '[a,\n...\n    b]', 0, list],
  ['a brace for a bracket', '[a}', 2, `the bracket } cannot close the [ before it; ${kinds}`],
  ['a bracket for a brace', '{a]', 2, `the bracket ] cannot close the { before it; ${kinds}`],
  ['a bracket too far to the left', '[a,\n   ]', 7, shallow],
  ['a list too far to the left', '[a,\n  [b]]', 6, shallow],
  ['a map too far to the left', '[a,\n  {b: c}]', 6, shallow],
  ['a brace too far to the left', '{a: b\n}', 6, shallow],
  ['a double quote too far to the left', '[a,\n"b"]', 4, shallow],
  ['a single quote too far to the left', "[a,\n'b']", 4, shallow],
];

for (const [title, text, at, said] of faults) {
  test(`the fault is found: ${title}`, (t) => {
    const end = findFlowEnd(text, 0, 3);
    t.true('fault' in end);
    if ('fault' in end) t.deepEqual([end.fault.at, `${end.fault.message}; ${end.fault.help}`], [at, said]);
  });
}
