// Which entry prevails where two contradict each other.
import test from 'ava';
import { comparePrecedence } from '../../src/compose/precedence.ts';
import type { MirrorRule } from '../../src/policy/rule.ts';
import { rule, type RuleText } from './world.ts';

const text: RuleText = {
  source: 's.com',
  mirrors: ['b.x', 'c.x'],
  name: 'm',
  file: 'm.yaml',
  line: 5,
  index: 5,
};
const plain = rule(text);

function ranked(rank: Partial<MirrorRule['rank']>): MirrorRule {
  return { ...plain, rank: { ...plain.rank, ...rank } };
}

/** Each difference prevails over all below it: the first of the two rules goes first in spite of them. */
const rows: readonly (readonly [title: string, first: MirrorRule, second: MirrorRule])[] = [
  ['the operator group', ranked({ group: 'operator.openshift.io', name: 'z' }), ranked({ name: 'a' })],
  ['the name of the object', ranked({ name: 'a', kind: 'Z' }), ranked({ name: 'b', kind: 'A' })],
  ['the kind', ranked({ kind: 'A', apiVersion: 'v2' }), ranked({ kind: 'B', apiVersion: 'v1' })],
  ['the version', ranked({ apiVersion: 'v1', index: 2 }), ranked({ apiVersion: 'v2', index: 1 })],
  ['the index', rule({ ...text, index: 1, mirrors: ['z.x'] }), rule({ ...text, index: 2, mirrors: ['a.x'] })],
  [
    'the first mirror that differs',
    rule({ ...text, mirrors: ['b.x', 'a.x', 'z.x'], file: 'z.yaml' }),
    rule({ ...text, mirrors: ['b.x', 'c.x'], file: 'a.yaml' }),
  ],
  [
    'the shorter list of two that begin alike',
    rule({ ...text, mirrors: ['b.x'], file: 'z.yaml' }),
    rule({ ...text, mirrors: ['b.x', 'c.x'], file: 'a.yaml' }),
  ],
  ['the file', rule({ ...text, file: 'a.yaml', line: 9 }), rule({ ...text, file: 'b.yaml', line: 1 })],
  ['the line', rule({ ...text, line: 1 }), rule({ ...text, line: 2 })],
];

for (const [title, first, second] of rows) {
  test(`what decides: ${title}`, (t) => {
    t.true(comparePrecedence(first, second) < 0);
    t.true(comparePrecedence(second, first) > 0);
  });
}

test('a rule is as good as itself', (t) => {
  t.is(comparePrecedence(plain, plain), 0);
});
