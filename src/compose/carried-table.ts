// One table of the rendering in force that a file stands behind which cannot be read now: what of it has to stay.
import type { Origin } from '../origin.ts';
import { loadedScope, trimLocation } from '../registries/location.ts';
import { servesPull, type Mirror, type PullKind, type Registry } from '../registries/model.ts';
import { filesOf, mirrorKey, originOfPath, originsFor, type InForce, type Unreadable } from './in-force.ts';
import { forEachKind, type PerKind } from './kind.ts';
import { extraOf, type DraftMirror } from './mirrors.ts';
import { uniteOrigins } from './origins.ts';

/** The table in the three states that count. */
export interface TableStates {
  /** In the rendering in force. */
  readonly standing: Registry;
  /** As the administrator has it now. */
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

/** Null where every file behind the table can be read. */
export function carryTable(states: TableStates, inForce: InForce): CarriedTable | null {
  const { standing } = states;
  const blame =
    inForce.provenance === null
      ? blameAll(states, inForce)
      : blameKnown(filesBehind(standing, inForce), inForce);
  if (blame.length === 0) return null;
  return {
    standing,
    mirrors: forEachKind((kind) =>
      inForce.provenance === null ? keepUnexplained(states, kind, blame) : keepKnown(states, kind, inForce),
    ),
    isInsecure: standing.insecure,
    origins:
      inForce.provenance === null
        ? unknownOrigins(blame)
        : tableOrigins(standing, inForce).filter(({ file }) => inForce.blame(file) !== null),
    blame,
  };
}

/** What the record names as a source of the table and its mirrors. */
function filesBehind(standing: Registry, inForce: InForce): readonly string[] {
  return [
    ...filesOf(tableOrigins(standing, inForce)),
    ...standing.mirrors.flatMap((mirror) => sourcesOf(standing, mirror, inForce)),
  ];
}

function blameKnown(files: readonly string[], inForce: InForce): readonly Unreadable[] {
  const blame = files.flatMap((file) => inForce.blame(file) ?? []);
  return blame.filter(({ path }, i) => blame.findIndex((other) => other.path === path) === i);
}

/** Without a record, all that cannot be read is behind what neither the administrator nor a readable policy explains. */
function blameAll(states: TableStates, { unreadable }: InForce): readonly Unreadable[] {
  const { standing, base, composed } = states;
  const known = composed ?? base;
  const isExplained =
    known !== undefined &&
    (known.blocked || !standing.blocked) &&
    (known.insecure || !standing.insecure) &&
    isExplainedFor('digest', states) &&
    isExplainedFor('tag', states);
  return isExplained ? [] : unreadable;
}

/** Whether files that can be read give the table these mirrors in this order, and no others. */
function isExplainedFor(kind: PullKind, { standing, base, composed }: TableStates): boolean {
  const stands = addedTo(base, standing, kind);
  const gives = composed === undefined ? [] : addedTo(base, composed, kind);
  return stands.length === gives.length && stands.every(({ location }, i) => location === gives[i]?.location);
}

/**
 * Without a record: all that stands. What files that can be read name is theirs, unless they name all of it, and something
 * else keeps them from explaining the table: they could not give it back.
 */
function keepUnexplained(
  states: TableStates,
  kind: PullKind,
  blame: readonly Unreadable[],
): readonly DraftMirror[] {
  const mirrors = addedTo(states.base, states.standing, kind).map((mirror) => ({
    mirror,
    readable: readableOrigins(states, mirror, kind),
  }));
  const isAllReadable = mirrors.every(({ readable }) => readable.length > 0);
  return mirrors.map(({ mirror, readable }) => {
    const isReadable = readable.length > 0 && !isAllReadable;
    return draftOf(mirror, states, isReadable ? readable : uniteOrigins(readable, unknownOrigins(blame)));
  });
}

/**
 * By the record: nothing of a kind that nothing unreadable is behind. Of another all that stands, but for what the
 * administrator has taken back, and for what only readable files named and do not name any more.
 */
function keepKnown(states: TableStates, kind: PullKind, inForce: InForce): readonly DraftMirror[] {
  const { standing, base, isNamed } = states;
  const mirrors = addedTo(base, standing, kind).map((mirror) => {
    const files = sourcesOf(standing, mirror, inForce);
    return { mirror, files, lost: files.filter((file) => inForce.blame(file) !== null) };
  });
  if (mirrors.every(({ lost }) => lost.length === 0)) return [];
  return mirrors.flatMap(({ mirror, files, lost }) => {
    // Below a table of the administrator's, a policy's table has his mirrors as well.
    if (files.length === 0) return base === undefined ? [draftOf(mirror, states, [])] : [];
    const readable = readableOrigins(states, mirror, kind);
    const known = tableOrigins(standing, inForce);
    if (lost.length > 0) return [draftOf(mirror, states, uniteOrigins(readable, originsFor(lost, known)))];
    if (readable.length > 0) return [draftOf(mirror, states, readable)];
    return isNamed(mirror.location, kind) ? [draftOf(mirror, states, originsFor(files, known))] : [];
  });
}

/** What a scope marks is not the mirror's own: it is marked again, with all that the scope encloses. */
function draftOf(
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
function addedTo(base: Registry | undefined, table: Registry, kind: PullKind): readonly Mirror[] {
  return table.mirrors.filter(
    (mirror) => servesPull(table, mirror, kind) && (base === undefined || !names(base, mirror, kind)),
  );
}

function tableOrigins(standing: Registry, { provenance }: InForce): readonly Origin[] {
  return provenance?.tables[loadedScope(standing)] ?? [];
}

/** The files behind a mirror, as the record has them. */
function sourcesOf(standing: Registry, mirror: Mirror, inForce: InForce): readonly string[] {
  const ofTable = inForce.provenance?.mirrors[loadedScope(standing)];
  return ofTable?.[mirrorKey(mirror)] ?? filesOf(tableOrigins(standing, inForce));
}

/** What stands for entries that nobody can read. */
export function unknownOrigins(blame: readonly Unreadable[]): readonly Origin[] {
  return blame.map(({ path }) => originOfPath(path));
}

/** Those of the same mirror of the kind in what the files that can be read make of the table. */
function readableOrigins({ composed }: TableStates, { location }: Mirror, kind: PullKind): readonly Origin[] {
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
