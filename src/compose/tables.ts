// All tables of the result, to be looked up by scope.
import { firstOfEachScope, loadedScope } from '../registries/location.ts';
import type { RegistriesConf } from '../registries/model.ts';
import { sortByBytes } from '../byte-order.ts';
import type { Place } from '../origin.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import type { Report } from './report.ts';
import type { CarriedTable } from './carried-table.ts';
import { ScopeIndex } from './scope-index.ts';
import { extendLocation, remainderOf } from './scope.ts';
import type { Standing, StandingTable } from './standing.ts';
import { isRemapped, newTable, tableOf, type Table } from './table.ts';

/** The tables, and the look-ups that composition needs. */
export interface Tables {
  /**
   * The baseline's in their order, then ours by scope. Repeats of a scope in the baseline included: CRI-O ignores, but
   * validates them.
   */
  readonly all: readonly Table[];
  /** The table that counts for a scope: of repeats the first. */
  get(scope: string): Table | undefined;
  /** The tables that the scope is nested in, most specific first. */
  around(scope: string): readonly Table[];
  /** The tables that containers/image would let match a repository name, its pick first. */
  matching(name: string): readonly Table[];
}

/**
 * Creates every table.
 * @param standing what stands without policies, drop-ins included
 * @param wanted the scopes that need a table, each with the first entry that wants it
 * @param carried what stays of files that cannot be read
 */
export function createTables(
  baseline: RegistriesConf,
  standing: Standing,
  wanted: ReadonlyMap<string, Place>,
  report: Report,
  carried: ReadonlyMap<string, CarriedTable>,
): Tables {
  const ofBaseline = baseline.registries.map((base) => tableOf(base, wanted.get(loadedScope(base)) ?? null));
  const byScope = new Map(firstOfEachScope(ofBaseline, ({ scope }) => scope));
  const scopes = carried.size === 0 ? wanted.keys() : new Set([...wanted.keys(), ...carried.keys()]);
  const missing = sortByBytes([...scopes].filter((scope) => !byScope.has(scope)));
  const created = missing.map((scope) => createTable(scope, wanted.get(scope) ?? null, standing, report));
  for (const table of created) byScope.set(table.scope, table);
  const index = new ScopeIndex(byScope);
  return {
    all: [...ofBaseline, ...created],
    get: (scope) => index.get(scope),
    around: (scope) => index.around(scope),
    matching: (name) => index.matching(name),
  };
}

/**
 * A new table takes over part of what the table around it decides that stands without policies, in the baseline or a
 * drop-in; so it starts with what that one says: insecure, blocked, and where pulls go instead. Around it means what
 * containers/image would have used: what the administrator blocked stays blocked, with a port too.
 */
function createTable(scope: string, at: Place | null, standing: Standing, report: Report): Table {
  const table = newTable(scope, at);
  const outer = standing.matching(scope)[0];
  if (outer === undefined) return table;
  table.isInsecure = outer.isInsecure;
  table.isBlocked = outer.isBlocked;
  reportDropIn(table, outer, report);
  if (!isRemapped(outer)) return table;
  const location = extendLocation(outer.location, remainderOf(scope, outer.scope));
  if (location !== null) {
    return location === scope ? table : { ...table, prefix: scope, location };
  }
  report(
    finding(
      'mirrorNotInheritable',
      at,
      `${describeFile(outer)} sends pulls of ${quote(outer.scope)} to ${quote(outer.location)}, behind which the port of ${quote(scope)} cannot stand; ${quote(scope)} itself is blocked`,
      `give ${quote(scope)} a [[registry]] table of its own in the baseline`,
    ),
  );
  return { ...table, isBlocked: true };
}

/** What a drop-in decides is to be seen nowhere in the files that the operator of policies looks at. */
function reportDropIn(table: Table, outer: StandingTable, report: Report): void {
  if (outer.dropIn === null || outer.scope === table.scope) return;
  const what = outer.isBlocked
    ? `blocks ${quote(outer.scope)}`
    : isRemapped(outer)
      ? `sends pulls of ${quote(outer.scope)} to ${quote(outer.location)}`
      : null;
  if (what === null) return;
  report(
    finding(
      'dropInDecides',
      table.at,
      `${describeFile(outer)} ${what}, which holds for ${quote(table.scope)} as well`,
      `give ${quote(table.scope)} a [[registry]] table of its own in the baseline if it should not`,
    ),
  );
}

function describeFile({ dropIn }: StandingTable): string {
  return dropIn === null ? 'the baseline' : `the drop-in ${quote(dropIn)}`;
}
