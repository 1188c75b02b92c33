// The keys of registries.conf, table by table: which are known, which only look like it, which stand in the wrong place.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { TomlTable } from './model.ts';

/** The three kinds of table that have keys of their own. */
export type TableKind = 'file' | 'registry' | 'mirror';

/** Keys of containers-registries.conf(5), version 2. `registries` belongs to version 1 and is refused elsewhere. */
const knownKeys: Readonly<Record<TableKind, readonly string[]>> = {
  file: [
    'unqualified-search-registries',
    'short-name-mode',
    'credential-helpers',
    'additional-layer-store-auth-helper',
    'registry',
    'aliases',
    'registries',
  ],
  registry: [
    'prefix',
    'location',
    'insecure',
    'blocked',
    'mirror-by-digest-only',
    'pull-from-mirror',
    'mirror',
  ],
  mirror: ['location', 'insecure', 'pull-from-mirror'],
};

const homes: Readonly<Record<TableKind, string>> = {
  file: 'at the top of the file, before the first [[registry]]',
  registry: 'in a [[registry]] table',
  mirror: 'in a [[registry.mirror]] table',
};

/**
 * Judges the keys of one table. The library matches keys exactly and then without regard to case, where the winner of two
 * spellings is random: another spelling of a known key is an error, an unknown key, which it ignores, a warning.
 * @param where the table, for the message, such as `[[registry]] "quay.io"`
 */
export function judgeKeys(
  table: TomlTable,
  kind: TableKind,
  where: string,
  file: string,
): readonly Finding[] {
  const known = new Set(knownKeys[kind]);
  return Object.keys(table)
    .filter((key) => !known.has(key))
    .map((key) => judgeKey(key, kind, where, file));
}

/** The keys of the table that icspd does not read itself; they are kept and written again. */
export function extraKeys(table: TomlTable, read: readonly string[]): TomlTable {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !read.includes(key)));
}

function judgeKey(key: string, kind: TableKind, where: string, file: string): Finding {
  const place = wholeFile(file);
  const folded = foldCase(key);
  if (knownKeys[kind].includes(folded)) {
    const message = `key ${quote(key)} ${where} is another spelling of ${quote(folded)}, which CRI-O takes for the same key`;
    return finding('confKeyCase', place, message, `write it ${folded}`);
  }
  const home = (['registry', 'mirror', 'file'] as const).find((other) => knownKeys[other].includes(folded));
  if (home !== undefined) {
    const message = `key ${quote(key)} ${where} stands in the wrong table, so that CRI-O ignores it`;
    return finding('confMisplacedKey', place, message, `move it: it belongs ${homes[home]}`);
  }
  const message = `key ${quote(key)} ${where} is unknown, so that CRI-O ignores it`;
  return finding('confUnknownKey', place, message, 'correct the spelling, or remove the key');
}

/** Folds like Go's strings.EqualFold, as far as letters are concerned that fold to ASCII: U+017F is an s, U+212A a k. */
function foldCase(key: string): string {
  return key.replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase();
}
