// One table of the rendering in force that a file stands behind which cannot be read now, and what of it may stay.
import type { Origin } from '../origin.ts';
import { trimLocation } from '../registries/location.ts';
import { servesPull, type Mirror, type PullKind, type Registry } from '../registries/model.ts';
import type { Unreadable } from './in-force.ts';
import type { PerKind } from './kind.ts';
import { extraOf, type DraftMirror } from './mirrors.ts';
import { uniteOrigins } from './origins.ts';

/** The table in the three states that count. */
export interface TableStates {
  /** In the rendering in force. */
  readonly standing: Registry;
  /** As the administrator has it now; also in `composed`. */
  readonly base: Registry | undefined;
  /** As the files that can be read would have it. */
  readonly composed: Registry | undefined;
  /** Whether a file that can be read names the mirror, for the scope itself or for one around it. */
  readonly isNamed: (location: string, kind: PullKind) => boolean;
  /** Whether a scope that policies made insecure marks the mirror. */
  readonly isMarked: (location: string) => boolean;
}

/** What of a table stays, whatever the files that can be read say. */
export interface CarriedTable {
  readonly standing: Registry;
  /**
   * The mirrors of each kind as they stand, all of them or none: a kind that nothing unreadable is behind is what the
   * files that can be read make of it.
   */
  readonly mirrors: PerKind<readonly DraftMirror[]>;
  readonly isInsecure: boolean;
  /** What stands for the entries that nobody can read. */
  readonly origins: readonly Origin[];
  /** What of it cannot be read. */
  readonly blame: readonly Unreadable[];
}

/** What a scope marks is not the mirror's own: it is marked again, with all that the scope encloses. */
export function draftOf(
  { location, insecure, extra }: Mirror,
  { isMarked }: TableStates,
  origins: readonly Origin[],
): DraftMirror {
  return {
    location: trimLocation(location),
    isInsecure: insecure && !isMarked(trimLocation(location)),
    origins,
    extra: extraOf(extra),
    asker: null,
  };
}

/** The mirrors of the kind that the administrator's table does not have. */
export function addedTo(base: Registry | undefined, table: Registry, kind: PullKind): readonly Mirror[] {
  return table.mirrors.filter(
    (mirror) => servesPull(table, mirror, kind) && (base === undefined || !names(base, mirror, kind)),
  );
}

/** Those of the same mirror of the kind in what the files that can be read make of the table. */
export function readableOrigins(
  { composed }: TableStates,
  { location }: Mirror,
  kind: PullKind,
): readonly Origin[] {
  const found = composed?.mirrors.filter(
    (mirror) => mirror.location === location && servesPull(composed, mirror, kind),
  );
  return uniteOrigins(...(found ?? []).map(({ origins }) => origins));
}

function names(table: Registry, { location }: Mirror, kind: PullKind): boolean {
  return table.mirrors.some(
    (mirror) => trimLocation(mirror.location) === trimLocation(location) && servesPull(table, mirror, kind),
  );
}
