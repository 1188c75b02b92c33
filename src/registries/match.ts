// Which scope a name falls into: FindRegistry and refMatchingPrefix of containers/image, with an index instead of a
// scan.
import { compareBytes } from '../byte-order.ts';
import { isWildcard } from './location.ts';

/**
 * How much of the reference the scope matches, in characters; -1 if it does not match. A literal scope ends at the end,
 * `:`, `/` or `@`; so `example.com` also matches `example.com:5000/x`, which the library calls unintended but does. Of
 * a wildcard only the first occurrence of its domain counts.
 */
export function matchLength(reference: string, scope: string): number {
  if (isWildcard(scope)) {
    const start = reference.indexOf(scope.slice(1));
    if (start === -1 || reference.slice(0, start).includes('/')) return -1;
    return endsAtDelimiter(reference, start + scope.length - 1);
  }
  return reference.startsWith(scope) ? endsAtDelimiter(reference, scope.length) : -1;
}

/**
 * All scopes that match the reference, the one that containers/image uses first: longest, at equal length the first in
 * byte order. Costs one look-up per delimiter of the reference, however many scopes there are.
 */
export function matchingScopes(
  reference: string,
  scopes: { has(scope: string): boolean },
): readonly string[] {
  return candidates(reference)
    .filter((scope) => scopes.has(scope) && matchLength(reference, scope) !== -1)
    .sort((a, b) => b.length - a.length || compareBytes(a, b));
}

/** Every text that could be a scope of the reference. An empty scope matches nothing. */
function candidates(reference: string): readonly string[] {
  const found = new Set<string>();
  const ends = [...reference.matchAll(/[:/@]/g)].map(({ index }) => index).concat(reference.length);
  for (const end of ends) {
    if (end > 0) found.add(reference.slice(0, end));
  }
  const slash = reference.indexOf('/');
  const host = slash === -1 ? reference : reference.slice(0, slash);
  for (const { index } of host.matchAll(/\./g)) {
    const end = ends.find((position) => position > index) ?? reference.length;
    found.add(`*${reference.slice(index, end)}`);
  }
  return [...found];
}

function endsAtDelimiter(reference: string, end: number): number {
  return end === reference.length || ':/@'.includes(reference.charAt(end)) ? end : -1;
}
