// What a registries.conf of version 1 says, in the words of version 2.
import { escape } from '../escape.ts';
import { emitString } from './emit.ts';
import { isTomlList, isTomlTable, type TomlTable, type TomlValue } from './model.ts';

/** More would drown the sentence. */
const maxShown = 12;

/**
 * The lines to write in place of [registries.search], [registries.insecure] and [registries.block], as ConvertToV2 of
 * containers/image reads them: TOML for the top of the file, on one line, redacted and escaped. Null where the lists
 * say nothing, or are too long to be shown whole.
 */
export function convertVersion1(registries: TomlValue): string | null {
  if (!isTomlTable(registries)) return null;
  const search = listOf(registries, 'search');
  const insecure = new Set(listOf(registries, 'insecure'));
  const blocked = new Set(listOf(registries, 'block'));
  const locations = [...new Set([...insecure, ...blocked])];
  if (search.length + locations.length > maxShown) return null;
  const tables = locations.map((location) => {
    const flags = [
      ...(insecure.has(location) ? ['insecure = true'] : []),
      ...(blocked.has(location) ? ['blocked = true'] : []),
    ];
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

function listOf(registries: TomlTable, name: string): readonly string[] {
  const table = Object.hasOwn(registries, name) ? registries[name] : undefined;
  const list = isTomlTable(table) && Object.hasOwn(table, 'registries') ? table['registries'] : undefined;
  return list !== undefined && isTomlList(list) ? list.filter((item) => typeof item === 'string') : [];
}
