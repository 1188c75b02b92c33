// What pulls see of a table: the form in which both sides are compared.
import type { OracleTable } from './oracle.ts';

export const kinds = ['digest', 'tag'] as const;
export type Kind = (typeof kinds)[number];

export interface SeenMirror {
  readonly location: string;
  readonly insecure: boolean;
}

export interface View {
  readonly insecure: boolean;
  readonly blocked: boolean;
  /** Where pulls go that no mirror serves; '' for a wildcard that leaves the name as it is. */
  readonly location: string;
  readonly digest: readonly SeenMirror[];
  readonly tag: readonly SeenMirror[];
}

export function scopeOf({ prefix, location }: Pick<OracleTable, 'prefix' | 'location'>): string {
  return prefix === '' ? location : prefix;
}

/** The tables by scope; of several the first. */
export function viewsOf(tables: readonly OracleTable[]): ReadonlyMap<string, View> {
  const views = new Map<string, View>();
  for (const table of tables) {
    const scope = scopeOf(table);
    if (!views.has(scope)) views.set(scope, viewOf(table));
  }
  return views;
}

export function viewOf(table: OracleTable): View {
  const { insecure, blocked, location } = table;
  return { insecure, blocked, location, digest: mirrorsFor(table, 'digest'), tag: mirrorsFor(table, 'tag') };
}

function mirrorsFor({ mirrors, mirrorByDigestOnly }: OracleTable, kind: Kind): readonly SeenMirror[] {
  if (mirrorByDigestOnly && kind === 'tag') return [];
  const other = kind === 'digest' ? 'tag-only' : 'digest-only';
  return mirrors
    .filter(({ pullFromMirror }) => mirrorByDigestOnly || pullFromMirror !== other)
    .map(({ location, insecure }) => ({ location, insecure }));
}
