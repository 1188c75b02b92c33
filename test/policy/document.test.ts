// Texts that are not read to their end: where, and what is said.
import test from 'ava';
import { readDocuments } from '../../src/policy/document.ts';
import { decodeSource } from '../../src/policy/source-text.ts';

function lastOf(text: string): unknown {
  const source = decodeSource('f', new TextEncoder().encode(text));
  return source === null ? null : [...readDocuments(source)].at(-1);
}

const rows: readonly (readonly [title: string, text: string, at: number, message: string, help: string])[] = [
  [
    'control characters',
    'a: \u001b',
    3,
    'the control character U+001B is not allowed in YAML',
    'remove it, or write it as an escape in double quotes',
  ],
  [
    'NUL characters',
    'a: \0',
    3,
    'the control character U+0000 is not allowed in YAML',
    'save the file as UTF-8 text',
  ],
  [
    'brackets without end',
    '['.repeat(200),
    200,
    'the values are nested more than 100 deep',
    'check the brackets and the indentation from here on',
  ],
  [
    'hundreds of errors in one document',
    `a: ${'@\n'.repeat(600)}`,
    3,
    'a value cannot begin with this character',
    'put the value in quotes',
  ],
];

for (const [title, text, at, message, help] of rows) {
  test(`nothing is read behind ${title}`, (t) => {
    t.deepEqual(lastOf(`${text}\n---\nb: 1\n`), {
      root: null,
      fault: { name: 'yamlSyntax', at, message, help },
      unknownTag: null,
    });
  });
}

const limits: readonly (readonly [title: string, text: string, at: number, message: string])[] = [
  ['10 000 documents', 'a\n---\n'.repeat(10_002), 60_011, 'the file has more than 10 000 documents'],
  [
    '300 000 lexemes',
    `[${'a,'.repeat(150_001)}]`,
    200_000,
    'the file has more values than 10 000 entries can need',
  ],
];

for (const [title, text, at, message] of limits) {
  test(`nothing is read behind ${title}`, (t) => {
    t.deepEqual(lastOf(text), {
      root: null,
      fault: { name: 'tooManyEntries', at, message, help: 'split it into several files' },
      unknownTag: null,
    });
  });
}

test('99 levels, 10 000 documents and a few hundred errors are read', (t) => {
  t.like(lastOf('['.repeat(199) + ']'.repeat(199)), { fault: null });
  t.like(lastOf('a\n---\n'.repeat(9_999)), { fault: null });
  t.like(lastOf(`a: ${'@\n'.repeat(100)}---\nb: 1\n`), { root: { type: 'map' }, fault: null });
});
