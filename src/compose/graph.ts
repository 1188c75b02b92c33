// A graph without cycles that grows edge by edge, and the breadth-first order of its nodes.
import { compareBytes } from '../byte-order.ts';

/**
 * Nodes with edges that never close a cycle. Each node has a rank such that every edge goes from a lower rank to a
 * higher one; a new edge that contradicts the ranks costs a search between its two ends only (Pearce and Kelly, 2006).
 */
export class AcyclicGraph {
  readonly #out = new Map<string, Set<string>>();
  readonly #in = new Map<string, Set<string>>();
  readonly #rank = new Map<string, number>();

  addNode(node: string): void {
    if (this.#rank.has(node)) return;
    this.#rank.set(node, this.#rank.size);
    this.#out.set(node, new Set());
    this.#in.set(node, new Set());
  }

  hasEdge(from: string, to: string): boolean {
    return this.#out.get(from)?.has(to) ?? false;
  }

  /**
   * Adds the edge, unless it would close a cycle.
   * @returns null if it is in, else the path from `to` back to `from` that it contradicts
   */
  addEdge(from: string, to: string): readonly string[] | null {
    this.addNode(from);
    this.addNode(to);
    if (this.hasEdge(from, to)) return null;
    if (this.#rankOf(from) >= this.#rankOf(to)) {
      const after = this.#reach(this.#out, to, (rank) => rank <= this.#rankOf(from));
      if (after.has(from)) return pathTo(from, after);
      const before = this.#reach(this.#in, from, (rank) => rank >= this.#rankOf(to));
      this.#moveBehind([...before.keys()], [...after.keys()]);
    }
    this.#out.get(from)?.add(to);
    this.#in.get(to)?.add(from);
    return null;
  }

  /**
   * Kahn's order, breadth first: the nodes without predecessors ascending by byte, then each batch that a node
   * releases, ascending by byte.
   */
  order(): readonly string[] {
    const waitingFor = new Map<string, number>();
    for (const [node, predecessors] of this.#in) waitingFor.set(node, predecessors.size);
    const queue = [...this.#rank.keys()].filter((node) => waitingFor.get(node) === 0).sort(compareBytes);
    for (const node of queue) {
      const released: string[] = [];
      for (const next of this.#out.get(node) ?? []) {
        const left = (waitingFor.get(next) ?? 0) - 1;
        waitingFor.set(next, left);
        if (left === 0) released.push(next);
      }
      for (const next of released.sort(compareBytes)) queue.push(next);
    }
    return queue;
  }

  #rankOf(node: string): number {
    return this.#rank.get(node) ?? 0;
  }

  /** The nodes reached from `start` within the ranks; each with the node before it. */
  #reach(
    edges: ReadonlyMap<string, ReadonlySet<string>>,
    start: string,
    isWithin: (rank: number) => boolean,
  ): ReadonlyMap<string, string | null> {
    const reached = new Map<string, string | null>([[start, null]]);
    for (const node of reached.keys()) {
      for (const next of edges.get(node) ?? []) {
        if (!reached.has(next) && isWithin(this.#rankOf(next))) reached.set(next, node);
      }
    }
    return reached;
  }

  /** Gives the ranks that both groups hold to `before` first, then to `after`, each group in its old order. */
  #moveBehind(before: readonly string[], after: readonly string[]): void {
    const byRank = (a: string, b: string): number => this.#rankOf(a) - this.#rankOf(b);
    const nodes = [...[...before].sort(byRank), ...[...after].sort(byRank)];
    const ranks = nodes.map((node) => this.#rankOf(node)).sort((a, b) => a - b);
    nodes.forEach((node, i) => this.#rank.set(node, ranks[i] ?? 0));
  }
}

function pathTo(end: string, reached: ReadonlyMap<string, string | null>): readonly string[] {
  const path: string[] = [];
  for (let node: string | null = end; node !== null; node = reached.get(node) ?? null) path.push(node);
  return path.reverse();
}
