// Where icspd differs from runtime-utils on purpose, point by point. Points 2 and 8, and 13 for mirror-by-digest-only, are put into upstream's own terms (upstream.ts).
import { isNested } from '../../src/compose/scope.ts';
import type { PolicyCase } from './policy-cases.ts';
import { kinds, scopeOf, type Kind, type SeenMirror, type View } from './view.ts';
import { WorldFacts } from './world-facts.ts';

/** Point 5: where lists contradict each other upstream calls the order unspecified; the mirrors are the same. */
export function isConflict(facts: WorldFacts, scope: string, kind: Kind): boolean {
  const source = facts.hasOwn(scope, kind) ? scope : facts.giversOf(scope)[0];
  return source !== undefined && hasCycle(source, facts.listsOf(source, kind));
}

/** Point 11: upstream refuses to compose where a scope without mirrors lies in a wildcard source. */
export function isWildcardInheritance(facts: WorldFacts): boolean {
  const isInherited = (source: string): boolean =>
    [...facts.scopes].some((scope) => scope !== source && isNested(scope, source) && !facts.hasAnyOwn(scope));
  return facts.sources().some((source) => source.startsWith('*.') && isInherited(source));
}

/**
 * Point 11: each kind is inherited by itself, from the most specific table around that has it, the baseline's included. Upstream lets a scope
 * without any mirrors take those of the source that comes first, and passes the administrator's mirrors on to other tables of his.
 */
export function isInheritedOtherwise(facts: WorldFacts, scope: string, kind: Kind): boolean {
  if (facts.hasOwn(scope, kind)) return false;
  const givers = facts.giversOf(scope);
  const [giver] = givers;
  if (giver === undefined || !givers.some((outer) => facts.hasOwn(outer, kind))) return false;
  if (facts.hasAnyOwn(scope) || givers.length > 1 || !facts.isSource(giver)) return true;
  const table = facts.baselineOf(scope);
  return table !== null && (table.mirrorByDigestOnly || facts.baselineOf(giver) !== null);
}

/** Point 11: NeverContactSource comes with inherited mirrors, and what the administrator blocked stays blocked below. Only ever blocks more. */
export function isBlockedByInheritance(facts: WorldFacts, scope: string): boolean {
  const takesNever = facts
    .giversOf(scope)
    .some(
      (giver) =>
        facts.isNever(giver) && kinds.some((kind) => !facts.hasOwn(scope, kind) && facts.hasOwn(giver, kind)),
    );
  return takesNever || (isNew(facts, scope) && facts.baselineAround(scope).some(({ blocked }) => blocked));
}

/** Point 11: what the administrator lets be insecure stays so below. */
export function isInsecureByInheritance(facts: WorldFacts, scope: string): boolean {
  return isNew(facts, scope) && facts.baselineAround(scope).some(({ insecure }) => insecure);
}

/** Point 11: where the administrator sends pulls elsewhere, a new scope inside follows; blocked where a port would make that no valid name. */
export function isRemappedByInheritance(facts: WorldFacts, scope: string): boolean {
  return (
    isNew(facts, scope) &&
    facts.baselineAround(scope).some(({ prefix, location }) => prefix !== '' && location !== '')
  );
}

/** Point 12: insecure is set after inheritance, so that it reaches inherited locations; upstream sets it before. */
export function markInherited(facts: WorldFacts, scope: string, kind: Kind, mirrors: View[Kind]): View[Kind] {
  if (facts.hasOwn(scope, kind)) return mirrors;
  return mirrors.map((mirror) => {
    const isInsecure = facts.insecure.some((outer) => isNested(mirror.location, outer));
    return { ...mirror, insecure: mirror.insecure || isInsecure };
  });
}

/**
 * At equal length containers/image prefers the wildcard. So a new one is refused where it would lift what protects a host: blocked, never contacted,
 * sent elsewhere or mirrored for digests only; a block for it stays. Upstream lets it. Only ever protects more.
 */
export function refusedWildcards(given: PolicyCase): ReadonlySet<string> {
  const facts = new WorldFacts(given);
  const isProtected = (literal: string, wildcard: string): boolean => {
    const table = facts.baselineOf(literal);
    const isElsewhere = table !== null && table.prefix !== '' && !['', table.prefix].includes(table.location);
    if (isElsewhere || table?.mirrorByDigestOnly === true) return true;
    const isBlocked = (scope: string): boolean =>
      facts.isNever(scope) || facts.blocked.some((outer) => isNested(scope, outer));
    const [around] = facts.baselineAround(wildcard).toSorted((a, b) => scopeOf(b).length - scopeOf(a).length);
    return (
      (isBlocked(literal) || table?.blocked === true) && !isBlocked(wildcard) && around?.blocked !== true
    );
  };
  const literals = [...facts.scopes].filter((scope) => /^[^*]\.[^:/]*$/.test(scope));
  const beaten = literals.map((literal) => [literal, `*${literal.slice(1)}`] as const);
  const refused = beaten.filter(
    ([literal, wildcard]) => isNew(facts, wildcard) && isProtected(literal, wildcard),
  );
  return new Set(refused.map(([, wildcard]) => wildcard));
}

/** The case without the entries that are refused. */
export function withoutWildcards(given: PolicyCase, refused: ReadonlySet<string>): PolicyCase {
  return {
    ...given,
    objects: given.objects.map((object) => ({
      ...object,
      entries: object.entries.filter(({ source }) => !refused.has(source)),
    })),
    insecure: given.insecure.filter((scope) => !refused.has(scope)),
  };
}

/**
 * NeverContactSource of a refused wildcard holds: for itself, and for what lacks a kind and meets the wildcard, on its way outwards, before it
 * meets a table that has the kind.
 */
export function isNeverOfRefused(given: PolicyCase, scope: string, refused: ReadonlySet<string>): boolean {
  const before = new WorldFacts(given);
  return [...refused].some(
    (wildcard) =>
      before.isNever(wildcard) &&
      isNested(scope, wildcard) &&
      (scope === wildcard ||
        kinds.some((kind) => !before.hasOwn(scope, kind) && !hasCloser(before, scope, kind, wildcard))),
  );
}

/** Whether a table around the scope that has the kind is more specific than the wildcard: longer; at equal length the wildcard wins. */
function hasCloser(facts: WorldFacts, scope: string, kind: Kind, wildcard: string): boolean {
  return facts
    .giversOf(scope)
    .some((giver) => giver !== wildcard && facts.hasOwn(giver, kind) && giver.length > wildcard.length);
}

/** Without a table for the port, containers/image would have matched its images to the host: a new one is blocked with it. Upstream lets it. */
export function isBlockedWithHost(
  facts: WorldFacts,
  scope: string,
  isBlocked: (scope: string) => boolean,
): boolean {
  const host = /^([^:/]*):/.exec(scope)?.[1];
  if (host === undefined || !isNew(facts, scope) || !isBlocked(host)) return false;
  return !facts
    .baselineAround(scope)
    .map(scopeOf)
    .some((outer) => outer.length > host.length || (outer.length === host.length && outer !== host));
}

/** Point 13: a mirror that the administrator has for the kind already is not repeated by a policy. */
export function withoutRepeatedMirrors(mirrors: View[Kind]): View[Kind] {
  const first = new Map<string, SeenMirror>();
  for (const mirror of mirrors) if (!first.has(mirror.location)) first.set(mirror.location, mirror);
  return [...first.values()];
}

function isNew(facts: WorldFacts, scope: string): boolean {
  return facts.baselineOf(scope) === null;
}

/** Whether each mirror before the next, and the last before the source, cannot all be had. */
export function hasCycle(source: string, lists: readonly (readonly string[])[]): boolean {
  const next = new Map<string, Set<string>>();
  for (const list of lists) {
    const path = list.includes(source) ? list : [...list, source];
    path.forEach((node, i) => {
      const to = path[i + 1];
      const known = next.get(node) ?? new Set();
      next.set(node, to === undefined ? known : known.add(to));
    });
  }
  // Nodes that nothing precedes are taken away until none is left or a cycle remains.
  for (let size = -1; size !== next.size;) {
    size = next.size;
    const preceded = new Set([...next.values()].flatMap((nodes) => [...nodes]));
    for (const node of [...next.keys()]) if (!preceded.has(node)) next.delete(node);
  }
  return next.size > 0;
}
