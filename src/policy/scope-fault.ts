// What is wrong with an entry of `registrySources`.
import { isWildcard, isHost, isScope, isSource, maxRepositoryLength } from './repository.ts';
import { caseFault, neverMatches } from './repository-meaning.ts';
import { type Fault, show } from './report.ts';

/**
 * Faults of an insecure or blocked scope. The form is runtime-utils' (IsValidRegistriesConfScope), less what
 * containers/image would refuse the whole file for (URL schemes, a bare slash) or what cannot be written into it (white
 * space, other than ASCII).
 */
export function scopeFaults(scope: string): readonly Fault[] {
  const what = `scope ${show(scope)}`;
  if (scope.length > maxRepositoryLength) {
    return [bad(`${what} is longer than ${maxRepositoryLength} characters`, 'use a shorter one')];
  }
  if (scope === '') return [bad(`${what} is empty`, 'write a host, a repository or *.example.com')];
  if (/[^\x21-\x7e]/.test(scope)) {
    return [bad(`${what} has white space or a character outside printable ASCII`, 'remove it')];
  }
  if (scope.includes('://'))
    return [bad(`${what} has a URL scheme`, 'leave out everything up to and including ://')];
  if (/^\/|\/\/|\/$/.test(scope)) {
    return [
      bad(`${what} has a leading, double or trailing slash`, 'leave only single slashes between components'),
    ];
  }
  if (scope.includes('@')) {
    return [
      bad(
        `${what} has an @`,
        'leave out the @ and what belongs to it: credentials belong in the auth file of CRI-O, and scopes have no digest',
      ),
    ];
  }
  if (!isScope(scope)) {
    return [
      bad(
        `${what} has a wildcard that is not of the form *.example.com`,
        'write *. and a domain, nothing else',
      ),
    ];
  }
  if (isSource(scope)) {
    const never = isWildcard(scope) ? null : neverMatches('scope', scope);
    return [never, caseFault('scope', scope)].filter((fault) => fault !== null);
  }
  const message = `${what} never matches: it is neither a host, a repository nor *.example.com`;
  return [
    {
      name: 'sourceNeverMatches',
      message,
      help: 'leave out tags and digests, and write the path in lower case',
    },
  ];
}

/** Faults of an allowed scope: those that the API itself would refuse, since nothing is made of it here. */
export function allowedFaults(scope: string): readonly Fault[] {
  return isScope(scope) ? [] : scopeFaults(scope);
}

/** Faults of a search registry; containers/image refuses the whole file for one that is not a host. */
export function searchFaults(registry: string): readonly Fault[] {
  if (isHost(registry)) return [];
  return [
    bad(
      `search registry ${show(registry)} is not a host with an optional port`,
      'write host[:port], without scheme and path',
    ),
  ];
}

function bad(message: string, help: string): Fault {
  return { name: 'badScope', message, help };
}
