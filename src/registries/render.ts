// RegistriesConf → the text of registries.conf, in the subset of TOML that every version of CRI-O reads.
import { emitEntries, emitKey, emitString } from './emit.ts';
import {
  isTomlTable,
  type Mirror,
  type RegistriesConf,
  type Registry,
  type TomlTable,
  type TomlValue,
} from './model.ts';

type Entry = readonly [string, TomlValue];

/**
 * Writes the body of registries.conf: top-level values first, each [[registry]] with its mirrors, [aliases] and tables
 * that CRI-O does not know last. Flags that are false and keys that are absent are left out. Deterministic and linear.
 */
export function renderRegistriesConf(conf: RegistriesConf): string {
  const extra = Object.entries(conf.extra);
  let body = emitEntries([...topLevelEntries(conf), ...extra.filter(([, value]) => !isTomlTable(value))]);
  // The engine joins texts that grow like this once, at the end: with ten thousand tables that counts.
  const addTable = (table: string): void => {
    body += body === '' ? table : `\n${table}`;
  };
  for (const registry of conf.registries) addTable(renderRegistry(registry));
  if (conf.aliases.size > 0) addTable(renderTable('[aliases]', [...conf.aliases]));
  for (const [key, value] of extra) {
    if (isTomlTable(value)) addTable(renderTable(`[${emitKey(key)}]`, Object.entries(value)));
  }
  return body;
}

function topLevelEntries({
  searchRegistries,
  shortNameMode,
  credentialHelpers,
}: RegistriesConf): readonly Entry[] {
  const entries: Entry[] = [];
  if (searchRegistries !== null) entries.push(['unqualified-search-registries', searchRegistries]);
  if (shortNameMode !== null) entries.push(['short-name-mode', shortNameMode]);
  if (credentialHelpers !== null) entries.push(['credential-helpers', credentialHelpers]);
  return entries;
}

function renderRegistry(registry: Registry): string {
  let table =
    '[[registry]]\n' +
    line('prefix = ', registry.prefix) +
    line('location = ', registry.location) +
    (registry.insecure ? 'insecure = true\n' : '') +
    (registry.blocked ? 'blocked = true\n' : '') +
    (registry.mirrorByDigestOnly ? 'mirror-by-digest-only = true\n' : '') +
    line('pull-from-mirror = ', registry.pullFromMirror) +
    renderExtra(registry.extra);
  for (const mirror of registry.mirrors) table += `\n${renderMirror(mirror)}`;
  return table;
}

function renderMirror(mirror: Mirror): string {
  return (
    '[[registry.mirror]]\n' +
    line('location = ', mirror.location) +
    (mirror.insecure ? 'insecure = true\n' : '') +
    line('pull-from-mirror = ', mirror.pullFromMirror) +
    renderExtra(mirror.extra)
  );
}

/** '' stands for an absent key. */
function line(assignment: string, value: string): string {
  return value === '' ? '' : `${assignment}${emitString(value)}\n`;
}

function renderExtra(extra: TomlTable): string {
  const entries = Object.entries(extra);
  return entries.length === 0 ? '' : emitEntries(entries);
}

function renderTable(header: string, entries: readonly Entry[]): string {
  return `${header}\n${emitEntries(entries)}`;
}
