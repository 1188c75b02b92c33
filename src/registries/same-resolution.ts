// Whether two configurations do the same with every pull: asked of names that stand for all names of a scope.
import { sortByBytes } from '../byte-order.ts';
import { isWildcard } from './location.ts';
import type { MergedConf } from './merge.ts';
import { resolvePull } from './resolve.ts';

/** What becomes of the pulls of one scope, in words: by digest and by tag, each place in its order. */
export interface Difference {
  readonly scope: string;
  readonly before: string;
  readonly after: string;
}

/** What becomes of one pull in each of two configurations: the places in their order, or why it fails. */
export interface PulledPlaces {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** The pulls of one scope, as most people make them. */
export interface ScopePulls {
  readonly scope: string;
  readonly digest: PulledPlaces;
  readonly tag: PulledPlaces;
}

const anyDigest = `@sha256:${'0'.repeat(64)}`;

/** The scopes of either configuration whose pulls go elsewhere in the other, ascending by byte. */
export function compareResolution(before: MergedConf, after: MergedConf): readonly Difference[] {
  return scopesOf(before, after).flatMap((scope) => {
    for (const reference of probesOf(scope)) {
      const [was, is] = [describe(before, reference), describe(after, reference)];
      if (was !== is) return [{ scope, before: was, after: is }];
    }
    return [];
  });
}

/** What becomes of a pull of each scope of either configuration, by digest and by tag; scopes ascending by byte. */
export function listPulls(before: MergedConf, after: MergedConf): readonly ScopePulls[] {
  return scopesOf(before, after).map((scope) => {
    const [byDigest = '', byTag = ''] = probesOf(scope);
    const places = (reference: string): PulledPlaces => ({
      before: placesOf(before, reference),
      after: placesOf(after, reference),
    });
    return { scope, digest: places(byDigest), tag: places(byTag) };
  });
}

function scopesOf(before: MergedConf, after: MergedConf): readonly string[] {
  return sortByBytes([...new Set([...before.byScope.keys(), ...after.byScope.keys()])]);
}

/** The grammar goes by components: the scope itself, a name with one and one with two components below it stand for all. */
function probesOf(scope: string): readonly string[] {
  const name = isWildcard(scope) ? `a${scope.slice(1)}` : scope;
  const names = [...(name.includes('/') ? [name] : []), `${name}/a`, `${name}/a/b`];
  return names.flatMap((each) => [`${each}${anyDigest}`, `${each}:a`]);
}

function describe(merged: MergedConf, reference: string): string {
  return placesOf(merged, reference).join(', ');
}

function placesOf(merged: MergedConf, reference: string): readonly string[] {
  const { endpoints, problem } = resolvePull(merged, reference);
  if (problem !== null) return [`fails: ${problem}`];
  return endpoints.map(({ reference: place, insecure, blocked }) =>
    [place.replace(anyDigest, '@…'), insecure ? '(insecure)' : '', blocked ? '(blocked)' : '']
      .filter((part) => part !== '')
      .join(' '),
  );
}
