// One table of the rendering in force that a file stands behind which cannot be read now: what of it has to stay.
import type { Origin } from '../origin.ts';
import { loadedScope } from '../registries/location.ts';
import {
  pullKinds,
  servesPull,
  type Mirror,
  type Pull,
  type PullKind,
  type Registry,
} from '../registries/model.ts';
import { filesOf, mirrorKey, originOfPath, originsFor, type InForce, type Unreadable } from './in-force.ts';
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
}

export interface CarriedTable {
  /** What policies that can be read are layered on, like on a table of the administrator's. */
  readonly registry: Registry;
  /** What of it cannot be read. */
  readonly blame: readonly Unreadable[];
}

/** Null where every file behind the table can be read. */
export function carryTable(states: TableStates, inForce: InForce): CarriedTable | null {
  const blame = inForce.provenance === null ? blameAll(states, inForce) : blameKnown(states, inForce);
  return blame.length === 0 ? null : carry(states, inForce, blame);
}

function carry(states: TableStates, inForce: InForce, blame: readonly Unreadable[]): CarriedTable {
  const { standing, base } = states;
  const kept = standing.mirrors.flatMap((mirror) => keepMirror(mirror, states, inForce, blame));
  // The mirrors that stay say themselves what they serve, but where the administrator says it of all.
  const isDigestOnly =
    base?.mirrorByDigestOnly === true && kept.every(({ pullFromMirror }) => pullFromMirror === 'digest-only');
  const say = (mirror: Mirror, pullFromMirror: string): Mirror => ({ ...mirror, pullFromMirror });
  const own = (base?.mirrors ?? []).map((mirror) =>
    base?.mirrorByDigestOnly === true && !isDigestOnly ? say(mirror, 'digest-only') : mirror,
  );
  const shape = base ?? standing;
  const registry = {
    ...shape,
    insecure: shape.insecure || standing.insecure,
    blocked: shape.blocked || standing.blocked,
    mirrorByDigestOnly: isDigestOnly,
    mirrors: [...own, ...(isDigestOnly ? kept.map((mirror) => say(mirror, '')) : kept)],
    origins: originsOf(standing, inForce, blame),
  };
  return { registry, blame };
}

/** What the record names as a source of the table and its mirrors, as far as it cannot be read. */
function blameKnown({ standing }: TableStates, inForce: InForce): readonly Unreadable[] {
  const files = new Set([
    ...filesOf(tableOrigins(standing, inForce)),
    ...standing.mirrors.flatMap((mirror) => sourcesOf(standing, mirror, inForce)),
  ]);
  const blame = [...files].flatMap((file) => inForce.blame(file) ?? []);
  return blame.filter(({ path }, i) => blame.findIndex((other) => other.path === path) === i);
}

/** Without a record, all that cannot be read is behind what neither the administrator nor a readable policy explains. */
function blameAll({ standing, base, composed }: TableStates, inForce: InForce): readonly Unreadable[] {
  const known = composed ?? base;
  const isExplained =
    known !== undefined &&
    (known.blocked || !standing.blocked) &&
    (known.insecure || !standing.insecure) &&
    standing.mirrors.every((mirror) => kindsOf(standing, mirror).every((kind) => names(known, mirror, kind)));
  return isExplained ? [] : inForce.unreadable;
}

/**
 * The mirror as it has to stay; nothing where the administrator's table has it anyway, or where files that can be read
 * were alone behind it and do not name it any more.
 */
function keepMirror(
  mirror: Mirror,
  { standing, base, composed, isNamed }: TableStates,
  inForce: InForce,
  blame: readonly Unreadable[],
): readonly Mirror[] {
  const kinds = kindsOf(standing, mirror);
  const isNamedBy = (table: Registry | undefined) => (kind: PullKind) =>
    table !== undefined && names(table, mirror, kind);
  if (kinds.every(isNamedBy(base))) return [];
  const readable = originsIn(composed, mirror, kinds);
  const isReadable = kinds.every(isNamedBy(composed));
  if (inForce.provenance === null) {
    const origins = isReadable ? readable : uniteOrigins(readable, unknownOrigins(blame));
    return [{ ...mirror, pullFromMirror: pullOf(kinds), origins }];
  }
  const files = sourcesOf(standing, mirror, inForce);
  // Below a table of the administrator's, a policy's table has his mirrors as well.
  if (files.length === 0)
    return base === undefined ? [{ ...mirror, pullFromMirror: pullOf(kinds), origins: [] }] : [];
  const lost = files.filter((file) => inForce.blame(file) !== null);
  if (lost.length > 0) {
    const origins = uniteOrigins(readable, originsFor(lost, tableOrigins(standing, inForce)));
    return [{ ...mirror, pullFromMirror: pullOf(kinds), origins }];
  }
  const left = kinds.filter((kind) => isNamed(mirror.location, kind) || isNamedBy(composed)(kind));
  return left.length === 0
    ? []
    : [
        {
          ...mirror,
          pullFromMirror: pullOf(left),
          origins: readable.length > 0 ? readable : originsFor(files, tableOrigins(standing, inForce)),
        },
      ];
}

function tableOrigins(standing: Registry, { provenance }: InForce): readonly Origin[] {
  return provenance?.tables[loadedScope(standing)] ?? [];
}

/** The files behind a mirror, as the record has them. */
function sourcesOf(standing: Registry, mirror: Mirror, inForce: InForce): readonly string[] {
  const ofTable = inForce.provenance?.mirrors[loadedScope(standing)];
  return ofTable?.[mirrorKey(mirror)] ?? filesOf(tableOrigins(standing, inForce));
}

/** Those behind the table itself; files that can be read say so again. */
function originsOf(standing: Registry, inForce: InForce, blame: readonly Unreadable[]): readonly Origin[] {
  if (inForce.provenance === null) return unknownOrigins(blame);
  return tableOrigins(standing, inForce).filter(({ file }) => inForce.blame(file) !== null);
}

/** What stands for entries that nobody can read. */
export function unknownOrigins(blame: readonly Unreadable[]): readonly Origin[] {
  return blame.map(({ path }) => originOfPath(path));
}

/** Those of the same mirror for one of the kinds. */
function originsIn(
  table: Registry | undefined,
  { location }: Mirror,
  kinds: readonly PullKind[],
): readonly Origin[] {
  const found = table?.mirrors.filter(
    (mirror) => mirror.location === location && kinds.some((kind) => servesPull(table, mirror, kind)),
  );
  return uniteOrigins(...(found ?? []).map(({ origins }) => origins));
}

function kindsOf(table: Registry, mirror: Mirror): readonly PullKind[] {
  return pullKinds.filter((kind) => servesPull(table, mirror, kind));
}

function names(table: Registry, { location }: Mirror, kind: PullKind): boolean {
  return table.mirrors.some((mirror) => mirror.location === location && servesPull(table, mirror, kind));
}

/** As it is written; absent for both kinds. */
function pullOf(kinds: readonly PullKind[]): Pull | '' {
  const [only, ...others] = kinds;
  return only === undefined || others.length > 0 ? '' : `${only}-only`;
}
