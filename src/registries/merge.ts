// registries.conf and its drop-ins → the one configuration that CRI-O works with, every part with its file.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { compareBytes } from '../byte-order.ts';
import { wholeFile } from '../origin.ts';
import { firstOfEachScope, loadedScope, trimLocation } from './location.ts';
import type { RegistriesConf, Registry } from './model.ts';

/** A parsed and valid file. */
export interface ConfFile {
  readonly file: string;
  readonly conf: RegistriesConf;
}

/** A `[[registry]]` table in force. Its strings are those of the file; `scope` is what it matches. */
export interface MergedRegistry {
  readonly scope: string;
  readonly registry: Registry;
  readonly file: string;
}

/** A table without effect: a second one for its scope in one file, or replaced by a later file. */
export interface ShadowedRegistry extends MergedRegistry {
  readonly by: string;
}

/** A value and the file that it comes from. */
export interface Sourced<T> {
  readonly values: T;
  readonly file: string;
}

/** What CRI-O works with, and what of the files has no effect. */
export interface MergedConf {
  /** By scope, ascending by byte, as the library keeps them. */
  readonly registries: readonly MergedRegistry[];
  readonly byScope: ReadonlyMap<string, MergedRegistry>;
  readonly shadowed: readonly ShadowedRegistry[];
  readonly searchRegistries: Sourced<readonly string[]> | null;
  readonly credentialHelpers: Sourced<readonly string[]> | null;
  readonly shortNameMode: Sourced<string> | null;
  readonly aliases: ReadonlyMap<string, { readonly value: string; readonly file: string }>;
  /** A warning for each registry of the main file, and for its search list, that a drop-in replaces. */
  readonly findings: readonly Finding[];
}

/**
 * Lays drop-ins over the main file as updateWithConfigurationFrom of containers/image does: a later table replaces the
 * whole earlier one of its prefix; lists are replaced if the key is there, even by []; aliases merge by name. Inside
 * one file the first table of a scope wins.
 * @param dropIns in load order: by byte of the file name
 */
export function mergeConfs(main: ConfFile, dropIns: readonly ConfFile[]): MergedConf {
  const files = [main, ...dropIns];
  const byScope = new Map<string, MergedRegistry>();
  const shadowed: ShadowedRegistry[] = [];
  for (const file of files) {
    for (const merged of tablesInForce(file, shadowed)) {
      const earlier = byScope.get(merged.scope);
      if (earlier !== undefined) shadowed.push({ ...earlier, by: file.file });
      byScope.set(merged.scope, merged);
    }
  }
  const searchRegistries = lastOf(files, ({ searchRegistries: list }) => list?.map(trimLocation) ?? null);
  const aliases = files.flatMap(({ file, conf }) =>
    [...conf.aliases].map(([name, value]) => [name, { value, file }] as const),
  );
  return {
    registries: [...byScope.values()].sort((a, b) => compareBytes(a.scope, b.scope)),
    byScope,
    shadowed,
    searchRegistries,
    credentialHelpers: lastOf(files, ({ credentialHelpers }) => credentialHelpers),
    shortNameMode: lastOf(files, ({ shortNameMode }) => (shortNameMode === '' ? null : shortNameMode)),
    aliases: new Map(aliases),
    findings: [...judgeReplaced(main, shadowed), ...judgeSearch(main, searchRegistries)],
  };
}

function tablesInForce({ file, conf }: ConfFile, shadowed: ShadowedRegistry[]): readonly MergedRegistry[] {
  const first = firstOfEachScope(conf.registries, loadedScope);
  for (const registry of conf.registries) {
    const scope = loadedScope(registry);
    if (first.get(scope) !== registry) shadowed.push({ scope, registry, file, by: file });
  }
  return [...first].map(([scope, registry]) => ({ scope, registry, file }));
}

function lastOf<T>(files: readonly ConfFile[], read: (conf: RegistriesConf) => T | null): Sourced<T> | null {
  let last: Sourced<T> | null = null;
  for (const { file, conf } of files) {
    const values = read(conf);
    if (values !== null) last = { values, file };
  }
  return last;
}

function judgeReplaced(main: ConfFile, shadowed: readonly ShadowedRegistry[]): readonly Finding[] {
  return shadowed
    .filter(({ file, by }) => file === main.file && by !== main.file)
    .map(({ scope, by }) => {
      const message = `the drop-in replaces the whole registry ${quote(scope)}: mirrors, blocked and insecure`;
      const help = `remove that [[registry]] from ${quote(by)}, or write it as a policy`;
      return finding('scopeReplaced', wholeFile(by), message, help);
    });
}

function judgeSearch(main: ConfFile, search: Sourced<readonly string[]> | null): readonly Finding[] {
  if (main.conf.searchRegistries === null || search === null || search.file === main.file) return [];
  const message = `the drop-in replaces unqualified-search-registries of ${quote(main.file)}`;
  const help = `remove unqualified-search-registries from ${quote(search.file)}, or from the other files`;
  return [finding('searchReplaced', wholeFile(search.file), message, help)];
}
