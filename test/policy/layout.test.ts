// What icspd says of a policy whose lines, brackets, quotes or colons are out of place: the line to change, and how.
import test from 'ava';
import fc from 'fast-check';
import { read } from './reading.ts';

const head = `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata:
  name: a
spec:
`;
const second = '  - source: quay.io/b\n    mirrors: [m.example/b]\n';

/** What stands below `spec`, beginning with line 6, and what is said of it. */
const rows: readonly (readonly [what: string, spec: string, said: string])[] = [
  [
    'a key below the text of the key before it',
    '  imageDigestMirrors:\n  - source: quay.io/a\n      mirrors:\n      - m.example/a\n',
    '8:7 this line is indented by 2 columns too far; begin it in column 5 as on line 7',
  ],
  [
    'a key one column below the text of the key before it',
    '  imageDigestMirrors:\n  - source: quay.io/a\n     mirrors: [m.example/a]\n',
    '8:6 this line is indented by 1 column too far; begin it in column 5 as on line 7',
  ],
  [
    'a key below text in quotes',
    '  imageDigestMirrors:\n  - source: "quay.io/a"\n      mirrors:\n      - m.example/a\n',
    '8:7 this line is indented by 2 columns too far; begin it in column 5 as on line 7',
  ],
  [
    'a key below a list item',
    '  imageDigestMirrors:\n  - mirrors:\n    - m.example/a\n      source: quay.io/a\n',
    '9:7 this line is indented by 2 columns too far; begin it in column 5 as on line 7',
  ],
  [
    'a key below a list in brackets',
    '  imageDigestMirrors:\n  - mirrors: [m.example/a]\n      source: quay.io/a\n',
    '8:7 this line is indented by 2 columns too far; begin it in column 5 as on line 7',
  ],
  [
    'a key one column too far to the left',
    '  imageDigestMirrors:\n  - source: quay.io/a\n   mirrors:\n    - m.example/a\n',
    '8:4 this line begins in column 4, where nothing before it begins; begin it in column 5 as on line 7, or in column 3 as on line 6',
  ],
  [
    'a key between two levels, behind comments and blank lines',
    '  imageDigestMirrors:\n    - source: quay.io/a # the source\n\n      # the mirrors\n   mirrors:\n    - m.example/a\n',
    '10:4 this line begins in column 4, where nothing before it begins; begin it in column 7 as on line 7, or in column 3 as on line 6',
  ],
  [
    'an item one column too far to the left',
    '  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors:\n    - m.example/a\n - source: quay.io/b\n',
    '10:2 this line is indented by 1 column too little; begin it in column 3 as on line 7',
  ],
  [
    'an item at the left edge',
    '  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors:\n    - m.example/a\n- source: quay.io/b\n',
    '10:1 this line is indented by 2 columns too little; begin it in column 3 as on line 7',
  ],
  [
    'a mirror one column too far to the left',
    '  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors:\n      - m.example/a\n     - m.example/b\n',
    '10:6 this line begins in column 6, where nothing before it begins; begin it in column 7 as on line 9, or in column 3 as on line 7',
  ],
  [
    'a list whose bracket is closed by a brace',
    `  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors: [m.example/a}\n${second}`,
    '8:26 the bracket } cannot close the [ before it; write [ and ] around a list, { and } around a map',
  ],
  [
    'a brace that a bracket closes',
    `  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors: {a, b]\n${second}`,
    '8:19 the bracket ] cannot close the { before it; write [ and ] around a list, { and } around a map',
  ],
  [
    'a bracket that nothing closes',
    `  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors: [m.example/a, m.example/b\n${second}`,
    '8:14 the bracket [ is not closed; write ] where the list ends',
  ],
  [
    'an inner bracket that nothing closes',
    `  imageDigestMirrors:\n  - {source: quay.io/a, mirrors: [m.example/a}\n${second}`,
    '7:46 the bracket } cannot close the [ before it; write [ and ] around a list, { and } around a map',
  ],
  [
    'a list in brackets that goes on too far to the left',
    '  imageDigestMirrors: [\n  {source: quay.io/a, mirrors: [m.example/a]}]\n',
    '7:3 this line stands inside brackets, but is not indented further than the key before them; begin it in column 4 or further to the right',
  ],
  [
    'a bracket that the end of the document leaves open',
    '  imageDigestMirrors: [\n    {source: quay.io/a},\n---\n',
    '6:23 the bracket [ is not closed; write ] where the list ends',
  ],
  [
    'a quote that nothing closes',
    '  imageDigestMirrors:\n  - source: "quay.io/a\n    mirrors: [m.example/a]\n',
    '7:13 the quote is not closed; write the same quote where the text ends',
  ],
  [
    'a key without a colon before a list',
    '  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors\n    - m.example/a\n',
    '8:5 no colon stands behind the key on this line; write a colon behind the key, and a space or a new line behind the colon',
  ],
  [
    'a key without a colon before its text',
    '  imageDigestMirrors:\n  - source quay.io/a\n    mirrors:\n    - m.example/a\n',
    '7:5 no colon stands behind the key on this line; write a colon behind the key, and a space or a new line behind the colon',
  ],
  [
    'no space behind a colon',
    '  imageDigestMirrors:\n  - source:quay.io/a\n    mirrors:\n    - m.example/a\n',
    '7:5 no colon stands behind the key on this line; write a colon behind the key, and a space or a new line behind the colon',
  ],
  [
    'no space behind a dash',
    '  imageDigestMirrors:\n  -source: quay.io/a\n    mirrors:\n    - m.example/a\n',
    '7:3 no space stands behind the dash; write a space between the dash and the key',
  ],
  [
    'two keys on one line',
    '  imageDigestMirrors:\n  - source: quay.io/a mirrors: [m.example/a]\n',
    '7:30 this line has a second colon with nothing or a space behind it; put the value in quotes, or begin a new line',
  ],
  [
    'a mistake behind a block of text and a list in brackets that look like one',
    '  note: |\n   - a: [\n  list: [a,\n    "b]",\n    c]\n  imageDigestMirrors:\n  - source: quay.io/a\n      mirrors: []\n',
    '13:7 this line is indented by 2 columns too far; begin it in column 5 as on line 12',
  ],
];
for (const [what, spec, said] of rows) {
  test(`${what}: ${said}`, (t) => {
    t.is(say(head + spec), said);
    t.is(say((head + spec).replaceAll('\n', '\r\n')), said, 'with CRLF');
  });
}

test('each document of a file is looked at by itself', (t) => {
  const good = `${head}  imageDigestMirrors: []\n`;
  t.is(
    say(`${good}---\nkind: A\n  name: b\n---\n${good}`),
    '9:3 this line is indented by 2 columns too far; begin it in column 1 as on line 8',
  );
});

test('JSON without its last brace', (t) => {
  t.is(
    say('{"kind": "A",\n "spec": {"a": []}\n'),
    '1:1 the bracket { is not closed; write } where the map ends',
  );
});

test('a key below the text of the first key of a file', (t) => {
  t.is(
    say('apiVersion: v1\n  kind: A\n'),
    '2:3 this line is indented by 2 columns too far; begin it in column 1 as on line 1',
  );
});

test('no text of the file is repeated, since it may be a secret', (t) => {
  const { findings } = read('kind: Secret\ndata:\n  hunter2: hunter2\n    hunter2: hunter2\n');
  t.is(findings.length, 1);
  t.false(JSON.stringify(findings).includes('hunter2'));
});

test('a law: a line moved out of place is found there or behind it, as indentation', (t) => {
  const lines =
    `${head}  imageDigestMirrors:\n  - source: quay.io/a\n    mirrors:\n    - m.example/a\n    - m.example/b\n${second}`
      .trimEnd()
      .split('\n');
  fc.assert(
    fc.property(fc.nat(lines.length - 1), fc.integer({ min: -4, max: 4 }), (index, by) => {
      const line = lines[index] ?? '';
      const indent = line.search(/\S/);
      if (by === 0 || indent + by < 0) return;
      const moved = lines.with(index, ' '.repeat(indent + by) + line.trimStart());
      const [first] = read(`${moved.join('\n')}\n`).findings;
      // The key of another map stands there twice now: YAML, but not what was meant.
      if (first?.id !== 'ICSP005' || first.message.includes('written twice')) return;
      // Not always the line itself: where it began a level, the first one that has no place there is another.
      t.true((first.line ?? 0) > index, JSON.stringify([index, by, first]));
      t.regex(first.message, /^this line (?:is indented|begins in)/);
    }),
    { numRuns: 300 },
  );
});

function say(text: string): string {
  const [finding] = read(text).findings;
  return `${finding?.line ?? 0}:${finding?.column ?? 0} ${finding?.message ?? ''}; ${finding?.help ?? ''}`;
}
