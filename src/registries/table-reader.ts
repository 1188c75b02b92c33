// Reads the values of one TOML table by type and collects what is wrong with them.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { describeTable, judgeKeys, type Where } from './keys.ts';
import { convertVersion1 } from './version-1.ts';
import { isTomlTable, type TomlTable, type TomlValue } from './model.ts';

/** The value of the table's own key; never one of Object.prototype. */
export function own(table: TomlTable, key: string): TomlValue | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** A value of the wrong type is a finding and reads like an absent one. */
export class TableReader {
  readonly #table: TomlTable;
  readonly #where: Where;
  readonly #file: string;
  readonly #findings: Finding[];

  /** @param findings where the reader puts what it finds */
  constructor(table: TomlTable, where: Where, file: string, findings: Finding[]) {
    this.#table = table;
    this.#where = where;
    this.#file = file;
    this.#findings = findings;
  }

  judgeKeys(): void {
    this.#findings.push(...judgeKeys(this.#table, this.#where, this.#file));
  }

  string(key: string): string | null {
    const value = own(this.#table, key);
    if (value === undefined || typeof value === 'string') return value ?? null;
    this.#refuseType(key, 'a string', 'write a string in double quotes');
    return null;
  }

  boolean(key: string): boolean {
    const value = own(this.#table, key);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    this.#refuseType(key, 'a boolean', 'write true or false, in lower case and without quotes');
    return false;
  }

  strings(key: string): readonly string[] | null {
    const value = own(this.#table, key);
    if (value === undefined) return null;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.#refuseType(key, 'an array of strings', `write ${key} = ["…", "…"]`);
    return null;
  }

  table(key: string): TomlTable {
    const value = own(this.#table, key);
    if (value === undefined) return {};
    if (isTomlTable(value)) return value;
    this.#refuseType(key, 'a table', `write it as a table, with the header [${key}]`);
    return {};
  }

  tables(key: 'registry' | 'mirror'): readonly TomlTable[] {
    const value = own(this.#table, key);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every(isTomlTable)) return value;
    const header = key === 'registry' ? '[[registry]]' : '[[registry.mirror]]';
    this.#refuseType(key, 'an array of tables', `write the header with double brackets: ${header}`);
    return [];
  }

  /**
   * Refuses the lists of version 1 if one is set, even to [], as the library decides; a bare [registries.search] is
   * none.
   */
  refuseVersion1(): void {
    const registries = own(this.#table, 'registries');
    if (registries === undefined) return;
    const isUnset = (list: TomlValue): boolean => isTomlTable(list) && own(list, 'registries') === undefined;
    if (isTomlTable(registries) && Object.values(registries).every(isUnset)) return;
    const message =
      'the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1';
    const lines = convertVersion1(registries);
    const help =
      lines === null
        ? 'write [registries.search] as unqualified-search-registries, each of [registries.insecure] as a [[registry]] with location and insecure = true, each of [registries.block] as one with blocked = true'
        : `write in their place, at the top of the file: ${lines}`;
    this.#findings.push(finding('confVersion1', wholeFile(this.#file), message, help));
  }

  #refuseType(key: string, expected: string, help: string): void {
    const message = `${quote(key)} ${describeTable(this.#where)} must be ${expected}`;
    this.#findings.push(finding('confType', wholeFile(this.#file), message, help));
  }
}
