// Whether a location makes valid references for the names of a scope, found out with names that stand for all of them.
import { isWildcard } from './location.ts';
import { isDomain, parseCanonical } from './reference.ts';

/**
 * Why the location fails for names below the scope; null if it serves them all (ports and over-long names apart).
 * The grammar goes by components, so that a name with one and a name with two components below the scope stand for all.
 */
export function problemBelow(scope: string, location: string): string | null {
  if (location === '') return isWildcard(scope) ? null : 'the location is empty';
  // Every name on docker.io has at least two components.
  const rests = scope === 'docker.io' ? ['/a/b'] : ['/a', '/a/b'];
  return firstProblem(rests.map((rest) => location + rest));
}

/** Whether any image can have a name in the scope. */
export function isMatchable(scope: string): boolean {
  if (isWildcard(scope)) return isDomain(scope.slice(2)) && isName(`a${scope.slice(1)}/a/b`);
  return isName(scope) || isName(`${scope}/a`) || isName(`${scope}/a/b`);
}

/** Whether the text is the name of a repository in full, without tag and digest. */
function isName(text: string): boolean {
  const result = parseCanonical(text);
  return result.ok && result.reference.name === text;
}

function firstProblem(references: readonly string[]): string | null {
  for (const reference of references) {
    const result = parseCanonical(reference);
    if (!result.ok && !result.reason.includes('255')) return result.reason;
    if (result.ok && (result.reference.tag ?? result.reference.digest) !== null)
      return 'it has a tag or a digest';
  }
  return null;
}
