// A graph that refuses cycles.
import test from 'ava';
import fc from 'fast-check';
import { AcyclicGraph } from '../../src/compose/graph.ts';

function graphOf(edges: readonly string[]): AcyclicGraph {
  const graph = new AcyclicGraph();
  for (const [from = '', to = ''] of edges) graph.addEdge(from, to);
  return graph;
}

const rows = [
  { title: 'an empty graph has an empty order', edges: [], expected: '' },
  { title: 'two fans start together', edges: ['AB', 'AC', 'AD', 'ab', 'ac', 'ad'], expected: 'AaBCDbcd' },
  { title: 'two funnels end together', edges: ['AD', 'BD', 'CD', 'ad', 'bd', 'cd'], expected: 'ABCabcDd' },
  { title: 'two paths go side by side', edges: ['AB', 'BC', 'ab', 'bc'], expected: 'AaBbCc' },
  { title: 'edges may come in any order', edges: ['bc', 'ab', 'BC', 'AB'], expected: 'AaBbCc' },
  { title: 'a repeated edge counts once', edges: ['ab', 'ab', 'bc', 'ab'], expected: 'abc' },
  { title: 'an edge that closes a cycle stays out', edges: ['ab', 'bc', 'ca'], expected: 'abc' },
] as const;

for (const { title, edges, expected } of rows) {
  test(title, (t) => {
    t.is(graphOf(edges).order().join(''), expected);
  });
}

test('a refused edge comes with the path that it contradicts', (t) => {
  const graph = graphOf(['ab', 'bc', 'cd', 'bx']);
  t.deepEqual(graph.addEdge('d', 'b'), ['b', 'c', 'd']);
  t.false(graph.hasEdge('d', 'b'));
  t.is(graph.addEdge('x', 'd'), null);
});

test('an edge from a node to itself is refused', (t) => {
  t.deepEqual(new AcyclicGraph().addEdge('a', 'a'), ['a']);
});

test('a node without edges has no edge', (t) => {
  t.false(new AcyclicGraph().hasEdge('a', 'b'));
  t.false(graphOf(['ab']).hasEdge('a', 'c'));
  t.false(graphOf(['ab']).hasEdge('c', 'b'));
});

const node = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j');
const manyEdges = fc.array(fc.tuple(node, node), { minLength: 10, maxLength: 60 });

test('an edge is refused exactly if a path leads back, which it names; the order holds the others', (t) => {
  fc.assert(
    fc.property(manyEdges, (edges) => {
      const graph = new AcyclicGraph();
      const kept: (readonly [string, string])[] = [];
      const isReachable = (from: string, to: string): boolean =>
        from === to || kept.some(([a, b]) => a === from && isReachable(b, to));
      for (const [from, to] of edges) {
        const path = graph.addEdge(from, to);
        t.is(path !== null, isReachable(to, from));
        if (path === null) kept.push([from, to]);
        else t.deepEqual([path[0], path.at(-1)], [to, from]);
        t.true((path ?? []).slice(1).every((next, i) => graph.hasEdge(path?.[i] ?? '', next)));
      }
      const order = graph.order();
      t.is(order.length, new Set(edges.flat()).size);
      t.true(kept.every(([from, to]) => order.indexOf(from) < order.indexOf(to)));
    }),
  );
});
