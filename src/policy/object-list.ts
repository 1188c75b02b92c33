// Flattens `kind: List` and typed lists into the objects that they hold.
import { wrongType } from './fields.ts';
import { fieldOf, isNull, type MapNode, type Node, startOf, textOf } from './node.ts';
import { listedKind } from './kinds.ts';
import type { Fault } from './report.ts';

/** One object of a document; a typed list lends its items the apiVersion and kind that they lack. */
export interface ListedObject {
  readonly node: Node;
  readonly apiVersion: string | null;
  readonly kind: string | null;
}

/** kubectl flattens lists in lists as well; deeper than this is no tool's work. */
const maxListDepth = 4;

/**
 * Yields the object itself, or the objects in it if it is a list. A list whose `items` is no list is yielded as it is.
 */
export function* flattenList(root: Node, depth = 0): Generator<ListedObject, void> {
  const apiVersion = root.type === 'map' ? textOf(fieldOf(root, 'apiVersion')?.value) : null;
  const kind = root.type === 'map' ? textOf(fieldOf(root, 'kind')?.value) : null;
  const items =
    root.type === 'map' && kind !== null && depth < maxListDepth ? itemsOf(root, kind, apiVersion) : null;
  if (items === null) {
    yield { node: root, apiVersion, kind };
    return;
  }
  const lent = kind === null ? null : listedKind(kind);
  for (const item of items) {
    for (const object of flattenList(item, depth + 1)) {
      yield lent === null
        ? object
        : { node: object.node, apiVersion: object.apiVersion ?? apiVersion, kind: object.kind ?? lent };
    }
  }
}

/**
 * Why an object that is a list was not flattened, with its place; null where it is none. Skipped in silence, it would
 * take away what it provides.
 */
export function faultOfList(
  root: MapNode,
  kind: string,
  apiVersion: string | null,
): { readonly fault: Fault; readonly at: number } | null {
  if (!isList(kind, apiVersion)) return null;
  const items = fieldOf(root, 'items')?.value ?? root;
  if (items.type !== 'list') {
    const help = 'write it as a list, each object behind "- "';
    return { fault: wrongType('items', items, 'a list', help), at: items.at };
  }
  const message = `the Lists stand in each other more than ${maxListDepth} deep`;
  const help = 'take the objects out of the inner Lists';
  return { fault: { name: 'wrongType', message, help }, at: startOf(root) };
}

function isList(kind: string, apiVersion: string | null): boolean {
  return (kind === 'List' && (apiVersion === null || apiVersion === 'v1')) || listedKind(kind) !== null;
}

function itemsOf(root: MapNode, kind: string, apiVersion: string | null): readonly Node[] | null {
  if (!isList(kind, apiVersion)) return null;
  const items = fieldOf(root, 'items')?.value;
  if (items === undefined || isNull(items)) return [];
  return items.type === 'list' ? items.items : null;
}
