// The tables that count once drop-ins are laid over the composed main file.
import { firstOfEachScope, loadedScope } from '../registries/location.ts';
import type { ConfFile } from '../registries/merge.ts';
import { ScopeIndex } from './scope-index.ts';
import { tableOf, type Table } from './table.ts';
import type { Tables } from './tables.ts';

export type TablesInForce = Omit<Tables, 'around'>;

/**
 * Merges as containers/image does: a later table replaces the whole earlier one of its scope. Without tables in
 * drop-ins these are those of the main file.
 * @param dropIns valid ones, in load order
 */
export function layDropIns(tables: Tables, dropIns: readonly ConfFile[]): TablesInForce {
  const others = dropIns.flatMap(({ conf, file }) =>
    [...firstOfEachScope(conf.registries, loadedScope).values()].map((base) => tableOf(base, null, file)),
  );
  if (others.length === 0) return tables;
  const byScope = new Map<string, Table>(firstOfEachScope(tables.all, ({ scope }) => scope));
  for (const table of others) byScope.set(table.scope, table);
  const index = new ScopeIndex(byScope);
  return {
    all: [...byScope.values()],
    get: (scope) => index.get(scope),
    matching: (name) => index.matching(name),
  };
}
