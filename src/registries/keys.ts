// The keys of registries.conf, table by table: which are known, which only look like it, which stand in the wrong
// place.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { TomlTable } from './model.ts';

/** The four kinds of table that have a meaning. */
export type TableKind = 'file' | 'registry' | 'mirror' | 'aliases';

/** A table as messages name it; `name` is the prefix or location of the registry that it is or belongs to. */
export interface Where {
  readonly kind: TableKind;
  readonly name: string | null;
}

/** Keys of containers-registries.conf(5), version 2, and whether icspd reads them or keeps them as they are. */
const knownKeys: Readonly<Record<TableKind, ReadonlyMap<string, 'read' | 'kept'>>> = {
  file: new Map([
    ['unqualified-search-registries', 'read'],
    ['short-name-mode', 'read'],
    ['credential-helpers', 'read'],
    ['additional-layer-store-auth-helper', 'kept'],
    ['registry', 'read'],
    ['aliases', 'read'],
    // Version 1; refused where one of its lists is set.
    ['registries', 'kept'],
  ]),
  registry: new Map([
    ['prefix', 'read'],
    ['location', 'read'],
    ['insecure', 'read'],
    ['blocked', 'read'],
    ['mirror-by-digest-only', 'read'],
    ['pull-from-mirror', 'read'],
    ['mirror', 'read'],
  ]),
  mirror: new Map([
    ['location', 'read'],
    ['insecure', 'read'],
    ['pull-from-mirror', 'read'],
  ]),
  aliases: new Map(),
};

const homes = [
  ['registry', 'in a [[registry]] table'],
  ['mirror', 'in a [[registry.mirror]] table'],
  ['file', 'at the top of the file, before the first [[registry]]'],
] as const;

const noExtra: TomlTable = {};

/** The table in words, for the middle of a sentence. */
export function describeTable({ kind, name }: Where): string {
  const of = name === null ? '' : ` of ${quote(name)}`;
  switch (kind) {
    case 'file':
      return 'at the top of the file';
    case 'aliases':
      return 'in [aliases]';
    case 'registry':
      return `in [[registry]]${of}`;
    case 'mirror':
      return `in [[registry.mirror]]${of}`;
  }
}

/**
 * Judges the keys of one table. The library matches keys exactly and then without regard to case, where the winner of
 * two spellings is random: another spelling of a known key is an error, an unknown key, which it ignores, a warning.
 */
export function judgeKeys(table: TomlTable, where: Where, file: string): readonly Finding[] {
  const known = knownKeys[where.kind];
  const unknown = Object.keys(table).filter((key) => !known.has(key));
  return unknown.map((key) => judgeKey(key, where, file));
}

/** The entries of the table that icspd does not read itself; they are kept and written again. */
export function extraKeys(table: TomlTable, kind: TableKind): TomlTable {
  const known = knownKeys[kind];
  const isExtra = (key: string): boolean => known.get(key) !== 'read';
  if (!Object.keys(table).some(isExtra)) return noExtra;
  return Object.fromEntries(Object.entries(table).filter(([key]) => isExtra(key)));
}

function judgeKey(key: string, where: Where, file: string): Finding {
  const place = wholeFile(file);
  const folded = foldCase(key);
  const subject = `key ${quote(key)} ${describeTable(where)}`;
  if (knownKeys[where.kind].has(folded)) {
    const message = `${subject} is another spelling of ${quote(folded)}, which CRI-O takes for the same key`;
    return finding('confKeyCase', place, message, `write it ${folded}`);
  }
  // The library knows pull-from-mirror in a [[registry]] table too, and refuses it there.
  const home = homes.find(
    ([other]) => knownKeys[other].has(folded) && (other === 'mirror' || folded !== 'pull-from-mirror'),
  );
  if (home !== undefined) {
    const message = `${subject} stands in the wrong table, so that CRI-O ignores it`;
    return finding('confMisplacedKey', place, message, `move it: it belongs ${home[1]}`);
  }
  const message = `${subject} is unknown, so that CRI-O ignores it`;
  return finding('confUnknownKey', place, message, 'correct the spelling, or remove the key');
}

/**
 * Folds like Go's strings.EqualFold, as far as letters are concerned that fold to ASCII: U+017F is an s, U+212A a k.
 */
function foldCase(key: string): string {
  return key.replaceAll('\u017f', 's').replaceAll('\u212a', 'k').toLowerCase();
}
