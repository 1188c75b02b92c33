// Little that is written and meant often: aliases, lists in lists and repetition, through the whole program.
import test from 'ava';
import { measureHonest } from './honest.ts';
import { measureWithin } from './measured.ts';
import { head, makeNode } from './node.ts';

const maxRssMiB = 256;

function repeat(count: number, write: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => write(i)).join('');
}

function unknownKeys(count: number): string {
  return repeat(count, (i) => `, ${'k'.repeat(60)}${String(i).padStart(3, '0')}: 1`);
}

/** Objects, meant 14 x 14 x 17 times by lists of lists. */
const nestedLists = `kind: List
a: &a {apiVersion: config.openshift.io/v1, kind: ImageDigestMirrorSet, metadata: {name: a}, spec: {x: 1${unknownKeys(60)}}}
b: &b {kind: List, items: [${Array(14).fill('*a').join()}]}
c: &c {kind: List, items: [${Array(14).fill('*b').join()}]}
items: [${Array(17).fill('*c').join()}]
`;

/** The same with 400 at each of four levels: more objects than there is memory. */
const endlessLists =
  'kind: List\na: &a {apiVersion: v1, kind: A}\n' +
  ['b', 'c', 'd', 'e']
    .map(
      (name, i) =>
        `${name}: &${name} {kind: List, items: [${Array(400)
          .fill(`*${'abcd'.charAt(i)}`)
          .join()}]}\n`,
    )
    .join('') +
  'items: [*e]\n';

const badMirrors = repeat(32, (i) => `${i === 0 ? '' : ','}M${i}.example/Bad`);
const goodMirrors = repeat(30, (i) => `${i === 0 ? '' : ','}m${i}.example/${'a'.repeat(40)}`);
const longText = 'a'.repeat(400_000);

const rows: readonly (readonly [title: string, content: string, state: 'refused' | 'accepted'])[] = [
  ['objects with unknown fields in lists of lists', nestedLists, 'refused'],
  ['the same, document after document', Array(180).fill(nestedLists).join('---\n'), 'refused'],
  ['lists of lists without end', endlessLists, 'refused'],
  [
    'an entry with unknown fields, 6000 times',
    `${head}    - &e {source: quay.io/a, mirrors: [m.example/a]${unknownKeys(40)}}\n${repeat(6000, () => '    - *e\n')}`,
    'refused',
  ],
  [
    '32 bad mirrors in 9999 entries',
    `${head}    - {source: quay.io/a, mirrors: &m [${badMirrors}]}\n${repeat(9998, (i) => `    - {source: quay.io/s${i}, mirrors: *m}\n`)}`,
    'refused',
  ],
  [
    '30 good mirrors in 9999 entries',
    `${head}    - {source: quay.io/a, mirrors: &m [${goodMirrors}]}\n${repeat(9998, (i) => `    - {source: quay.io/s${i}, mirrors: *m}\n`)}`,
    'refused',
  ],
  [
    'a text of 400 KB as every source and mirror',
    `${head}    - {source: &s ${longText}, mirrors: [*s]}\n${repeat(9998, () => '    - {source: *s, mirrors: [*s]}\n')}`,
    'refused',
  ],
  ['lists that double the one before', `- &a [1]\n${'- &a [*a, *a]\n'.repeat(60_000)}`, 'refused'],
  [
    'a name of 450 000 letters with 2000 entries',
    `${head.replace('name: a', `name: ${'n'.repeat(450_000)}`)}${repeat(2000, (i) => `    - {source: quay.io/s${i}, mirrors: [m.example/s${i}]}\n`)}`,
    'refused',
  ],
  [
    '9999 lists of two mirrors for one source',
    `${head}${repeat(9999, (i) => `    - {source: quay.io/a, mirrors: [m${i}.example/a, n${(i * 7919) % 9999}.example/b]}\n`)}`,
    'accepted',
  ],
  [
    '9999 lists that contradict each other',
    `${head}${repeat(9999, (i) => `    - {source: quay.io/a, mirrors: [m${i % 100}.example/a, m${(i * 7919) % 99}.example/a]}\n`)}`,
    'accepted',
  ],
];

let honestMs = 0;
test.serial('an honest file of 1 MiB is the measure', (t) => {
  honestMs = measureHonest(t);
  t.log(`${Math.round(honestMs)} ms`);
});

for (const [title, content, state] of rows) {
  test.serial(`${title}: ${state}, soon, in little memory and with few words`, (t) => {
    const node = makeNode(t);
    node.put('bad.yaml', content);
    const maxCpuMs = state === 'refused' ? honestMs : 2 * honestMs;
    const { out, cpuMs, maxRssMiB: rss } = measureWithin(maxCpuMs, node.root, 'check', '--json');
    const { files, findings } = JSON.parse(out) as { files: unknown; findings: unknown[] };
    t.like(files, [{ state }, { state: 'accepted' }]);
    t.true(findings.length < 500, String(findings.length));
    t.true(out.length < 500_000, String(out.length));
    t.true(cpuMs < maxCpuMs, `${Math.round(cpuMs)} ms`);
    t.true(rss < maxRssMiB, `${Math.round(rss)} MiB`);
    t.log(`1 point: ${Math.round(cpuMs)} ms, ${Math.round(rss)} MiB`);
  });
}
