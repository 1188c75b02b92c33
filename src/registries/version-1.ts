// What a registries.conf of version 1 says, in the words of version 2.
import { escape } from '../escape.ts';
import { emitString } from './emit.ts';
import {
  emptyConf,
  isTomlList,
  isTomlTable,
  type RegistriesConf,
  type TomlTable,
  type TomlValue,
} from './model.ts';
import { readToml } from './toml.ts';

/** More would drown the sentence. */
const maxShown = 12;

/**
 * The lines to write in place of [registries.search], [registries.insecure] and [registries.block], as ConvertToV2 of
 * containers/image reads them: TOML for the top of the file, on one line, redacted and escaped. Null where the lists
 * say nothing, or are too long to be shown whole.
 */
export function convertVersion1(registries: TomlValue): string | null {
  if (!isTomlTable(registries)) return null;
  const { search, flagged } = listsOf(registries);
  if (search.length + flagged.length > maxShown) return null;
  const tables = flagged.map(({ location, insecure, blocked }) => {
    const flags = [...(insecure ? ['insecure = true'] : []), ...(blocked ? ['blocked = true'] : [])];
    return `{ ${[`location = ${emitString(location)}`, ...flags].join(', ')} }`;
  });
  const lines = [
    ...(search.length === 0
      ? []
      : [`unqualified-search-registries = [${search.map(emitString).join(', ')}]`]),
    ...(tables.length === 0 ? [] : [`registry = [${tables.join(', ')}]`]),
  ];
  return lines.length === 0 ? null : escape(lines.join(' and '));
}

/**
 * A file of version 1 as one of version 2 that says the same, as ConvertToV2 does. Null where it is no such file, has
 * keys of version 2 beside its lists, or anything else that containers/image refuses.
 */
export function readVersion1(bytes: Uint8Array, file: string): RegistriesConf | null {
  const toml = readToml(bytes, file);
  if (!toml.ok) return null;
  const { registries, ...others } = toml.table;
  if (!isTomlTable(registries) || Object.keys(others).length > 0) return null;
  if (!Object.entries(registries).every(isList)) return null;
  const { search, flagged } = listsOf(registries);
  return {
    ...emptyConf,
    searchRegistries: search.length === 0 ? null : search,
    registries: flagged.map((flags) => ({
      ...flags,
      prefix: '',
      mirrorByDigestOnly: false,
      pullFromMirror: '',
      mirrors: [],
      origins: [],
      extra: {},
    })),
  };
}

function isList([name, table]: readonly [string, TomlValue]): boolean {
  if (!['search', 'insecure', 'block'].includes(name) || !isTomlTable(table)) return false;
  const list = Object.hasOwn(table, 'registries') ? table['registries'] : [];
  return list !== undefined && isTomlList(list) && list.every((item) => typeof item === 'string');
}

interface Flagged {
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
}

function listsOf(registries: TomlTable): {
  readonly search: readonly string[];
  readonly flagged: readonly Flagged[];
} {
  const insecure = new Set(listOf(registries, 'insecure'));
  const blocked = new Set(listOf(registries, 'block'));
  const flagged = [...new Set([...insecure, ...blocked])].map((location) => ({
    location,
    insecure: insecure.has(location),
    blocked: blocked.has(location),
  }));
  return { search: listOf(registries, 'search'), flagged };
}

function listOf(registries: TomlTable, name: string): readonly string[] {
  const table = Object.hasOwn(registries, name) ? registries[name] : undefined;
  const list = isTomlTable(table) && Object.hasOwn(table, 'registries') ? table['registries'] : undefined;
  return list !== undefined && isTomlList(list) ? list.filter((item) => typeof item === 'string') : [];
}
