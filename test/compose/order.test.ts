// One order out of many lists.
import test from 'ava';
import fc from 'fast-check';
import { orderMirrors } from '../../src/compose/order.ts';
import { compareBytes } from '../../src/byte-order.ts';

const source = 's';

const rows = [
  { title: 'one list keeps its order', lists: [['c', 'a', 'b']], expected: ['c', 'a', 'b'] },
  {
    title: 'lists without a common mirror interleave breadth first',
    lists: [
      ['a1', 'a2', 'a3'],
      ['b1', 'b2', 'b3'],
    ],
    expected: ['a1', 'b1', 'a2', 'b2', 'a3', 'b3'],
  },
  {
    title: 'what one mirror releases goes before what the next one releases',
    lists: [
      ['a', 'z'],
      ['b', 'c'],
    ],
    expected: ['a', 'b', 'z', 'c'],
  },
  {
    title: 'lists that overlap are chained',
    lists: [
      ['y', 'x'],
      ['z', 'y'],
    ],
    expected: ['z', 'y', 'x'],
  },
  {
    title: 'mirrors that no list orders are sorted by byte, upper case first',
    lists: [['b'], ['a'], ['C']],
    expected: ['C', 'a', 'b'],
  },
  {
    title: 'of two contradicting lists the first prevails',
    lists: [
      ['b', 'a'],
      ['a', 'b'],
    ],
    expected: ['b', 'a'],
  },
  {
    title: 'a conflict leaves out only the edges that close a cycle',
    lists: [
      ['a', 'b'],
      ['l', 'b', 'a'],
    ],
    expected: ['a', 'l', 'b'],
  },
  {
    title: 'what a later list says prevails over what an earlier one implies',
    lists: [['m'], ['s', 'm']],
    expected: ['s', 'm'],
  },
  {
    title: 'a source between mirrors stays between them',
    lists: [
      ['z', 's', 'y'],
      ['s', 'y', 'x'],
    ],
    expected: ['z', 's', 'y', 'x'],
  },
  { title: 'a source at the end is dropped', lists: [['a', 's'], ['b']], expected: ['a', 'b'] },
  {
    title: 'a source that no list names comes last in a conflict too',
    lists: [
      ['m', 'n'],
      ['n', 'x', 'm'],
    ],
    expected: ['m', 'n', 'x'],
  },
  {
    title: 'a source that lists name last alone comes last in a conflict too',
    lists: [
      ['m', 'n'],
      ['n', 'x', 'm', 's'],
    ],
    expected: ['m', 'n', 'x'],
  },
] as const;

for (const { title, lists, expected } of rows) {
  test(title, (t) => {
    t.deepEqual(orderMirrors(source, lists).mirrors, expected);
  });
}

test('a conflict names the list that gave way and one that it contradicts', (t) => {
  const { conflicts } = orderMirrors(source, [
    ['a', 'b'],
    ['x', 'y'],
    ['b', 'a'],
  ]);
  t.deepEqual(conflicts, [{ list: 2, against: 0 }]);
});

test('each list that asks for what was left out is in conflict', (t) => {
  const { conflicts } = orderMirrors(source, [
    ['a', 'b'],
    ['b', 'a'],
    ['b', 'a'],
  ]);
  t.deepEqual(conflicts, [
    { list: 1, against: 0 },
    { list: 2, against: 0 },
  ]);
});

test('of several lists that say the same the first is the one that is contradicted', (t) => {
  const { conflicts } = orderMirrors(source, [
    ['a', 'b'],
    ['a', 'b'],
    ['b', 'a'],
  ]);
  t.deepEqual(conflicts, [{ list: 2, against: 0 }]);
});

test('ties are neighbours that no list puts in order', (t) => {
  t.deepEqual(orderMirrors(source, [['a', 'b'], ['c']]).ties, [
    ['a', 'c'],
    ['c', 'b'],
  ]);
  t.deepEqual(orderMirrors(source, [['a', 'b'], ['b', 'c'], ['a']]).ties, []);
});

const node = fc.constantFrom('s', 'a', 'b', 'c', 'd', 'e', 'f');
const list = fc
  .uniqueArray(node, { minLength: 1, maxLength: 5 })
  .filter((nodes) => nodes.some((n) => n !== 's'));
const someLists = fc.array(list, { minLength: 1, maxLength: 6 });

type Edge = readonly [string, string];

/**
 * The rule as it is written, with no thought for speed: try each edge, keep it unless its ends are connected the other
 * way round.
 */
function naiveOrder(lists: readonly (readonly string[])[]): readonly string[] {
  const said = lists.flatMap((nodes) => nodes.slice(1).map((to, i): Edge => [nodes[i] ?? '', to]));
  const implied = lists
    .filter((nodes) => !nodes.includes(source))
    .map((nodes): Edge => [nodes[nodes.length - 1] ?? '', source]);
  const kept: Edge[] = [];
  const isReachable = (from: string, to: string): boolean =>
    from === to || kept.some(([a, b]) => a === from && isReachable(b, to));
  for (const [from, to] of [...said, ...implied]) if (!isReachable(to, from)) kept.push([from, to]);
  const waiting = new Set([...lists.flat(), source].filter((n) => n !== source || kept.flat().includes(n)));
  const order: string[] = [];
  const free = (): string[] =>
    [...waiting]
      .filter((n) => !kept.some(([from, to]) => to === n && !order.includes(from)))
      .sort(compareBytes);
  const queue = free();
  for (const n of queue) waiting.delete(n);
  for (const n of queue) {
    order.push(n);
    for (const next of free()) {
      queue.push(next);
      waiting.delete(next);
    }
  }
  const hasFollower = said.some(([from]) => from === source);
  return hasFollower && order[order.length - 1] !== source ? order : order.filter((n) => n !== source);
}

test('the order is that of the rule as it is written', (t) => {
  fc.assert(
    fc.property(someLists, (lists) => {
      t.deepEqual(orderMirrors(source, lists).mirrors, naiveOrder(lists));
    }),
    { numRuns: 500 },
  );
});

test('the order holds each mirror once', (t) => {
  fc.assert(
    fc.property(someLists, (lists) => {
      const expected = new Set(lists.flat().filter((n) => n !== source));
      const mirrors = orderMirrors(source, lists).mirrors.filter((n) => n !== source);
      t.deepEqual([...mirrors].sort(), [...expected].sort());
    }),
  );
});

test('without a conflict every list finds its own order in the result', (t) => {
  fc.assert(
    fc.property(someLists, (lists) => {
      const { mirrors, conflicts } = orderMirrors(source, lists);
      fc.pre(conflicts.length === 0);
      for (const nodes of lists) {
        const places = nodes.filter((n) => mirrors.includes(n)).map((n) => mirrors.indexOf(n));
        t.deepEqual(
          places,
          [...places].sort((a, b) => a - b),
        );
      }
    }),
  );
});

test('the list that goes first finds its own order in the result, whatever the others say', (t) => {
  fc.assert(
    fc.property(someLists, (lists) => {
      const { mirrors } = orderMirrors(source, lists);
      const places = (lists[0] ?? []).filter((n) => mirrors.includes(n)).map((n) => mirrors.indexOf(n));
      t.deepEqual(
        places,
        [...places].sort((a, b) => a - b),
      );
    }),
  );
});

test('without a conflict the order of the lists does not matter', (t) => {
  const shuffled = someLists.chain((lists) =>
    fc.tuple(fc.constant(lists), fc.shuffledSubarray(lists, { minLength: lists.length })),
  );
  fc.assert(
    fc.property(shuffled, ([lists, others]) => {
      const { mirrors, conflicts } = orderMirrors(source, lists);
      fc.pre(conflicts.length === 0);
      t.deepEqual(orderMirrors(source, others).mirrors, mirrors);
    }),
  );
});
