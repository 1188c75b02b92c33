// blocked and insecure: set on the scope, and on everything nested in it.
import { trimLocation } from '../registries/location.ts';
import type { ScopeEntry } from '../policy/rule.ts';
import type { Place } from '../origin.ts';
import type { ContentHosts } from './content-hosts.ts';
import { comparePlaces, placeOfScope } from './report.ts';
import type { ScopeIndex } from './scope-index.ts';
import { closeTable, isRemapped, type Table } from './table.ts';

/** The entries that set a flag, by scope. */
export type FlaggedScopes = ScopeIndex<readonly ScopeEntry[]>;

/** Groups entries by scope, in the order of their places. */
export function collectScopes(entries: readonly ScopeEntry[]): ReadonlyMap<string, readonly ScopeEntry[]> {
  const scopes = new Map<string, ScopeEntry[]>();
  const byPlace = [...entries].sort((a, b) => comparePlaces(placeOfScope(a), placeOfScope(b)));
  for (const entry of byPlace) {
    const scope = trimLocation(entry.value);
    const known = scopes.get(scope);
    if (known === undefined) scopes.set(scope, [entry]);
    else known.push(entry);
  }
  return scopes;
}

/** Blocks each table that is one of the scopes or nested in one. */
export function blockTables(tables: readonly Table[], scopes: FlaggedScopes): void {
  for (const table of tables) {
    const entries = entriesFor(table, scopes);
    const [entry] = entries;
    if (entry === undefined) continue;
    const closing = { wish: 'blocked', at: placeOfScope(entry) } as const;
    // An Image wants more than NeverContactSource: everything below as well.
    table.closing = closing;
    closeTable(
      table,
      closing,
      entries.map(({ origin }) => origin),
    );
  }
}

/**
 * Marks each table that is one of the scopes or nested in one, unless the baseline sends its pulls to a place that
 * policies may not make insecure. Mirrors are marked when the table is finished.
 */
export function markInsecure(tables: readonly Table[], scopes: FlaggedScopes, hosts: ContentHosts): void {
  for (const table of tables) {
    const entries = entriesFor(table, scopes);
    const [entry] = entries;
    if (entry === undefined) continue;
    const at = (): Place => placeOfScope(entry);
    if (isRemapped(table) && !hosts.admit(table.location, 'insecureRefused', 'the insecure location', at)) {
      continue;
    }
    table.isInsecure = true;
    table.origins = [...table.origins, ...entries.map(({ origin }) => origin)];
  }
}

/** The entries whose scope is the table's or encloses it, the most specific first. */
function entriesFor(table: Table, scopes: FlaggedScopes): readonly ScopeEntry[] {
  return scopes.atAndAround(table.scope).flat();
}
