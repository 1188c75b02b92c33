// What stays of a table while a file behind it cannot be read, where a record says which files those are.
import type { Origin } from '../origin.ts';
import { loadedScope } from '../registries/location.ts';
import type { Mirror, PullKind, Registry } from '../registries/model.ts';
import { addedTo, draftOf, readableOrigins, type CarriedTable, type TableStates } from './carried-table.ts';
import {
  filesOf,
  mirrorKey,
  originsFor,
  type InForce,
  type Provenance,
  type Unreadable,
} from './in-force.ts';
import { forEachKind } from './kind.ts';
import type { DraftMirror } from './mirrors.ts';
import { uniteOrigins } from './origins.ts';

type Blame = InForce['blame'];

/** Null where every file behind the table can be read. */
export function carryRecorded(
  states: TableStates,
  provenance: Provenance,
  blameOf: Blame,
): CarriedTable | null {
  const { standing } = states;
  const blame = unreadableOf(filesBehind(standing, provenance), blameOf);
  if (blame.length === 0) return null;
  return {
    standing,
    mirrors: forEachKind((kind) => keepMirrors(states, kind, provenance, blameOf)),
    isInsecure: standing.insecure,
    origins: tableOrigins(standing, provenance).filter(({ file }) => blameOf(file) !== null),
    blame,
  };
}

/** What the record names as a source of the table and its mirrors. */
function filesBehind(standing: Registry, provenance: Provenance): readonly string[] {
  return [
    ...filesOf(tableOrigins(standing, provenance)),
    ...standing.mirrors.flatMap((mirror) => sourcesOf(standing, mirror, provenance)),
  ];
}

/** What of the files cannot be read, each once: of many files it may be one directory. */
function unreadableOf(files: readonly string[], blameOf: Blame): readonly Unreadable[] {
  const blame = files.flatMap((file) => blameOf(file) ?? []);
  return blame.filter(({ path }, i) => blame.findIndex((other) => other.path === path) === i);
}

/**
 * Nothing of a kind that nothing unreadable is behind. Of another all that stands, but for what the administrator has
 * taken back, and for what only readable files named and do not name any more.
 */
function keepMirrors(
  states: TableStates,
  kind: PullKind,
  provenance: Provenance,
  blameOf: Blame,
): readonly DraftMirror[] {
  const { standing, base, isNamed } = states;
  const mirrors = addedTo(base, standing, kind).map((mirror) => {
    const files = sourcesOf(standing, mirror, provenance);
    return { mirror, files, lost: files.filter((file) => blameOf(file) !== null) };
  });
  if (mirrors.every(({ lost }) => lost.length === 0)) return [];
  const known = tableOrigins(standing, provenance);
  return mirrors.flatMap(({ mirror, files, lost }) => {
    // Below a table of the administrator's, a policy's table has his mirrors as well.
    if (files.length === 0) return base === undefined ? [draftOf(mirror, states, [])] : [];
    const readable = readableOrigins(states, mirror, kind);
    if (lost.length > 0) return [draftOf(mirror, states, uniteOrigins(readable, originsFor(lost, known)))];
    if (readable.length > 0) return [draftOf(mirror, states, readable)];
    return isNamed(mirror.location, kind) ? [draftOf(mirror, states, originsFor(files, known))] : [];
  });
}

function tableOrigins(standing: Registry, { tables }: Provenance): readonly Origin[] {
  return tables[loadedScope(standing)] ?? [];
}

/** The files behind a mirror, as the record has them. */
function sourcesOf(standing: Registry, mirror: Mirror, provenance: Provenance): readonly string[] {
  const ofTable = provenance.mirrors[loadedScope(standing)];
  return ofTable?.[mirrorKey(mirror)] ?? filesOf(tableOrigins(standing, provenance));
}
