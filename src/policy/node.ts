// The tree of one document: maps, lists and scalars that remember where they stand, aliases followed.

/** `at` is the offset of the value; `size` how many values it holds with every alias written out, itself included. */
export type Node = MapNode | ListNode | ScalarNode;

/** A map; `fields` in the order of the file. */
export interface MapNode {
  readonly type: 'map';
  readonly at: number;
  readonly size: number;
  readonly fields: readonly Field[];
}

/** A list. */
export interface ListNode {
  readonly type: 'list';
  readonly at: number;
  readonly size: number;
  readonly items: readonly Node[];
}

/** A single value, read by YAML's core schema. */
export interface ScalarNode {
  readonly type: 'scalar';
  readonly at: number;
  readonly size: 1;
  readonly value: string | number | boolean | null;
}

/**
 * One key of a map, never twice in one map. Never a property of an object, so that `__proto__` is a key like others.
 */
export interface Field {
  readonly key: string;
  readonly keyAt: number;
  readonly value: Node;
}

/** The value of a key; null where the key is absent. */
export function fieldOf(map: MapNode, key: string): Field | null {
  return map.fields.find((field) => field.key === key) ?? null;
}

/** Whether a value is null, which tools write for a field that is not set. */
export function isNull(node: Node): boolean {
  return node.type === 'scalar' && node.value === null;
}

/** The text of a string value, else null. */
export function textOf(node: Node | null | undefined): string | null {
  return node?.type === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

/** Where a document or an entry begins for its reader: at its first key. */
export function startOf(node: Node): number {
  return node.type === 'map' ? (node.fields[0]?.keyAt ?? node.at) : node.at;
}

/** What a value is, in a sentence. */
export function describe(node: Node): string {
  if (node.type !== 'scalar') return `a ${node.type}`;
  if (node.value === null) return 'empty';
  return `a ${typeof node.value}`;
}
