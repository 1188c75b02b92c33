// Files that are meant to hang, fill the memory or crash: each gives a finding in about a second, whatever the machine
// does besides.
import test from 'ava';
import { FINDINGS, hasErrors } from '../../src/finding.ts';
import { readPolicy } from '../../src/policy/read-policy.ts';
import { document, path } from './reading.ts';

const mebibyte = 1024 * 1024;
const head = document('config.openshift.io/v1', 'ImageDigestMirrorSet', 'imageDigestMirrors:');

function fill(before: string, piece: string, after = ''): string {
  return before + piece.repeat(Math.floor((mebibyte - before.length - after.length) / piece.length)) + after;
}

function bomb(): string {
  const names = Array.from('abcdefghijklmnop');
  const lines = names.map(
    (name, i) =>
      `${name}: &${name} [${Array(9)
        .fill(i === 0 ? 'x' : `*${names[i - 1] ?? ''}`)
        .join(',')}]\n`,
  );
  return lines.join('');
}

const files: Readonly<Record<string, string>> = {
  'open brackets': fill('', '['),
  'open braces': fill('', '{a: '),
  dashes: fill('', '- '),
  'question marks': fill('', '? '),
  'document markers': fill('', '---\n'),
  'NUL characters': fill('', '\0'),
  'one double-quoted scalar': fill('a: "', 'x', '"'),
  'one block scalar': fill('a: |\n', '  x\n'),
  'list items': fill('[', 'a,', ']'),
  'empty list items': fill('a:\n', '-\n?\n'),
  'keys of one map': Array.from({ length: 100_000 }, (_, i) => `k${i}: 1\n`)
    .join('')
    .slice(0, mebibyte),
  '__proto__ keys': fill(head, '    - __proto__: {source: x}\n      source: a.b\n      constructor: 1\n'),
  'aliases of a small list': fill('a: &a [1]\nb: [', '*a,', ']'),
  'aliases of aliases': bomb(),
  'a list that holds itself':
    'apiVersion: v1\nkind: List\nitems: &a\n- {apiVersion: v1, kind: List, items: *a}\n',
  'aliases of a map with many keys': `x: &x {${Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join()}}\n${document('config.openshift.io/v1', 'ImageDigestMirrorSet', `imageDigestMirrors: [${Array(9999).fill('*x').join()}]`)}`,
  'aliases of a long scalar': `x: &x "${'('.repeat(500_000)}"\n${head}${'    - {source: *x, mirrors: [*x]}\n'.repeat(9000)}`,
  'a source of 900 000 brackets': `${head}    - source: "${'('.repeat(900_000)}"\n`,
  'a syntax error on every line': fill('a: ', '@\n'),
  'stray brackets': fill('a: ', '[]'),
  'documents with an open bracket': fill('', '[\n---\n'),
  'documents with an open bracket behind many lines': fill(`${'a: 1\n'.repeat(100_000)}...\n`, '[\n...\n'),
  'open quotes, one in each document': fill('', `"\n---\n'\n---\n`),
  'lines out of place': fill('a: b\n', '  c: d\n'),
  'levels, each with a line out of place':
    Array.from({ length: 190 }, (_, i) => `${' '.repeat(i)}k:\n`).join('') + fill('', ' x: y\n'),
  'stray quotes': fill('a: ', `""'`),
  'empty lines': fill('[', '\n'),
  comments: fill('', '# x\n'),
  tags: fill('', '- !t a\n'),
  anchors: fill('', '- &a\n'),
  'wrong entries': fill(head, '    - source: A/B\n'),
  'entries beyond 10 000': `${head}${'    - source: a.b\n'.repeat(10_001)}`,
  mirrors: `${head}    - source: a.b\n      mirrors:\n${'      - a.b/c\n'.repeat(30_000)}`,
};
for (const [what, text] of Object.entries(files)) {
  test.serial(`a file full of ${what} is refused with a few findings, soon`, (t) => {
    const bytes = new TextEncoder().encode(text);
    const before = process.cpuUsage();
    const { state, findings } = readPolicy(path, bytes);
    const { user, system } = process.cpuUsage(before);
    t.is(state, 'refused');
    t.true(hasErrors(findings));
    t.true(findings.length <= 301);
    // CPU time, and three times what is promised: it catches what is quadratic, not a slow machine.
    t.true((user + system) / 1000 < 3000, `${(user + system) / 1000} ms`);
  });
}

test('a file of more than 1 MiB is not looked into', (t) => {
  const { state, findings } = readPolicy(path, new Uint8Array(mebibyte + 1));
  t.is(state, 'refused');
  t.deepEqual(
    findings.map(({ id }) => id),
    [FINDINGS.fileTooLarge.id],
  );
});

test('10 000 entries are accepted', (t) => {
  const text = `${head}${'    - source: a.b\n      mirrors: [c.d/e]\n'.repeat(10_000)}`;
  const { state, content } = readPolicy(path, new TextEncoder().encode(text));
  t.is(state, 'accepted');
  t.is(content.rules.length, 10_000);
});
