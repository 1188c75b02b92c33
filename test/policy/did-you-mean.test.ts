// The word that somebody meant.
import test from 'ava';
import { nearestWord, suggest } from '../../src/policy/did-you-mean.ts';

const rows: readonly (readonly [
  title: string,
  word: string,
  candidates: readonly string[],
  nearest: string | null,
])[] = [
  ['the word itself', 'cat', ['cut', 'cat'], 'cat'],
  ['upper case', 'CAT', ['cut', 'cat'], 'cat'],
  ['a candidate in upper case', 'cat', ['CUT', 'CAT'], 'CAT'],
  ['a letter too many', 'cart', ['cat'], 'cat'],
  ['a letter too many at the end', 'cats', ['cat'], 'cat'],
  ['a letter left out', 'cat', ['cart'], 'cart'],
  ['a letter replaced', 'cot', ['cat'], 'cat'],
  ['the first two letters swapped', 'act', ['cat'], 'cat'],
  ['the last two letters swapped', 'cta', ['cat'], 'cat'],
  ['letters swapped twice', 'badcef', ['abcdef'], 'abcdef'],
  ['letters swapped that are not neighbours', 'tac', ['cat'], null],
  ['letters moved in a circle', 'bca', ['abc'], null],
  ['a letter swapped and another one too many', 'xact', ['cat'], null],
  ['two letters of three wrong', 'cog', ['cat'], null],
  ['one letter of two wrong', 'ct', ['cat'], null],
  ['two letters of six wrong', 'abcdxy', ['abcdef'], 'abcdef'],
  ['three letters of six wrong', 'abcxyz', ['abcdef'], null],
  ['of equals the first', 'cat', ['cot', 'cut'], 'cot'],
  ['the nearest, wherever it stands', 'abcdef', ['abcdxy', 'abcdex', 'abcxyf'], 'abcdex'],
  ['no word', '', ['a'], null],
  ['as long as names of fields are', 'a'.repeat(64), ['a'.repeat(63)], 'a'.repeat(63)],
  ['longer than any name of a field', 'a'.repeat(65), ['a'.repeat(64)], null],
];

for (const [title, word, candidates, nearest] of rows) {
  test(`what is nearest: ${title}`, (t) => {
    t.is(nearestWord(word, candidates), nearest);
  });
}

test('a help names the nearest word, or all where none is near', (t) => {
  t.is(suggest('sorce', ['source', 'mirrors']), 'did you mean source?');
  t.is(suggest('x', ['source', 'mirrors']), 'write one of: source, mirrors');
});
