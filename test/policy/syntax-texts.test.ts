// What is said, word by word, of a policy file that is no YAML.
import test from 'ava';
import { FINDINGS } from '../../src/finding.ts';
import { read } from './reading.ts';

const head = 'apiVersion: v1\nkind: A\n';

/** Each finding about the YAML as `line:column message; help`. */
const rows: readonly (readonly [what: string, text: string, said: readonly string[]])[] = [
  [
    'an alias without a name',
    `${head}a: *\n`,
    ['3:4 the alias is not well formed; write the value out, or quote the text if it is no alias'],
  ],
  [
    'an alias with an anchor',
    `${head}a: &a b\nc: &d *a\n`,
    ['4:7 an alias cannot have an anchor or tag; write the value out'],
  ],
  ['two anchors', `${head}a: &b &c d\n`, ['3:7 a value cannot have two anchors; keep one of them']],
  [
    'an unknown escape',
    `${head}a: "\\q"\n`,
    ['3:5 the escape after the backslash is not known; use single quotes, or double the backslash'],
  ],
  [
    'a value that begins with an at sign',
    `${head}a: @b\n`,
    ['3:4 a value cannot begin with this character; put the value in quotes'],
  ],
  [
    'a value that begins with a percent sign',
    `${head}a: %b\n`,
    ['3:4 a value cannot begin with this character; put the value in quotes'],
  ],
  [
    'two tags',
    'apiVersion: config.openshift.io/v1\nkind: ImageTagMirrorSet\nmetadata: {name: !!str !!int a}\nspec: {}\n',
    ['3:24 the tag is not one of YAML 1.2; remove the word that begins with !'],
  ],
  [
    'a tag of a map on a list',
    'apiVersion: config.openshift.io/v1\nkind: ImageTagMirrorSet\nmetadata: {name: a}\nspec: !!map []\n',
    ['4:7 the tag is not one of YAML 1.2; remove the word that begins with !'],
  ],
  [
    'a key of more than 1024 characters',
    `${head}"${'k'.repeat(1030)}": b\n`,
    ['3:1 a key must be short and stand on one line; look for a missing colon, quote or line break'],
  ],
  [
    'a list as a key',
    `${head}a: b\n- c\n`,
    ['4:1 a key must be short and stand on one line; look for a missing colon, quote or line break'],
  ],
  ['a tab before a key', `${head}a:\n\tb: c\n`, ['4:1 a tab indents this line; indent with spaces']],
  [
    'a list in brackets without a comma',
    `${head}a: ["b" "c"]\n`,
    ['3:9 a bracket, quote, comma, colon or --- is missing; look at this line and the one before it'],
  ],
  [
    'a map in brackets without a comma',
    `${head}a: {b: c\n  d: e}\n`,
    ['3:8 a key must be short and stand on one line; look for a missing colon, quote or line break'],
  ],
  [
    'a closing bracket alone',
    `${head}a: b]\n]\n`,
    ['4:1 this is not valid YAML or JSON; look at this line and the one before it'],
  ],
  [
    'a document behind text',
    `${head}a: "b" c\n`,
    ['3:8 this is not valid YAML or JSON; look at this line and the one before it'],
  ],
  [
    'text behind a quote',
    `${head}a: 'b' c\n`,
    ['3:8 this is not valid YAML or JSON; look at this line and the one before it'],
  ],
  [
    'a block header with a word',
    `${head}a: | b\n  c\n`,
    ['3:6 this is not valid YAML or JSON; look at this line and the one before it'],
  ],
  [
    'text behind the end of a document',
    `${head}... b\n`,
    ['3:5 this is not valid YAML or JSON; look at this line and the one before it'],
  ],
  [
    'a value on two lines with a colon',
    `${head}a: b\n  c: d\n`,
    ['4:3 this line is indented by 2 columns too far; begin it in column 1 as on line 3'],
  ],
  [
    'two values',
    `${head}a: b: c\n`,
    [
      '3:5 this line has a second colon with nothing or a space behind it; put the value in quotes, or begin a new line',
    ],
  ],
  [
    'a quote that ends the file',
    `${head}a: "b\n`,
    ['3:4 the quote is not closed; write the same quote where the text ends'],
  ],
  [
    'a comma alone',
    `${head}a: [,]\n`,
    ['3:5 this is not valid YAML or JSON; look at this line and the one before it'],
  ],
  [
    'a word with an anchor as a key',
    `${head}&a b: c\nd: *a e\n`,
    ['4:7 this is not valid YAML or JSON; look at this line and the one before it'],
  ],
  [
    'a list between keys at one depth',
    `${head}a:\n- b\nc\nd: e\n`,
    [
      '5:1 no colon stands behind the key on this line; write a colon behind the key, and a space or a new line behind the colon',
    ],
  ],
  [
    'a key behind a block of text',
    `${head}a: |\n b\nc: d\n e: f\n`,
    ['6:2 this line is indented by 1 column too far; begin it in column 1 as on line 5'],
  ],
  [
    'a key behind a folded text with an empty line',
    `${head}a: >\n\n  b\n\nc: d\n  e: f\n`,
    ['8:3 this line is indented by 2 columns too far; begin it in column 1 as on line 7'],
  ],
  [
    'a block of text at the end of the file',
    `${head}b: c\n  d: e\na: |\n  x`,
    ['4:3 this line is indented by 2 columns too far; begin it in column 1 as on line 3'],
  ],
  [
    'a key deeper than a list item of a list',
    `${head}a:\n- - b: c\n     d: e\n`,
    ['5:6 this line is indented by 1 column too far; begin it in column 5 as on line 4'],
  ],
  [
    'an item less deep than its list',
    `${head}a:\n  - b\n - c\n`,
    ['5:2 this line is indented by 1 column too little; begin it in column 3 as on line 4'],
  ],
  [
    'an item deeper than its list',
    `${head}a:\n- b: c\n  - d\n`,
    ['5:3 this line is indented by 2 columns too far; begin it in column 1 as on line 4'],
  ],
  [
    'an item below the text of its key',
    `${head}a: b\n- c\n`,
    ['4:1 a key must be short and stand on one line; look for a missing colon, quote or line break'],
  ],
  [
    'a word before an item',
    `${head}a\n- b\n`,
    [
      '3:1 no colon stands behind the key on this line; write a colon behind the key, and a space or a new line behind the colon',
    ],
  ],
  [
    'two words before a key',
    `${head}a:\n  b c\n  d: e\n`,
    [
      '4:3 no colon stands behind the key on this line; write a colon behind the key, and a space or a new line behind the colon',
    ],
  ],
  [
    'a word with digits before a key',
    `${head}a:\n  b1 c\n  d: e\n`,
    ['5:3 this line is indented by 2 columns too far; begin it in column 1 as on line 3'],
  ],
  [
    'a word less deep than the key behind it',
    `${head}a:\n b\n  c: d\n`,
    [
      '4:2 no colon stands behind the key on this line; write a colon behind the key, and a space or a new line behind the colon',
    ],
  ],
  [
    'a word deeper than the key behind it',
    `${head}a:\n   b\n  c: d\n`,
    ['5:3 this line is indented by 2 columns too far; begin it in column 1 as on line 3'],
  ],
  [
    'a list in brackets below a key',
    `${head}a:\n  [b,\n  c\n d: e\n`,
    ['4:3 the bracket [ is not closed; write ] where the list ends'],
  ],
  ['a list in brackets alone', '[a,\nb\n', ['1:1 the bracket [ is not closed; write ] where the list ends']],
  [
    'a list in brackets as an item',
    `${head}a:\n- [b,\nc]\n- d\n e: f\n`,
    ['4:3 the bracket [ is not closed; write ] where the list ends'],
  ],
  [
    'a comment between',
    `${head}a: b\n# c\n  d: e\n`,
    ['5:3 this line is indented by 2 columns too far; begin it in column 1 as on line 3'],
  ],
  [
    'a mistake in the second document',
    `${head}---\n${head}a: b\n   c: d\n`,
    ['7:4 this line is indented by 3 columns too far; begin it in column 1 as on line 6'],
  ],
  [
    'a mistake behind the end of a document',
    `${head}...\n${head}a: b\n   c: d\n`,
    ['7:4 this line is indented by 3 columns too far; begin it in column 1 as on line 6'],
  ],
  [
    'a mistake behind two markers',
    `${head}---\n...\n---\na: b\n  c: d\n`,
    ['7:3 this line is indented by 2 columns too far; begin it in column 1 as on line 6'],
  ],
  [
    'three columns',
    `${head}x: y\n   z: w\n`,
    ['4:4 this line is indented by 3 columns too far; begin it in column 1 as on line 3'],
  ],
  [
    'one column',
    `${head}x: y\n z: w\n`,
    ['4:2 this line is indented by 1 column too far; begin it in column 1 as on line 3'],
  ],
];

for (const [what, text, said] of rows) {
  test(`what is said of ${what}`, (t) => {
    const found = read(text).findings.filter(({ id }) => id === FINDINGS.yamlSyntax.id);
    t.deepEqual(
      found.map(({ line, column, message, help }) => `${line ?? 0}:${column ?? 0} ${message}; ${help}`),
      said,
    );
  });
}
