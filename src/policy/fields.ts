// Looks at the keys of a map: which are known, which belong elsewhere, which are misspelt.
import { suggest } from './did-you-mean.ts';
import { describe, type Field, isNull, type ListNode, type MapNode, type Node } from './node.ts';
import { type Fault, type FileReport, show } from './report.ts';

/** Says of a key that is not known here where it belongs; null if it belongs nowhere. */
export type ForeignField = (key: string) => Fault | null;

/** Reports every key that is not one of `known`. */
export function checkKeys(
  map: MapNode,
  where: string,
  known: readonly string[],
  foreign: ForeignField,
  report: FileReport,
): void {
  for (const { key, keyAt } of map.fields) {
    if (known.includes(key)) continue;
    report.add(foreign(key) ?? unknownField(key, where, known), keyAt);
  }
}

function unknownField(key: string, where: string, known: readonly string[]): Fault {
  if (key === '<<') {
    const message = `${where} has a merge key <<, which YAML 1.2 does not have`;
    return { name: 'unknownField', message, help: 'write the fields out' };
  }
  return { name: 'unknownField', message: `${where} has no field ${show(key)}`, help: suggest(key, known) };
}

/**
 * The map under a key; null if it is absent or, with a finding, something else. A null value is absent, as tools write
 * it.
 */
export function mapUnder(field: Field | null, path: string, report: FileReport): MapNode | null {
  if (field === null || isNull(field.value)) return null;
  if (field.value.type === 'map') return field.value;
  report.add(wrongType(path, field.value, 'a map', 'write its fields below it, indented'), field.value.at);
  return null;
}

/** As `mapUnder`, for a list. */
export function listUnder(field: Field | null, path: string, report: FileReport): ListNode | null {
  if (field === null || isNull(field.value)) return null;
  if (field.value.type === 'list') return field.value;
  const help = 'write it as a list, each value on its own line behind "- "';
  report.add(wrongType(path, field.value, 'a list', help), field.value.at);
  return null;
}

/** The fault of a value that should have been `wanted`. */
export function wrongType(path: string, value: Node, wanted: string, help: string): Fault {
  return { name: 'wrongType', message: `${path} is ${describe(value)}, not ${wanted}`, help };
}
