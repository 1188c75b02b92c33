// Whether two configurations do the same with every pull: asked of names that stand for all names of a scope.
import { compareBytes } from '../byte-order.ts';
import { isWildcard } from './location.ts';
import type { MergedConf } from './merge.ts';
import { resolvePull } from './resolve.ts';

/** What becomes of the pulls of one scope, in words: by digest and by tag, each place in its order. */
export interface Difference {
  readonly scope: string;
  readonly before: string;
  readonly after: string;
}

const anyDigest = `@sha256:${'0'.repeat(64)}`;

/** The scopes of either configuration whose pulls go elsewhere in the other, ascending by byte. */
export function compareResolution(before: MergedConf, after: MergedConf): readonly Difference[] {
  const scopes = [...new Set([...before.byScope.keys(), ...after.byScope.keys()])].sort(compareBytes);
  return scopes.flatMap((scope) => {
    for (const reference of probesOf(scope)) {
      const [was, is] = [describe(before, reference), describe(after, reference)];
      if (was !== is) return [{ scope, before: was, after: is }];
    }
    return [];
  });
}

/** The grammar goes by components: the scope itself, a name with one and one with two components below it stand for all. */
function probesOf(scope: string): readonly string[] {
  const name = isWildcard(scope) ? `a${scope.slice(1)}` : scope;
  const names = [...(name.includes('/') ? [name] : []), `${name}/a`, `${name}/a/b`];
  return names.flatMap((each) => [`${each}${anyDigest}`, `${each}:a`]);
}

function describe(merged: MergedConf, reference: string): string {
  const { endpoints, problem } = resolvePull(merged, reference);
  if (problem !== null) return `fails: ${problem}`;
  const places = endpoints.map(({ reference: place, insecure, blocked }) =>
    [place.replace(anyDigest, '@…'), insecure ? '(insecure)' : '', blocked ? '(blocked)' : '']
      .filter((part) => part !== '')
      .join(' '),
  );
  return places.join(', ');
}
