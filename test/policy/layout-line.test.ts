// What a line of block YAML begins with, and what follows.
import test from 'ava';
import { readLine } from '../../src/policy/layout-line.ts';

/** `- a: 1` is `list 0, map 2, plain 5`; `word` is text that may have been meant as a key, `text` none. */
const rows: readonly (readonly [line: string, read: string])[] = [
  ['', 'blank'],
  ['   ', 'blank'],
  ['# a: b', 'blank'],
  ['  # a: b', 'blank'],
  ['---', 'marker'],
  ['--- # a', 'marker'],
  ['...', 'marker'],
  ['---a', 'text 0'],
  ['....', 'text 0'],
  ['a ---', 'word 0'],
  ['- ---', 'list 0, text 2'],
  ['a', 'word 0'],
  ['  a b', 'word 2'],
  ['a:b', 'word 0'],
  ['a1 b', 'text 0'],
  ['1a', 'text 0'],
  ['-', 'list 0, none'],
  ['- # a', 'list 0, none'],
  ['-   a', 'list 0, word 4'],
  ['-\ta', 'list 0, word 2'],
  ['- - a: b', 'list 0, list 2, map 4, word 7'],
  ['  - a: 1', 'list 2, map 4, text 7'],
  ['a:', 'map 0, none'],
  ['a : b', 'map 0, word 4'],
  ['a:  b', 'map 0, word 4'],
  ['a b: c', 'map 0, word 5'],
  ['a:b: c', 'map 0, word 5'],
  ['"a: b": c', 'map 0, word 8'],
  ['"a\\": b": c', 'map 0, word 10'],
  ["'a'': b': c", 'map 0, word 10'],
  ['a: # b', 'map 0, none'],
  ['a: &b', 'map 0, none'],
  ['a: !b # c', 'map 0, none'],
  ['a: &bc   # d e', 'map 0, none'],
  ['a: &b c', 'map 0, text 3'],
  ['a: b&c', 'map 0, text 3'],
  ['a: |', 'map 0, block'],
  ['a: >-', 'map 0, block'],
  ['- |', 'list 0, block'],
  ['a: [b: c: d', 'map 0, flow 3'],
  ['a: {b', 'map 0, flow 3'],
  ['a: "b', 'map 0, flow 3'],
  ["a: 'b", 'map 0, flow 3'],
  ['[a]: b', 'flow 0'],
  ['a: b # c: d', 'map 0, word 3'],
  ['a: b:c', 'map 0, word 3'],
  ['a: b#c: d', 'fault 6: this line has a second colon with nothing or a space behind it'],
  ['a: b: c', 'fault 4: this line has a second colon with nothing or a space behind it'],
  ['a: b:', 'fault 4: this line has a second colon with nothing or a space behind it'],
  ['a: b: c # d', 'fault 4: this line has a second colon with nothing or a space behind it'],
  ['-a: b', 'fault 0: no space stands behind the dash'],
  ['- -a: b', 'fault 2: no space stands behind the dash'],
];

for (const [line, expected] of rows) {
  test(`${JSON.stringify(line)} is read as ${expected}`, (t) => {
    t.is(describe(line), expected);
  });
}

function describe(line: string): string {
  const read = readLine(line);
  if (read.type === 'fault') return `fault ${read.column}: ${read.message}`;
  if (read.type !== 'content') return read.type;
  const { heads, value } = read;
  const shown = heads.map(({ type, column }) => `${type} ${column}`);
  if (value.type === 'plain') shown.push(`${value.isWord ? 'word' : 'text'} ${value.column}`);
  else shown.push(value.type === 'flow' ? `flow ${value.column}` : value.type);
  return shown.join(', ');
}
