// registries.conf and its drop-ins → one file that says the same.
import { mergeConfs, type ConfFile } from './merge.ts';
import type { RegistriesConf } from './model.ts';

/**
 * Writes the files down as one. Tables stand where their scope stood first; a table without effect is left out.
 * @param main the file that is read first
 * @param dropIns in load order
 */
export function flattenConfs(main: ConfFile, dropIns: readonly ConfFile[]): RegistriesConf {
  const merged = mergeConfs(main, dropIns);
  return {
    registries: [...merged.byScope.values()].map(({ registry }) => registry),
    searchRegistries: merged.searchRegistries?.values ?? null,
    shortNameMode: merged.shortNameMode?.values ?? null,
    credentialHelpers: merged.credentialHelpers?.values ?? null,
    aliases: new Map([...merged.aliases].map(([name, { value }]) => [name, value])),
    extra: Object.fromEntries([main, ...dropIns].flatMap(({ conf }) => Object.entries(conf.extra))),
  };
}
