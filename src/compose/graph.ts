// A graph without cycles that grows edge by edge, and the breadth-first order of its nodes.
import { compareBytes } from '../byte-order.ts';

interface Node {
  readonly name: string;
  /** Where its edges lead, and where those come from that lead to it. */
  readonly out: Set<Node>;
  readonly in: Set<Node>;
  rank: number;
}

/**
 * Nodes with edges that never close a cycle. Each node has a rank such that every edge goes from a lower rank to a
 * higher one; a new edge that contradicts the ranks costs a search between its two ends only (Pearce and Kelly, 2006).
 */
export class AcyclicGraph {
  readonly #nodes = new Map<string, Node>();

  hasEdge(from: string, to: string): boolean {
    const [tail, head] = [this.#nodes.get(from), this.#nodes.get(to)];
    return tail !== undefined && head !== undefined && tail.out.has(head);
  }

  /**
   * Adds the edge, unless it would close a cycle.
   * @returns null if it is in, else the path from `to` back to `from` that it contradicts
   */
  addEdge(from: string, to: string): readonly string[] | null {
    const tail = this.#nodeOf(from);
    const head = this.#nodeOf(to);
    if (tail.rank >= head.rank) {
      const after = reach(head, 'out', (rank) => rank <= tail.rank);
      if (after.has(tail)) return pathTo(tail, after);
      const before = reach(tail, 'in', (rank) => rank >= head.rank);
      moveBehind([...before.keys()], [...after.keys()]);
    }
    tail.out.add(head);
    head.in.add(tail);
    return null;
  }

  /**
   * Kahn's order, breadth first: the nodes without predecessors ascending by byte, then each batch that a node
   * releases, ascending by byte.
   */
  order(): readonly string[] {
    const queue = [...this.#nodes.values()].filter((node) => node.in.size === 0).sort(byName);
    const waitingFor = new Map<Node, number>();
    for (const node of queue) {
      const released: Node[] = [];
      for (const next of node.out) {
        const left = (waitingFor.get(next) ?? next.in.size) - 1;
        waitingFor.set(next, left);
        if (left === 0) released.push(next);
      }
      for (const next of released.sort(byName)) queue.push(next);
    }
    return queue.map(({ name }) => name);
  }

  #nodeOf(name: string): Node {
    const known = this.#nodes.get(name);
    if (known !== undefined) return known;
    const node: Node = { name, out: new Set(), in: new Set(), rank: this.#nodes.size };
    this.#nodes.set(name, node);
    return node;
  }
}

/** The nodes reached from `start` within the ranks; each with the node before it. */
function reach(
  start: Node,
  direction: 'in' | 'out',
  isWithin: (rank: number) => boolean,
): ReadonlyMap<Node, Node | null> {
  const reached = new Map<Node, Node | null>([[start, null]]);
  for (const node of reached.keys()) {
    for (const next of node[direction]) {
      if (!reached.has(next) && isWithin(next.rank)) reached.set(next, node);
    }
  }
  return reached;
}

/** Gives the ranks that both groups hold to `before` first, then to `after`, each group in its old order. */
function moveBehind(before: readonly Node[], after: readonly Node[]): void {
  const byRank = (a: Node, b: Node): number => a.rank - b.rank;
  const nodes = [...before.toSorted(byRank), ...after.toSorted(byRank)];
  const ranks = nodes.map(({ rank }) => rank).sort((a, b) => a - b);
  for (const [i, rank] of ranks.entries()) {
    const node = nodes[i];
    if (node !== undefined) node.rank = rank;
  }
}

function byName(a: Node, b: Node): number {
  return compareBytes(a.name, b.name);
}

function pathTo(end: Node, reached: ReadonlyMap<Node, Node | null>): readonly string[] {
  const path: string[] = [];
  for (let node: Node | null = end; node !== null; node = reached.get(node) ?? null) path.push(node.name);
  return path.reverse();
}
