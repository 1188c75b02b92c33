// What CRI-O accepts in an administrator's file and then ignores or stumbles over, in silence.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile, type Place } from '../origin.ts';
import { firstOfEachScope, isWildcard, loadedScope, trimLocation } from './location.ts';
import { matchingScopes } from './match.ts';
import type { RegistriesConf, Registry } from './model.ts';
import { isMatchable, problemBelow } from './probe.ts';

/**
 * Warns about what a valid file says without effect: scopes that no image can match, second tables of a scope,
 * `blocked` that blocks nothing, locations that break every pull of their scope. Only tables without a policy behind
 * them.
 */
export function auditRegistriesConf(conf: RegistriesConf, file: string): readonly Finding[] {
  const place = wholeFile(file);
  const first = firstOfEachScope(conf.registries, loadedScope);
  return conf.registries
    .filter(({ origins }) => origins.length === 0)
    .flatMap((registry) => judgeTable(registry, first, place));
}

function judgeTable(
  registry: Registry,
  first: ReadonlyMap<string, Registry>,
  place: Place,
): readonly Finding[] {
  const scope = loadedScope(registry);
  if (first.get(scope) !== registry) {
    const message = `a second [[registry]] for ${quote(scope)} is ignored, mirrors and flags included`;
    return [finding('duplicateScope', place, message, 'put the mirrors into the first table of that scope')];
  }
  if (!isMatchable(scope)) {
    const message = `no image can match the scope ${quote(scope)}: images are matched by their full name, in lower case, without tag and digest`;
    return [
      finding('unmatchableScope', place, message, 'write it as host[:port][/path], or remove the table'),
    ];
  }
  return [...judgeLocations(registry, scope, place), ...judgeBlocked(registry, scope, first, place)];
}

function judgeLocations(registry: Registry, scope: string, place: Place): readonly Finding[] {
  const mirrors = registry.mirrors.filter(({ origins }) => origins.length === 0);
  return [...mirrors, registry].flatMap(({ location }) => {
    const trimmed = trimLocation(location);
    // A table whose location is its scope rewrites every name to itself.
    const problem = trimmed === scope ? null : problemBelow(scope, trimmed);
    if (problem === null) return [];
    const message = `location ${quote(location)} makes no valid reference, so that every pull of ${quote(scope)} fails: ${problem}`;
    return [finding('confBrokenLocation', place, message, 'write it as host[:port][/path] in lower case')];
  });
}

/** An endpoint is blocked by its own name: by the table that matches the location, not by the one that lists it. */
function judgeBlocked(
  registry: Registry,
  scope: string,
  first: ReadonlyMap<string, Registry>,
  place: Place,
): readonly Finding[] {
  const location = trimLocation(registry.location);
  if (!registry.blocked || location === scope || (location === '' && isWildcard(scope))) return [];
  const [matched] = matchingScopes(location, first);
  if (matched !== undefined && first.get(matched)?.blocked === true) return [];
  const message = `blocked = true on ${quote(scope)} does not block its location ${quote(location)}, which is pulled from all the same`;
  const help = `add a [[registry]] with location = ${quote(location)} and blocked = true`;
  return [finding('blocksNothing', place, message, help)];
}
