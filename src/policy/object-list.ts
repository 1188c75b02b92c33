// Flattens `kind: List` and typed lists into the objects that they hold.
import { fieldOf, isNull, type MapNode, type Node, textOf } from './node.ts';
import { listedKind } from './kinds.ts';

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

function itemsOf(root: MapNode, kind: string, apiVersion: string | null): readonly Node[] | null {
  const isList =
    (kind === 'List' && (apiVersion === null || apiVersion === 'v1')) || listedKind(kind) !== null;
  if (!isList) return null;
  const items = fieldOf(root, 'items')?.value;
  if (items === undefined || isNull(items)) return [];
  return items.type === 'list' ? items.items : null;
}
