// What changes for pulls between two configurations, one sentence each, classed by the drain rule of the MCO.
import { escape } from '../escape.ts';
import { compareBytes } from '../byte-order.ts';
import { canonicalValue } from './canonical-value.ts';
import { compareTables } from './compare-tables.ts';
import { firstOfEachScope, loadedScope, trimLocation } from './location.ts';
import { matchingScopes } from './match.ts';
import type { RegistriesConf, Registry, TomlTable } from './model.ts';

/** `safe`: cannot change which image a running node gets or break a pull that worked. Everything else is `risky`. */
export interface Change {
  readonly class: 'safe' | 'risky';
  /** The `[[registry]]` it concerns; null for a setting of the whole file. */
  readonly scope: string | null;
  /** Fit for a terminal. */
  readonly sentence: string;
}

/**
 * Lists the semantic changes, settings of the file first, then by scope ascending by byte. Order of tables, spelling of
 * defaults, ignored second tables and where a rule comes from are no changes.
 */
export function compareConfs(before: RegistriesConf, after: RegistriesConf): readonly Change[] {
  const old = firstOfEachScope(before.registries, loadedScope);
  const now = firstOfEachScope(after.registries, loadedScope);
  const wideners = scopesTakenByWildcards(old);
  const scopes = [...new Set([...old.keys(), ...now.keys()])].sort(compareBytes);
  const changes = scopes.flatMap((scope) =>
    compareTables(scope, old.get(scope) ?? null, now.get(scope) ?? null, () =>
      shadowedBy(scope, old, wideners),
    ),
  );
  return [...compareSettings(before, after), ...changes];
}

/** Whether both mean the same to every pull. */
export function areSameConf(a: RegistriesConf, b: RegistriesConf): boolean {
  return compareConfs(a, b).length === 0;
}

/** The existing scope whose pulls a new scope takes over; null if there is none. */
function shadowedBy(
  scope: string,
  old: ReadonlyMap<string, Registry>,
  wideners: ReadonlyMap<string, string>,
): string | null {
  return matchingScopes(scope, old)[0] ?? wideners.get(scope) ?? null;
}

/** Wildcard → an existing literal scope of the same length that it beats: `*.example.com` wins over `b.example.com`. */
function scopesTakenByWildcards(old: ReadonlyMap<string, Registry>): ReadonlyMap<string, string> {
  return new Map(
    [...old.keys()]
      .filter((scope) => /^[a-zA-Z0-9]\./.test(scope))
      .map((scope) => [`*${scope.slice(1)}`, scope]),
  );
}

function compareSettings(before: RegistriesConf, after: RegistriesConf): readonly Change[] {
  const old = (before.searchRegistries ?? []).map(trimLocation);
  const now = (after.searchRegistries ?? []).map(trimLocation);
  return [
    ...compareSearch(old, now),
    ...compareOne('short-name-mode', before.shortNameMode ?? '', after.shortNameMode ?? ''),
    ...compareOne('credential-helpers', helpers(before), helpers(after)),
    ...compareEntries('alias ', new Map(before.aliases), new Map(after.aliases)),
    ...compareEntries('key ', extraTexts(before.extra), extraTexts(after.extra)),
  ];
}

/** Appending is safe: short names that resolved before resolve first to what they resolved to. */
function compareSearch(old: readonly string[], now: readonly string[]): readonly Change[] {
  if (old.every((registry, i) => now[i] === registry)) {
    return now
      .slice(old.length)
      .map((registry) => setting('safe', `search registry ${escape(registry)} appended`));
  }
  const list = (registries: readonly string[]): string => registries.map(escape).join(', ') || 'none';
  return [setting('risky', `search registries changed from ${list(old)} to ${list(now)}`)];
}

function helpers({ credentialHelpers }: RegistriesConf): string {
  return credentialHelpers?.join(', ') ?? '';
}

function extraTexts(extra: TomlTable): ReadonlyMap<string, string> {
  return new Map(Object.entries(extra).map(([key, value]) => [key, canonicalValue(value)]));
}

function compareOne(name: string, old: string, now: string): readonly Change[] {
  if (old === now) return [];
  return [setting('risky', `${name} changed from ${escape(old) || 'unset'} to ${escape(now) || 'unset'}`)];
}

function compareEntries(
  what: string,
  old: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly Change[] {
  const names = [...new Set([...old.keys(), ...now.keys()])].sort(compareBytes);
  return names.flatMap((name) => {
    if (old.get(name) === now.get(name)) return [];
    const verb = old.has(name) ? (now.has(name) ? 'changed' : 'removed') : 'added';
    return [setting('risky', `${what}${escape(name)} ${verb}`)];
  });
}

function setting(changeClass: Change['class'], sentence: string): Change {
  return { class: changeClass, scope: null, sentence };
}
