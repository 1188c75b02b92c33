// A comparable text for values that icspd keeps without understanding them; independent of how they are rendered.
import { isTomlList, type TomlTable, type TomlValue } from './model.ts';

/** The entries of a table, one text each, ordered by key. Two tables are equal exactly if these are. */
export function canonicalEntries(table: TomlTable): readonly string[] {
  return Object.entries(table)
    .map(([key, value]) => `${JSON.stringify(key)} = ${canonicalValue(value)}`)
    .sort();
}

/** Tells all types of TOML apart, and values such as -0 and 0, which JSON would make equal. */
export function canonicalValue(value: TomlValue): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'bigint') return `${value.toString()}n`;
  if (typeof value === 'boolean') return String(value);
  if (value instanceof Date) return `date ${value.toISOString()}`;
  return isTomlList(value) ? `[${value.map(canonicalValue).join()}]` : `{${canonicalEntries(value).join()}}`;
}
