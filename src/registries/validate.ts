// The rules by which containers/image accepts or refuses a registries.conf, in its order.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { compareBytes } from '../byte-order.ts';
import { wholeFile, type Place } from '../origin.ts';
import { hasRefusedScheme, isWildcard, loadedScope, trimLocation } from './location.ts';
import type { Mirror, RegistriesConf, Registry } from './model.ts';
import { isDomain } from './reference.ts';
import { problemOfAliasName, problemOfAliasValue } from './short-names.ts';

export { validateOwnLocations } from './own-locations.ts';

/**
 * Judges one file as loadConfigFile of containers/image v5.36 does: an error for everything that makes CRI-O refuse it.
 * The first error is the one that CRI-O would report. (What the library ignores in silence: audit.ts.)
 */
export function validateRegistriesConf(conf: RegistriesConf, file: string): readonly Finding[] {
  const place = wholeFile(file);
  return [
    ...conf.registries.flatMap((registry) => judgeRegistry(registry, place)),
    ...judgeConflicts(conf.registries, place),
    ...(conf.searchRegistries ?? []).flatMap((entry) => judgeSearchEntry(entry, place)),
    ...judgeShortNameMode(conf.shortNameMode, place),
    ...judgeWildcards(conf.registries, place),
    ...[...conf.aliases].flatMap(([name, value]) => judgeAlias(name, value, place)),
  ];
}

function judgeRegistry(registry: Registry, place: Place): readonly Finding[] {
  const scope = loadedScope(registry);
  return [
    ...judgeScheme('location', registry.location, place),
    ...judgeScheme('prefix', registry.prefix, place),
    ...judgeScope(registry, place),
    ...judgePullOnRegistry(registry, scope, place),
    ...registry.mirrors.flatMap((mirror) => judgeMirror(registry, scope, mirror, place)),
  ];
}

function judgeScheme(what: string, value: string, place: Place): readonly Finding[] {
  if (!hasRefusedScheme(value)) return [];
  const message = `${what} ${quote(value)} has a URL scheme`;
  const help = `write it without the scheme; for plain HTTP add insecure = true`;
  return [finding('confScheme', place, message, help)];
}

function judgeScope(registry: Registry, place: Place): readonly Finding[] {
  if (trimLocation(registry.location) !== '') return [];
  if (registry.prefix === '') {
    const message = 'a [[registry]] has neither location nor prefix';
    return [finding('confNoScope', place, message, 'give it a location, or remove the table')];
  }
  if (isWildcard(trimLocation(registry.prefix))) return [];
  const message = `[[registry]] with prefix ${quote(registry.prefix)} has no location, which only a wildcard prefix such as "*.example.com" may lack`;
  return [finding('confNoLocation', place, message, 'add location = "…"')];
}

function judgePullOnRegistry(registry: Registry, scope: string, place: Place): readonly Finding[] {
  if (registry.pullFromMirror === '') return [];
  const message = `pull-from-mirror stands on [[registry]] ${quote(scope)}, where only mirrors may have it`;
  return [finding('confPullOnRegistry', place, message, 'move it to the [[registry.mirror]] tables')];
}

function judgeMirror(registry: Registry, scope: string, mirror: Mirror, place: Place): readonly Finding[] {
  const { location, pullFromMirror } = mirror;
  const found = [...judgeScheme('mirror location', location, place)];
  if (trimLocation(location) === '') {
    const message = `a mirror of ${quote(scope)} has no location`;
    found.push(finding('confNoMirrorLocation', place, message, 'give it a location, or remove the table'));
  }
  if (registry.mirrorByDigestOnly && pullFromMirror !== '') {
    const message = `[[registry]] ${quote(scope)} has mirror-by-digest-only = true and its mirror ${quote(location)} has pull-from-mirror as well`;
    const help = 'remove mirror-by-digest-only and give each mirror pull-from-mirror = "digest-only"';
    found.push(finding('confPullTwice', place, message, help));
  }
  if (!['', 'all', 'digest-only', 'tag-only'].includes(pullFromMirror)) {
    const message = `pull-from-mirror of mirror ${quote(location)} of ${quote(scope)} is ${quote(pullFromMirror)}`;
    found.push(finding('confPullValue', place, message, 'write all, digest-only or tag-only'));
  }
  return found;
}

/**
 * Tables of one location (of one prefix, where there is no location) must agree about both flags; once per location.
 * The library compares each table with all of its location before it looks at the next, so that the location that
 * stands first counts.
 */
function judgeConflicts(registries: readonly Registry[], place: Place): readonly Finding[] {
  const byLocation = Map.groupBy(
    registries,
    (registry) => trimLocation(registry.location) || loadedScope(registry),
  );
  return [...byLocation].flatMap(([location, group]) => {
    const flag = firstConflict(group);
    if (flag === null) return [];
    const message = `two [[registry]] tables of ${quote(location)} disagree about ${flag}`;
    const name = flag === 'insecure' ? 'confInsecureConflict' : 'confBlockedConflict';
    return [finding(name, place, message, `give both the same ${flag}`)];
  });
}

function firstConflict([first, ...others]: readonly Registry[]): 'insecure' | 'blocked' | null {
  if (first === undefined) return null;
  return others.map((other) => conflictingFlag(other, first)).find((flag) => flag !== null) ?? null;
}

function conflictingFlag(a: Registry, b: Registry): 'insecure' | 'blocked' | null {
  if (a.insecure !== b.insecure) return 'insecure';
  return a.blocked === b.blocked ? null : 'blocked';
}

function judgeSearchEntry(entry: string, place: Place): readonly Finding[] {
  const scheme = judgeScheme('search registry', entry, place);
  if (scheme.length > 0 || isDomain(trimLocation(entry))) return scheme;
  const message = `search registry ${quote(entry)} is not a host with or without a port`;
  return [
    finding('confSearchEntry', place, message, 'write only the host, such as "registry.example.com:5000"'),
  ];
}

function judgeShortNameMode(mode: string | null, place: Place): readonly Finding[] {
  if (mode === null || ['', 'disabled', 'enforcing', 'permissive'].includes(mode)) return [];
  const message = `short-name-mode is ${quote(mode)}`;
  return [finding('confShortNameMode', place, message, 'write enforcing, permissive or disabled')];
}

/**
 * Judged in the order of the sorted scopes, each once, since the library looks only after it has dropped duplicates.
 */
function judgeWildcards(registries: readonly Registry[], place: Place): readonly Finding[] {
  const scopes = new Set(
    registries.map(loadedScope).filter((scope) => isWildcard(scope) && /[/@:]/.test(scope)),
  );
  return [...scopes].sort(compareBytes).map((scope) => {
    const message = `wildcard prefix ${quote(scope)} has a path, a port or a digest`;
    return finding('confWildcard', place, message, 'write only the domain, such as "*.example.com"');
  });
}

function judgeAlias(name: string, value: string, place: Place): readonly Finding[] {
  const problems = [problemOfAliasName(name), value === '' ? null : problemOfAliasValue(value)];
  const help = 'write "name" = "registry.example.com/path/name", or "" to erase the alias';
  return problems
    .filter((problem) => problem !== null)
    .map((problem) =>
      finding('confAlias', place, `alias ${quote(name)} = ${quote(value)}: ${problem}`, help),
    );
}
