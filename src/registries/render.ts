// RegistriesConf → the text of registries.conf, in the subset of TOML that every version of CRI-O reads.
import { emitEntries, emitKey, isTomlTable } from './emit.ts';
import type { Mirror, RegistriesConf, Registry, TomlValue } from './model.ts';

export { proveRendering } from './prove.ts';
export { sealRendering, unseal, type SealOptions } from './seal.ts';

type Entry = readonly [string, TomlValue];

/**
 * Writes the body of registries.conf: top-level values first, each [[registry]] with its mirrors, [aliases] and tables that
 * CRI-O does not know last. Flags that are false and keys that are absent are left out. Deterministic and linear.
 */
export function renderRegistriesConf(conf: RegistriesConf): string {
  const extra = Object.entries(conf.extra);
  const head = emitEntries([...topLevelEntries(conf), ...extra.filter(([, value]) => !isTomlTable(value))]);
  const tables: string[] = [...conf.registries.map(renderRegistry)];
  if (conf.aliases.size > 0) tables.push(renderTable('[aliases]', [...conf.aliases]));
  for (const [key, value] of extra) {
    if (isTomlTable(value)) tables.push(renderTable(`[${emitKey(key)}]`, Object.entries(value)));
  }
  return [head, ...tables].filter((part) => part !== '').join('\n');
}

function topLevelEntries({
  searchRegistries,
  shortNameMode,
  credentialHelpers,
}: RegistriesConf): readonly Entry[] {
  return present([
    ['unqualified-search-registries', searchRegistries],
    ['short-name-mode', shortNameMode],
    ['credential-helpers', credentialHelpers],
  ]);
}

function renderRegistry(registry: Registry): string {
  const own: readonly Entry[] = present([
    ['prefix', registry.prefix || null],
    ['location', registry.location || null],
    ['insecure', registry.insecure || null],
    ['blocked', registry.blocked || null],
    ['mirror-by-digest-only', registry.mirrorByDigestOnly || null],
    ['pull-from-mirror', registry.pullFromMirror || null],
  ]);
  const table = renderTable('[[registry]]', [...own, ...Object.entries(registry.extra)]);
  return [table, ...registry.mirrors.map(renderMirror)].join('\n');
}

function renderMirror(mirror: Mirror): string {
  const own: readonly Entry[] = present([
    ['location', mirror.location || null],
    ['insecure', mirror.insecure || null],
    ['pull-from-mirror', mirror.pullFromMirror || null],
  ]);
  return renderTable('[[registry.mirror]]', [...own, ...Object.entries(mirror.extra)]);
}

function renderTable(header: string, entries: readonly Entry[]): string {
  return `${header}\n${emitEntries(entries)}`;
}

function present(entries: readonly (readonly [string, TomlValue | null])[]): readonly Entry[] {
  return entries.flatMap(([key, value]) => (value === null ? [] : [[key, value] as const]));
}
