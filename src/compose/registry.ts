// A finished table → the [[registry]] of the model.
import { trimLocation } from '../registries/location.ts';
import type { Mirror, Pull, Registry } from '../registries/model.ts';
import type { FlaggedScopes } from './flags.ts';
import { noKeys, type DraftMirror } from './mirrors.ts';
import { uniteOrigins } from './origins.ts';
import { addedMirrors, type Table } from './table.ts';

/**
 * Writes the table down: the administrator's mirrors, then those of policies. Where digest and tag pulls have the same
 * added mirrors, each stands once and serves all pulls; otherwise those for digests come first, then those for tags.
 * @param insecure mirrors whose location is nested in one of these scopes are insecure
 */
export function registryOf(table: Table, insecure: FlaggedScopes): Registry {
  const digest = addedMirrors(table, 'digest');
  const tag = addedMirrors(table, 'tag');
  const isChanged = digest.length > 0 || tag.length > 0;
  const added = isSame(digest, tag)
    ? digest.map((mirror, i) => finish(mirror, '', insecure, uniteBoth(mirror, tag[i])))
    : inTurn(finishAll(digest, 'digest-only', insecure), finishAll(tag, 'tag-only', insecure));
  return {
    prefix: table.prefix,
    location: table.location,
    insecure: table.isInsecure,
    blocked: table.isBlocked,
    mirrorByDigestOnly: table.base?.mirrorByDigestOnly === true && !isChanged,
    pullFromMirror: table.base?.pullFromMirror ?? '',
    mirrors: table.base === null ? added : inTurn(baselineMirrors(table.base, isChanged, insecure), added),
    origins: uniteOrigins(table.origins),
    extra: table.base?.extra ?? noKeys,
  };
}

/**
 * CRI-O refuses mirror-by-digest-only beside pull-from-mirror, so a table that gets mirrors says it on each of them.
 */
function baselineMirrors(base: Registry, isChanged: boolean, insecure: FlaggedScopes): readonly Mirror[] {
  return base.mirrors.map((mirror) => ({
    ...mirror,
    insecure: mirror.insecure || isInsecure(mirror.location, insecure),
    pullFromMirror: base.mirrorByDigestOnly && isChanged ? 'digest-only' : mirror.pullFromMirror,
  }));
}

function isSame(digest: readonly DraftMirror[], tag: readonly DraftMirror[]): boolean {
  if (digest === tag) return true;
  return digest.length === tag.length && digest.every((mirror, i) => isSameMirror(mirror, tag[i]));
}

function isSameMirror(a: DraftMirror, b: DraftMirror | undefined): boolean {
  return a.location === b?.location && a.isInsecure === b.isInsecure && a.extra === b.extra;
}

function uniteBoth(digest: DraftMirror, tag: DraftMirror | undefined): DraftMirror['origins'] {
  return tag === undefined || tag.origins === digest.origins
    ? digest.origins
    : uniteOrigins(digest.origins, tag.origins);
}

/** Nearly always one of them is empty: then no list is made. */
function inTurn(first: readonly Mirror[], then: readonly Mirror[]): readonly Mirror[] {
  if (first.length === 0) return then;
  return then.length === 0 ? first : [...first, ...then];
}

function finishAll(
  mirrors: readonly DraftMirror[],
  pullFromMirror: Pull,
  insecure: FlaggedScopes,
): readonly Mirror[] {
  return mirrors.map((mirror) => finish(mirror, pullFromMirror, insecure));
}

function finish(
  { location, isInsecure: wasInsecure, origins, extra }: DraftMirror,
  pullFromMirror: Pull | '',
  insecure: FlaggedScopes,
  allOrigins = origins,
): Mirror {
  return {
    location,
    insecure: wasInsecure || isInsecure(location, insecure),
    pullFromMirror,
    origins: allOrigins,
    extra,
  };
}

function isInsecure(location: string, scopes: FlaggedScopes): boolean {
  return scopes.covers(trimLocation(location));
}
