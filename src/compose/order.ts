// Several ordered lists of one source → one order.
import { AcyclicGraph } from './graph.ts';

/**
 * A wish of one list that could not be kept, since it contradicts one of another list that goes first. Both are indexes
 * of lists.
 */
export interface Conflict {
  readonly list: number;
  readonly against: number;
}

/** The one order, and how it came about. */
export interface MirrorOrder {
  /** Each mirror once; the source too, unless it comes last, where it is tried anyway. */
  readonly mirrors: readonly string[];
  readonly conflicts: readonly Conflict[];
  /** Two neighbours of the order that no list puts in order, only the alphabet. */
  readonly ties: readonly (readonly [string, string])[];
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly list: number;
}

/**
 * Merges lists as OpenShift's runtime-utils does wherever they agree. Where they contradict each other, which OpenShift
 * leaves open, a list that stands earlier in `lists` prevails, and what lists say prevails over what they imply: that
 * the source comes after the last mirror.
 * @param lists in precedence order; none empty, none with a repeat
 */
export function orderMirrors(source: string, lists: readonly (readonly string[])[]): MirrorOrder {
  const graph = new AcyclicGraph();
  const owners = new Map<string, number>();
  const opponents = new Map<string, number>();
  const conflicts: Conflict[] = [];
  for (const { from, to, list } of [...saidBy(lists), ...impliedBy(lists, source)]) {
    const key = keyOf(from, to);
    if (owners.has(key)) continue;
    let against = opponents.get(key);
    if (against === undefined) {
      const path = graph.addEdge(from, to);
      if (path === null) {
        owners.set(key, list);
        continue;
      }
      against = opponentOn(path, owners, list);
      opponents.set(key, against);
    }
    conflicts.push({ list, against });
  }
  const all = graph.order();
  const order = isBetween(source, lists) ? all : all.filter((mirror) => mirror !== source);
  const ties = neighbours(order).filter(([from, to]) => !graph.hasEdge(from, to));
  return { mirrors: withoutLast(source, order), conflicts, ties };
}

/**
 * Where no list puts a mirror behind the source, it is tried last, as always. An edge to it that a conflict left out
 * would let it slip before a mirror that nobody put there, and a wildcard cannot be a mirror of itself at all.
 */
function isBetween(source: string, lists: readonly (readonly string[])[]): boolean {
  return lists.some((mirrors) => mirrors.includes(source) && mirrors.at(-1) !== source);
}

function saidBy(lists: readonly (readonly string[])[]): readonly Edge[] {
  return lists.flatMap((mirrors, list) => neighbours(mirrors).map(([from, to]) => ({ from, to, list })));
}

function impliedBy(lists: readonly (readonly string[])[], source: string): readonly Edge[] {
  return lists.flatMap((mirrors, list) => {
    const last = mirrors.at(-1);
    return last === undefined || mirrors.includes(source) ? [] : [{ from: last, to: source, list }];
  });
}

/**
 * Who said the first step of the path. That is never the list whose wish is given up: its path starts behind all that
 * this list has said so far.
 */
function opponentOn(path: readonly string[], owners: ReadonlyMap<string, number>, list: number): number {
  const [from = '', to = ''] = path;
  return owners.get(keyOf(from, to)) ?? list;
}

function neighbours(nodes: readonly string[]): readonly (readonly [string, string])[] {
  return nodes.slice(1).map((to, i) => [nodes[i] ?? to, to] as const);
}

function withoutLast(source: string, order: readonly string[]): readonly string[] {
  return order.at(-1) === source ? order.slice(0, -1) : order;
}

function keyOf(from: string, to: string): string {
  return `${from}\n${to}`;
}
