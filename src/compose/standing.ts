// What stands without any policy: the administrator's tables, and those of drop-ins. Policies add to it and take no
// protection away.
import { loadedScope } from '../registries/location.ts';
import type { ConfFile } from '../registries/merge.ts';
import { type RegistriesConf, type Registry } from '../registries/model.ts';
import { ScopeIndex } from './scope-index.ts';

/** A table that policies find. */
export interface StandingTable {
  readonly scope: string;
  readonly prefix: string;
  readonly location: string;
  readonly isInsecure: boolean;
  readonly isBlocked: boolean;
  /** The administrator wants no mirrors for tags. */
  readonly isDigestOnly: boolean;
  /** The drop-in that it stands in; null for the baseline. */
  readonly dropIn: string | null;
}

/** By scope, as containers/image merges files: the first table of a scope in a file, and of files the last one. */
export type Standing = ScopeIndex<StandingTable>;

/** @param dropIns valid ones, in load order */
export function standingTables(baseline: RegistriesConf, dropIns: readonly ConfFile[]): Standing {
  const tables = firstOfEachScope(baseline, null);
  for (const { conf, file } of dropIns) {
    for (const [scope, table] of firstOfEachScope(conf, file)) tables.set(scope, table);
  }
  return new ScopeIndex(tables);
}

/** What holds at a scope without policies: its own table, else the one that would match it. */
export function standingAt(standing: Standing, scope: string): StandingTable | undefined {
  return standing.get(scope) ?? standing.matching(scope)[0];
}

function firstOfEachScope({ registries }: RegistriesConf, dropIn: string | null): Map<string, StandingTable> {
  const tables = new Map<string, StandingTable>();
  for (const registry of registries) {
    const table = standingTable(registry, dropIn);
    if (!tables.has(table.scope)) tables.set(table.scope, table);
  }
  return tables;
}

function standingTable(registry: Registry, dropIn: string | null): StandingTable {
  const { prefix, location, insecure, blocked, mirrorByDigestOnly } = registry;
  return {
    scope: loadedScope(registry),
    prefix,
    location,
    isInsecure: insecure,
    isBlocked: blocked,
    isDigestOnly: mirrorByDigestOnly,
    dropIn,
  };
}
