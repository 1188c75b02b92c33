// All tables of the result, to be looked up by scope.
import type { RegistriesConf } from '../registries/model.ts';
import { compareBytes, type Place } from '../origin.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import type { Report } from './report.ts';
import { extendLocation, matchingScopes, remainderOf } from './scope.ts';
import { isRemapped, newTable, tableOf, type Table } from './table.ts';

export interface Tables {
  /** The baseline's in their order, then ours by scope. Repeats of a scope in the baseline included: CRI-O ignores, but validates them. */
  readonly all: readonly Table[];
  /** The table that counts for a scope: of repeats the first. */
  get(scope: string): Table | undefined;
  /** The table that containers/image would use for a repository name. */
  match(name: string): Table | undefined;
}

/**
 * Creates every table.
 * @param wanted the scopes that need a table, each with the first entry that wants it
 */
export function createTables(
  baseline: RegistriesConf,
  wanted: ReadonlyMap<string, Place>,
  report: Report,
): Tables {
  const ofBaseline = baseline.registries.map((base) => tableOf(base, wanted));
  const index = new Map<string, Table>();
  for (const table of ofBaseline) {
    if (!index.has(table.scope)) index.set(table.scope, table);
  }
  const missing = [...wanted.keys()].filter((scope) => !index.has(scope)).sort(compareBytes);
  const created = missing.map((scope) => createTable(scope, wanted.get(scope) ?? null, index, report));
  for (const table of created) index.set(table.scope, table);
  return {
    all: [...ofBaseline, ...created],
    get: (scope) => index.get(scope),
    match: (name) => firstOf(matchingScopes(name), index),
  };
}

/**
 * A new table takes over part of what the baseline's table around it decides, so it starts with what that one says: insecure, blocked, and
 * where pulls go instead. Around it means what containers/image would have used: what the administrator blocked stays blocked, with a port too.
 */
function createTable(
  scope: string,
  at: Place | null,
  baseline: ReadonlyMap<string, Table>,
  report: Report,
): Table {
  const table = newTable(scope, at);
  const outer = baseline.size === 0 ? undefined : firstOf(matchingScopes(scope), baseline);
  if (outer === undefined) return table;
  table.isInsecure = outer.isInsecure;
  table.isBlocked = outer.isBlocked;
  if (!isRemapped(outer)) return table;
  const location = extendLocation(outer.location, remainderOf(scope, outer.scope));
  if (location !== null) {
    return location === scope ? table : { ...table, prefix: scope, location };
  }
  report(
    finding(
      'mirrorNotInheritable',
      at,
      `the baseline sends pulls of ${quote(outer.scope)} to ${quote(outer.location)}, behind which the port of ${quote(scope)} cannot stand; ${quote(scope)} itself is blocked`,
      `Give ${quote(scope)} a [[registry]] table of its own in the baseline`,
    ),
  );
  return { ...table, isBlocked: true };
}

function firstOf(scopes: readonly string[], index: ReadonlyMap<string, Table>): Table | undefined {
  for (const scope of scopes) {
    const table = index.get(scope);
    if (table !== undefined) return table;
  }
  return undefined;
}
