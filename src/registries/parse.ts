// registries.conf as bytes → data, with every key kept and every type checked.
import { hasErrors, type Finding } from '../finding.ts';
import { extraKeys } from './keys.ts';
import type { Mirror, RegistriesConf, Registry, TomlTable } from './model.ts';
import { own, TableReader } from './table-reader.ts';
import { readToml } from './toml.ts';

/** `conf` is null exactly if `findings` has an error. */
export interface ParseResult {
  readonly conf: RegistriesConf | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads one registries.conf or drop-in. Nothing is judged but its form: syntax, keys, types; see validate.ts for the
 * rest. Keys that CRI-O does not know are kept, with a warning each. An empty file is an empty configuration.
 * @param file named in the findings
 */
export function parseRegistriesConf(bytes: Uint8Array, file: string): ParseResult {
  const toml = readToml(bytes, file);
  if (!toml.ok) return { conf: null, findings: [toml.finding] };
  const findings: Finding[] = [];
  const conf = readConf(toml.table, file, findings);
  return { conf: hasErrors(findings) ? null : conf, findings };
}

function readConf(table: TomlTable, file: string, findings: Finding[]): RegistriesConf {
  const reader = new TableReader(table, { kind: 'file', name: null }, file, findings);
  reader.judgeKeys();
  reader.refuseVersion1();
  // Kept among the extra keys; the library checks its type only.
  reader.string('additional-layer-store-auth-helper');
  return {
    registries: reader.tables('registry').map((entry) => readRegistry(entry, file, findings)),
    searchRegistries: reader.strings('unqualified-search-registries'),
    shortNameMode: reader.string('short-name-mode'),
    credentialHelpers: reader.strings('credential-helpers'),
    aliases: readAliases(reader.table('aliases'), file, findings),
    extra: extraKeys(table, 'file'),
  };
}

function readRegistry(table: TomlTable, file: string, findings: Finding[]): Registry {
  const name =
    [own(table, 'prefix'), own(table, 'location')].find((value) => typeof value === 'string') ?? null;
  const reader = new TableReader(table, { kind: 'registry', name }, file, findings);
  reader.judgeKeys();
  return {
    prefix: reader.string('prefix') ?? '',
    location: reader.string('location') ?? '',
    insecure: reader.boolean('insecure'),
    blocked: reader.boolean('blocked'),
    mirrorByDigestOnly: reader.boolean('mirror-by-digest-only'),
    pullFromMirror: reader.string('pull-from-mirror') ?? '',
    mirrors: reader.tables('mirror').map((entry) => readMirror(entry, name, file, findings)),
    origins: [],
    extra: extraKeys(table, 'registry'),
  };
}

function readMirror(table: TomlTable, registry: string | null, file: string, findings: Finding[]): Mirror {
  const reader = new TableReader(table, { kind: 'mirror', name: registry }, file, findings);
  reader.judgeKeys();
  return {
    location: reader.string('location') ?? '',
    insecure: reader.boolean('insecure'),
    pullFromMirror: reader.string('pull-from-mirror') ?? '',
    origins: [],
    extra: extraKeys(table, 'mirror'),
  };
}

function readAliases(table: TomlTable, file: string, findings: Finding[]): ReadonlyMap<string, string> {
  const reader = new TableReader(table, { kind: 'aliases', name: null }, file, findings);
  return new Map(Object.keys(table).map((name) => [name, reader.string(name) ?? '']));
}
