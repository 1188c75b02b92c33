// Turns the YAML library's nodes into our tree: aliases followed within bounds, duplicate keys found in linear time.
import { isAlias, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { type Fault, show } from './report.ts';
import type { Field, ListNode, MapNode, Node, ScalarNode } from './node.ts';

/** What a file may hold once every alias is written out; without aliases 1 MiB cannot hold as much. */
const maxExpandedSize = 500_000;

/**
 * How much the documents of a file may still hold, all of them together: what is written once and meant often is read
 * often.
 */
export class ExpansionBudget {
  #left = maxExpandedSize;

  has(size: number): boolean {
    return size <= this.#left;
  }

  take(size: number): void {
    this.#left -= size;
  }
}

/** What is wrong, and its offset. */
export interface TreeFault extends Fault {
  readonly at: number;
}

/**
 * The tree, and the first thing that is wrong with it as YAML (duplicate keys, aliases); null if nothing is. A `root`
 * of null is too large to be walked.
 */
export interface Tree {
  readonly root: Node | null;
  readonly fault: TreeFault | null;
}

/**
 * Builds the tree of a document's contents. Costs time and memory in proportion to what is written, not to what aliases
 * stand for.
 */
export function buildTree(contents: unknown, budget: ExpansionBudget): Tree {
  const building: Building = { anchors: new Map(), budget, fault: null };
  const root = build(contents, 0, building);
  if (!budget.has(root.size)) return { root: null, fault: building.fault };
  budget.take(root.size);
  return { root, fault: building.fault };
}

interface Building {
  /** The newest node of each anchor, once it is complete: an alias inside its own anchor finds nothing. */
  readonly anchors: Map<string, Node>;
  readonly budget: ExpansionBudget;
  fault: TreeFault | null;
}

function build(written: unknown, near: number, building: Building): Node {
  if (isAlias(written)) return follow(written.source, written.range?.[0] ?? near, building);
  if (isMap(written)) {
    const map = buildMap(written.items, written.range?.[0] ?? near, building);
    return complete(map, written.anchor, building);
  }
  if (isSeq(written)) {
    const list = buildList(written.items, written.range?.[0] ?? near, building);
    return complete(list, written.anchor, building);
  }
  if (isScalar(written)) {
    const at = written.range?.[0] ?? near;
    return complete(scalar(at, plain(written.value, written.source)), written.anchor, building);
  }
  return scalar(near, null);
}

function complete(node: Node, anchor: string | undefined, building: Building): Node {
  if (anchor !== undefined) building.anchors.set(anchor, node);
  if (!building.budget.has(node.size)) {
    blame(building, node.at, {
      name: 'aliasExpansion',
      message: `with the aliases below here the file stands for more than ${maxExpandedSize} values`,
      help: 'write the values out instead of repeating them by alias',
    });
  }
  return node;
}

function buildMap(pairs: readonly Pair[], at: number, building: Building): MapNode {
  const fields: Field[] = [];
  const keys = new Set<string>();
  let size = 1;
  for (const pair of pairs) {
    const keyNode = build(pair.key, at, building);
    const key = keyNode.type === 'scalar' ? String(keyNode.value ?? '') : `(a ${keyNode.type})`;
    if (keys.has(key) && keyNode.type === 'scalar') {
      blame(building, keyNode.at, {
        name: 'yamlSyntax',
        message: `the key ${show(key)} is written twice in one map`,
        help: 'remove one of the two',
      });
    }
    keys.add(key);
    const value = build(pair.value, keyNode.at, building);
    size += 1 + value.size;
    fields.push({ key, keyAt: keyNode.at, value });
  }
  return { type: 'map', at, size, fields };
}

function buildList(written: readonly unknown[], at: number, building: Building): ListNode {
  const items = written.map((item) => build(item, at, building));
  return { type: 'list', at, size: items.reduce((sum, item) => sum + item.size, 1), items };
}

/** An aliased scalar stands where the alias does; an aliased map or list keeps the places of its own values. */
function follow(name: string, at: number, building: Building): Node {
  const target = building.anchors.get(name);
  if (target === undefined) {
    blame(building, at, {
      name: 'yamlSyntax',
      message: `the alias ${show(`*${name}`)} has no anchor before it`,
      help: `write ${show(`&${name}`)} before the value that is meant, or quote the text if it is no alias`,
    });
    return scalar(at, null);
  }
  return target.type === 'scalar' ? scalar(at, target.value) : target;
}

function scalar(at: number, value: ScalarNode['value']): ScalarNode {
  return { type: 'scalar', at, size: 1, value };
}

function plain(value: unknown, source: string | undefined): ScalarNode['value'] {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null)
    return value;
  return source ?? null;
}

/** Keeps the first fault: the others mostly follow from it. */
function blame(building: Building, at: number, fault: Fault): void {
  building.fault ??= { ...fault, at };
}
