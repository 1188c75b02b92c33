// A [[registry]] table in the making.
import { loadedScope, trimLocation, isWildcard } from '../registries/location.ts';
import { servesPull, type Mirror, type Registry, type PullKind } from '../registries/model.ts';
import type { Origin, Place } from '../origin.ts';
import { forEachKind, type PerKind } from './kind.ts';
import type { Protection } from './protections.ts';
import { extraOf, noMirrors, type DraftMirror } from './mirrors.ts';
import type { Source } from './source.ts';

/** That a policy wants a scope closed, and where it says so. */
export type Closing = Omit<Protection, 'scope'>;

/** What is known of a table so far; filled in step by step. */
export interface Table {
  readonly scope: string;
  /** The first policy entry that wants the table; null where none does. */
  readonly at: Place | null;
  /** The administrator's table; null where icspd creates it. */
  readonly base: Registry | null;
  /** The drop-in that it stands in; null for the main file. */
  readonly dropIn: string | null;
  /** The baseline's mirrors that serve each kind. */
  readonly baseMirrors: PerKind<readonly DraftMirror[]>;
  readonly prefix: string;
  readonly location: string;
  isInsecure: boolean;
  isBlocked: boolean;
  /** The policy entry that wants it closed; null where none does. */
  closing: Closing | null;
  /** What the entries for this very scope ask for; null where there are none. */
  source: Source | null;
  own: PerKind<readonly DraftMirror[]>;
  inherited: PerKind<readonly DraftMirror[]>;
  origins: readonly Origin[];
}

/** The table as the administrator wrote it, or who wrote the drop-in. */
export function tableOf(base: Registry, at: Place | null, dropIn: string | null = null): Table {
  return {
    scope: loadedScope(base),
    at,
    base,
    dropIn,
    baseMirrors: forEachKind((kind) =>
      base.mirrors.filter((mirror) => servesPull(base, mirror, kind)).map(draftOf),
    ),
    prefix: base.prefix,
    location: base.location,
    isInsecure: base.insecure,
    isBlocked: base.blocked,
    closing: null,
    source: null,
    own: noMirrors,
    inherited: noMirrors,
    origins: base.origins,
  };
}

/**
 * A table that the baseline does not have. A wildcard is a prefix; any other scope is a location, as in runtime-utils.
 */
export function newTable(scope: string, at: Place | null): Table {
  const isPrefix = isWildcard(scope);
  return {
    scope,
    at,
    base: null,
    dropIn: null,
    baseMirrors: noMirrors,
    prefix: isPrefix ? scope : '',
    location: isPrefix ? '' : scope,
    isInsecure: false,
    isBlocked: false,
    closing: null,
    source: null,
    own: noMirrors,
    inherited: noMirrors,
    origins: [],
  };
}

/** Blocks the table, for the policy entries with these origins. The first that wants it closed is remembered. */
export function closeTable(table: Table, closing: Closing | null, origins: readonly Origin[]): void {
  table.isBlocked = true;
  table.closing ??= closing;
  table.origins = [...table.origins, ...origins];
}

/** The table's mirrors of a kind, the baseline's first. */
export function mirrorsOf(table: Table, kind: PullKind): readonly DraftMirror[] {
  const standing = table.baseMirrors[kind];
  return standing.length === 0 ? addedMirrors(table, kind) : [...standing, ...addedMirrors(table, kind)];
}

/**
 * What policies add to the table for a kind: their own mirrors or those inherited, without what the baseline has there
 * already.
 */
export function addedMirrors(table: Table, kind: PullKind): readonly DraftMirror[] {
  const standing = table.baseMirrors[kind];
  if (standing.length === 0) return table.own[kind].length > 0 ? table.own[kind] : table.inherited[kind];
  const known = new Set(standing.map(({ location }) => location));
  return table.own[kind].filter(({ location }) => !known.has(location));
}

/** Whether the table has mirrors of its own for the kind. */
export function hasKind(table: Table, kind: PullKind): boolean {
  return table.baseMirrors[kind].length > 0 || table.own[kind].length > 0;
}

/** Whether pulls under the table go to another name, its location. */
export function isRemapped({ prefix, location }: Pick<Table, 'prefix' | 'location'>): boolean {
  return prefix !== '' && location !== '' && trimLocation(location) !== trimLocation(prefix);
}

function draftOf({ location, insecure, origins, extra }: Mirror): DraftMirror {
  return {
    location: trimLocation(location),
    isInsecure: insecure,
    origins,
    extra: extraOf(extra),
    asker: null,
  };
}
