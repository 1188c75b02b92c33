// What stays of a table while files cannot be read, where no record says which files are behind what.
import type { Origin } from '../origin.ts';
import { pullKinds, type PullKind, type Registry } from '../registries/model.ts';
import { addedTo, draftOf, readableOrigins, type CarriedTable, type TableStates } from './carried-table.ts';
import { originOfPath, type Unreadable } from './in-force.ts';
import { forEachKind } from './kind.ts';
import type { DraftMirror } from './mirrors.ts';
import { uniteOrigins } from './origins.ts';

/**
 * Null where the administrator and the files that can be read explain the table; else all that cannot be read may be
 * behind it.
 */
export function carryUnrecorded(states: TableStates, unreadable: readonly Unreadable[]): CarriedTable | null {
  const { standing } = states;
  if (isExplained(states)) return null;
  return {
    standing,
    mirrors: forEachKind((kind) => keepMirrors(states, kind, unreadable)),
    isInsecure: standing.insecure,
    origins: unknownOrigins(unreadable),
    blame: unreadable,
  };
}

function isExplained({ standing, base, composed }: TableStates): boolean {
  if (composed === undefined) return false;
  if ((standing.blocked && !composed.blocked) || (standing.insecure && !composed.insecure)) return false;
  // The mirrors of each kind in their order, and no others.
  const added = (table: Registry): string =>
    JSON.stringify(pullKinds.map((kind) => addedTo(base, table, kind).map(({ location }) => location)));
  return added(standing) === added(composed);
}

/**
 * All that stands. What files that can be read name is theirs, unless they name all of it, and something else keeps them
 * from explaining the table: they could not give it back.
 */
function keepMirrors(
  states: TableStates,
  kind: PullKind,
  unreadable: readonly Unreadable[],
): readonly DraftMirror[] {
  const mirrors = addedTo(states.base, states.standing, kind).map((mirror) => ({
    mirror,
    readable: readableOrigins(states, mirror, kind),
  }));
  const isAllReadable = mirrors.every(({ readable }) => readable.length > 0);
  return mirrors.map(({ mirror, readable }) => {
    const isReadable = readable.length > 0 && !isAllReadable;
    return draftOf(
      mirror,
      states,
      isReadable ? readable : uniteOrigins(readable, unknownOrigins(unreadable)),
    );
  });
}

/** What stands for entries that nobody can read. */
export function unknownOrigins(unreadable: readonly Unreadable[]): readonly Origin[] {
  return unreadable.map(({ path }) => originOfPath(path));
}
