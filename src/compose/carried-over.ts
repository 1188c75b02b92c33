// What composition does with the tables that are carried over: they stand before what the files that can be read ask for.
import { wholeFile, type Origin } from '../origin.ts';
import { forEachKind } from './kind.ts';
import { pullKinds, servesPull, type PullKind, type Registry } from '../registries/model.ts';
import type { CarriedTable } from './carried-table.ts';
import type { DraftMirror } from './mirrors.ts';
import { ScopeIndex } from './scope-index.ts';
import type { Standing } from './standing.ts';
import { closeTable, hasKind, type Closing, type Table } from './table.ts';
import type { Tables } from './tables.ts';

/** What stands, and what of it stays. */
export interface CarriedOver {
  /** By scope. */
  readonly tables: ReadonlyMap<string, CarriedTable>;
  /** All tables of the rendering in force, by scope. */
  readonly standing: ReadonlyMap<string, Registry>;
}

/** Where everything can be read. */
export const nothingCarried: CarriedOver = { tables: new Map(), standing: new Map() };

/** Gives each table what stays of it; mirrors that only files which can be read name come behind. */
export function layCarried(tables: Tables, carried: CarriedOver): void {
  for (const [scope, { standing, mirrors, origins }] of carried.tables) {
    const table = tables.get(scope);
    if (table === undefined) continue;
    table.own = forEachKind((kind) => append(mirrors[kind], table.own[kind], scope));
    if (standing.blocked && !table.isBlocked) closeTable(table, closingOf(origins), []);
    table.origins = [...table.origins, ...origins];
  }
}

/** The source behind all mirrors is tried last anyway. */
function append(
  carried: readonly DraftMirror[],
  own: readonly DraftMirror[],
  scope: string,
): readonly DraftMirror[] {
  if (carried.length === 0) return own;
  const known = new Set(carried.map(({ location }) => location));
  const all = [...carried, ...own.filter(({ location }) => !known.has(location))];
  return all.at(-1)?.location === scope && !known.has(scope) ? all.slice(0, -1) : all;
}

/**
 * Blocks what comes new below a table that is carried over and blocked, and what takes mirrors from one that it did not
 * have while it stood open: whether an Image blocks the scope or NeverContactSource its source, nobody can read.
 */
export function blockBelowCarried(
  tables: Tables,
  { tables: carried, standing }: CarriedOver,
  administrators: Standing,
): void {
  if (![...carried.values()].some(({ standing: table }) => table.blocked)) return;
  const around = new ScopeIndex<CarriedTable | null>(
    new Map([...[...administrators.scopes()].map((scope) => [scope, null] as const), ...carried]),
  );
  for (const table of tables.all) {
    if (table.isBlocked) continue;
    const stood = standing.get(table.scope);
    const isNew = stood === undefined && table.base === null;
    const outer = isNew
      ? [around.matching(table.scope)[0]]
      : newGivers(table, stood, tables).map((giver) => carried.get(giver.scope));
    const [closed] = outer.flatMap((one) => (one?.standing.blocked === true ? one : []));
    if (closed !== undefined) closeTable(table, closingOf(closed.origins), closed.origins);
  }
}

/** The tables that it takes mirrors of a kind from, but for mirrors that stood in it while it was open. */
function newGivers(table: Table, stood: Registry | undefined, tables: Tables): readonly Table[] {
  return pullKinds.flatMap((kind) => {
    const stoodOpen = ({ location }: DraftMirror): boolean =>
      stood?.blocked === false && hasMirror(stood, location, kind);
    if (hasKind(table, kind) || table.inherited[kind].every(stoodOpen)) return [];
    return tables.around(table.scope).find((outer) => hasKind(outer, kind)) ?? [];
  });
}

function hasMirror(table: Registry, location: string, kind: PullKind): boolean {
  return table.mirrors.some((mirror) => mirror.location === location && servesPull(table, mirror, kind));
}

function closingOf(origins: readonly Origin[]): Closing | null {
  const [origin] = origins;
  return origin === undefined
    ? null
    : { wish: 'blocked', at: { ...wholeFile(origin.file), line: origin.line } };
}
