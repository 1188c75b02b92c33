// What a pull tries: the endpoints of an image in order, and the mirrors that it passes over, with the reason.
import { quote } from '../escape.ts';
import type { Origin } from '../origin.ts';
import { isWildcard, trimLocation } from './location.ts';
import { matchingScopes, matchLength } from './match.ts';
import type { MergedConf, MergedRegistry } from './merge.ts';
import { effectivePull, servesPull, type PullKind, type Registry } from './model.ts';
import {
  formatReference,
  parseCanonical,
  parseNormalized,
  type Reference,
  type ReferenceResult,
} from './reference.ts';

/** One attempt of a pull. `blocked`: the attempt is refused before anything is contacted, and the next one is made. */
export interface PullEndpoint {
  readonly reference: string;
  /** The mirror, or the location of the source; where no scope matches, the name itself. */
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
  readonly via: 'mirror' | 'source';
  readonly origins: readonly Origin[];
  /** The file that this endpoint comes from; null where no scope matches. */
  readonly file: string | null;
}

/** A mirror that the pull does not use, and why. */
export interface UnusedMirror {
  readonly location: string;
  readonly reason: string;
}

/** What a pull does. */
export interface Resolution {
  /** As it is resolved: with its registry, with a tag or a digest. The text itself if it is not a reference. */
  readonly reference: string;
  readonly matched: { readonly scope: string; readonly file: string } | null;
  readonly endpoints: readonly PullEndpoint[];
  readonly notUsed: readonly UnusedMirror[];
  /** Why the pull fails before anything is tried; null if it is tried. */
  readonly problem: string | null;
}

/** The table that containers/image chooses for the name (FindRegistry); null if none matches. */
export function findRegistry(merged: MergedConf, name: string): MergedRegistry | null {
  const [scope] = matchingScopes(name, merged.byScope);
  return (scope === undefined ? undefined : merged.byScope.get(scope)) ?? null;
}

/**
 * Lists what a pull of the image tries, as PullSourcesFromReference and newDockerClient of containers/image do. Never
 * throws. A reference without tag and digest means `:latest`; of `name:tag@digest` CRI-O drops the tag.
 * @param text with or without a registry; short names are expanded before (short-names.ts)
 */
export function resolvePull(merged: MergedConf, text: string): Resolution {
  const parsed = parseNormalized(text);
  if (!parsed.ok) {
    const problem = `${quote(text)} is not an image reference: ${parsed.reason}`;
    return { reference: text, matched: null, endpoints: [], notUsed: [], problem };
  }
  const reference = asPulled(parsed.reference);
  const found = findRegistry(merged, reference.name);
  if (found === null) return resolveUnmatched(reference);
  const { scope, file, registry } = found;
  const notUsed = [...filteredMirrors(registry, reference), ...shadowedMirrors(merged, reference, scope)];
  const shared = { reference: formatReference(reference), matched: { scope, file }, notUsed };
  const endpoints: PullEndpoint[] = [];
  for (const endpoint of endpointsOf(registry, reference)) {
    const rewritten = rewriteReference(reference, scope, endpoint.location);
    if (!rewritten.ok) {
      const problem = `${endpoint.via} ${quote(endpoint.location)} makes no valid reference, which fails the whole pull: ${rewritten.reason}`;
      return { ...shared, endpoints: [], problem };
    }
    endpoints.push({
      ...endpoint,
      reference: formatReference(rewritten.reference),
      location: endpoint.location === '' ? reference.name : endpoint.location,
      blocked: findRegistry(merged, rewritten.reference.name)?.registry.blocked ?? false,
      file,
    });
  }
  return { ...shared, endpoints, problem: null };
}

/**
 * Puts the location in the place of the scope (rewriteReference). The result must be canonical.
 * @param location '' leaves the reference as it is, which only a wildcard scope may do
 */
export function rewriteReference(reference: Reference, scope: string, location: string): ReferenceResult {
  const text = formatReference(reference);
  const matched = matchLength(text, scope);
  if (matched === -1) return { ok: false, reason: `the scope ${quote(scope)} does not match ${quote(text)}` };
  if (location === '') {
    if (isWildcard(scope)) return { ok: true, reference };
    return { ok: false, reason: `the scope ${quote(scope)} has no location and is no wildcard` };
  }
  return parseCanonical(location + text.slice(matched));
}

function asPulled(reference: Reference): Reference {
  if (reference.digest !== null) return { ...reference, tag: null };
  return { ...reference, tag: reference.tag ?? 'latest' };
}

function resolveUnmatched(reference: Reference): Resolution {
  const text = formatReference(reference);
  const endpoint: PullEndpoint = {
    reference: text,
    location: reference.name,
    insecure: false,
    blocked: false,
    via: 'source',
    origins: [],
    file: null,
  };
  return { reference: text, matched: null, endpoints: [endpoint], notUsed: [], problem: null };
}

type Candidate = Pick<PullEndpoint, 'location' | 'insecure' | 'via' | 'origins'>;

/** The mirrors that serve this kind of pull, in their order, and always last the source. */
function endpointsOf(registry: Registry, reference: Reference): readonly Candidate[] {
  const mirrors = registry.mirrors
    .filter((mirror) => servesPull(registry, mirror, kindOf(reference)))
    .map(({ location, insecure, origins }) => ({
      location: trimLocation(location),
      insecure,
      via: 'mirror' as const,
      origins,
    }));
  const { insecure, origins } = registry;
  return [...mirrors, { location: trimLocation(registry.location), insecure, via: 'source', origins }];
}

function kindOf({ digest }: Reference): PullKind {
  return digest === null ? 'tag' : 'digest';
}

function filteredMirrors(registry: Registry, reference: Reference): readonly UnusedMirror[] {
  const kind = kindOf(reference);
  return registry.mirrors
    .filter((mirror) => !servesPull(registry, mirror, kind))
    .map((mirror) => ({
      location: trimLocation(mirror.location),
      reason: `${effectivePull(registry, mirror)}: does not serve pulls by ${kind}`,
    }));
}

/** Mirrors of tables that would match if a narrower one, an earlier one or a later file did not take the pull. */
function shadowedMirrors(merged: MergedConf, reference: Reference, best: string): readonly UnusedMirror[] {
  const broader = matchingScopes(reference.name, merged.byScope)
    .filter((scope) => scope !== best)
    .flatMap((scope) => merged.byScope.get(scope) ?? [])
    .map((table) => ({ ...table, reason: `shadowed by the narrower scope ${quote(best)}` }));
  const replaced = merged.shadowed
    .filter(({ scope }) => scope === best)
    .map((table) => ({
      ...table,
      reason:
        table.by === table.file
          ? `an earlier [[registry]] of ${quote(table.file)} has the same scope`
          : `replaced by the drop-in ${quote(table.by)}`,
    }));
  return [...broader, ...replaced].flatMap(({ registry, reason }) =>
    registry.mirrors
      .filter((mirror) => servesPull(registry, mirror, kindOf(reference)))
      .map(({ location }) => ({ location: trimLocation(location), reason })),
  );
}
