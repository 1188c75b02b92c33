// registries.conf as bytes → data, with every key kept and every type checked.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { extraKeys, judgeKeys } from './keys.ts';
import type { Mirror, RegistriesConf, Registry, TomlTable, TomlValue } from './model.ts';
import { readToml } from './toml.ts';

/** `conf` is null exactly if `findings` has an error. */
export interface ParseResult {
  readonly conf: RegistriesConf | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads one registries.conf or drop-in. Nothing is judged but its form: syntax, keys, types; see validate.ts for the rest.
 * Keys that CRI-O does not know are kept, with a warning each. An empty file is an empty configuration.
 */
export function parseRegistriesConf(bytes: Uint8Array, file: string): ParseResult {
  const toml = readToml(bytes, file);
  if (!toml.ok) return { conf: null, findings: [toml.finding] };
  const reader = new Reader(file);
  const conf = readConf(toml.table, reader);
  const hasFailed = reader.findings.some(({ severity }) => severity === 'error');
  return { conf: hasFailed ? null : conf, findings: reader.findings };
}

const confKeys = [
  'unqualified-search-registries',
  'short-name-mode',
  'credential-helpers',
  'registry',
  'aliases',
];
const registryKeys = [
  'prefix',
  'location',
  'insecure',
  'blocked',
  'mirror-by-digest-only',
  'pull-from-mirror',
  'mirror',
];
const mirrorKeys = ['location', 'insecure', 'pull-from-mirror'];

function readConf(table: TomlTable, reader: Reader): RegistriesConf {
  const where = 'at the top of the file';
  reader.judge(table, 'file', where);
  reader.refuseVersion1(table);
  reader.string(table, 'additional-layer-store-auth-helper', where);
  return {
    registries: reader.tables(table, 'registry', where).map((entry) => readRegistry(entry, reader)),
    searchRegistries: reader.strings(table, 'unqualified-search-registries', where),
    shortNameMode: reader.string(table, 'short-name-mode', where),
    credentialHelpers: reader.strings(table, 'credential-helpers', where),
    aliases: reader.aliases(table),
    extra: extraKeys(table, confKeys),
  };
}

function readRegistry(table: TomlTable, reader: Reader): Registry {
  const name = own(table, 'prefix') ?? own(table, 'location');
  const where = typeof name === 'string' ? `in [[registry]] ${quote(name)}` : 'in a [[registry]]';
  reader.judge(table, 'registry', where);
  return {
    prefix: reader.string(table, 'prefix', where) ?? '',
    location: reader.string(table, 'location', where) ?? '',
    insecure: reader.boolean(table, 'insecure', where),
    blocked: reader.boolean(table, 'blocked', where),
    mirrorByDigestOnly: reader.boolean(table, 'mirror-by-digest-only', where),
    pullFromMirror: reader.string(table, 'pull-from-mirror', where) ?? '',
    mirrors: reader.tables(table, 'mirror', where).map((entry) => readMirror(entry, where, reader)),
    origins: [],
    extra: extraKeys(table, registryKeys),
  };
}

function readMirror(table: TomlTable, registry: string, reader: Reader): Mirror {
  const where = registry.replace('[[registry]]', '[[registry.mirror]] of');
  reader.judge(table, 'mirror', where);
  return {
    location: reader.string(table, 'location', where) ?? '',
    insecure: reader.boolean(table, 'insecure', where),
    pullFromMirror: reader.string(table, 'pull-from-mirror', where) ?? '',
    origins: [],
    extra: extraKeys(table, mirrorKeys),
  };
}

/** The value of the table's own key; never one of Object.prototype. */
function own(table: TomlTable, key: string): TomlValue | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !(value instanceof Date) && !Array.isArray(value);
}

/** Reads values by type and collects what is wrong with them. A value of the wrong type reads like an absent one. */
class Reader {
  readonly findings: Finding[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  judge(table: TomlTable, kind: 'file' | 'registry' | 'mirror', where: string): void {
    this.findings.push(...judgeKeys(table, kind, where, this.#file));
  }

  string(table: TomlTable, key: string, where: string): string | null {
    const value = own(table, key);
    if (value === undefined || typeof value === 'string') return value ?? null;
    this.#refuseType(key, where, 'a string', `write ${key} = "…"`);
    return null;
  }

  boolean(table: TomlTable, key: string, where: string): boolean {
    const value = own(table, key);
    if (value === undefined || typeof value === 'boolean') return value ?? false;
    this.#refuseType(key, where, 'a boolean', `write ${key} = true or ${key} = false, without quotes`);
    return false;
  }

  strings(table: TomlTable, key: string, where: string): readonly string[] | null {
    const value = own(table, key);
    if (value === undefined) return null;
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.#refuseType(key, where, 'an array of strings', `write ${key} = ["…", "…"]`);
    return null;
  }

  tables(table: TomlTable, key: 'registry' | 'mirror', where: string): readonly TomlTable[] {
    const value = own(table, key);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every(isTable)) return value;
    const header = key === 'registry' ? '[[registry]]' : '[[registry.mirror]]';
    this.#refuseType(key, where, 'an array of tables', `write the header with double brackets: ${header}`);
    return [];
  }

  aliases(table: TomlTable): ReadonlyMap<string, string> {
    const value = own(table, 'aliases');
    if (value === undefined) return new Map();
    if (!isTable(value)) {
      this.#refuseType('aliases', 'at the top of the file', 'a table', 'write it as a table: [aliases]');
      return new Map();
    }
    const names = Object.keys(value);
    return new Map(names.map((name) => [name, this.string(value, name, 'in [aliases]') ?? '']));
  }

  /** Lists of version 1 count if they are set, even to []; a bare [registries.search] does not. */
  refuseVersion1(table: TomlTable): void {
    const registries = own(table, 'registries');
    if (registries === undefined) return;
    const lists = isTable(registries) ? Object.values(registries) : [];
    if (isTable(registries) && lists.every((list) => isTable(list) && own(list, 'registries') === undefined))
      return;
    const message =
      'the file has [registries.search], [registries.insecure] or [registries.block], the format of version 1';
    const help = `convert the file with: icspd import ${this.#file}`;
    this.findings.push(finding('confVersion1', wholeFile(this.#file), message, help));
  }

  #refuseType(key: string, where: string, expected: string, help: string): void {
    const message = `${quote(key)} ${where} must be ${expected}`;
    this.findings.push(finding('confType', wholeFile(this.#file), message, help));
  }
}
