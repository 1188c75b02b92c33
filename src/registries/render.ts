// RegistriesConf → the text of registries.conf, in the subset of TOML that every version of CRI-O reads.
import { emitEntries, emitKey, emitString } from './emit.ts';
import { isTomlTable, type Mirror, type RegistriesConf, type Registry, type TomlValue } from './model.ts';

export { proveRendering } from './prove.ts';
export { sealRendering, unseal, type SealOptions } from './seal.ts';

type Entry = readonly [string, TomlValue];

/**
 * Writes the body of registries.conf: top-level values first, each [[registry]] with its mirrors, [aliases] and tables
 * that CRI-O does not know last. Flags that are false and keys that are absent are left out. Deterministic and linear.
 */
export function renderRegistriesConf(conf: RegistriesConf): string {
  const extra = Object.entries(conf.extra);
  const head = emitEntries([...topLevelEntries(conf), ...extra.filter(([, value]) => !isTomlTable(value))]);
  const tables = conf.registries.map(renderRegistry);
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
  const entries: Entry[] = [];
  if (searchRegistries !== null) entries.push(['unqualified-search-registries', searchRegistries]);
  if (shortNameMode !== null) entries.push(['short-name-mode', shortNameMode]);
  if (credentialHelpers !== null) entries.push(['credential-helpers', credentialHelpers]);
  return entries;
}

function renderRegistry(registry: Registry): string {
  const table =
    '[[registry]]\n' +
    text('prefix', registry.prefix) +
    text('location', registry.location) +
    flag('insecure', registry.insecure) +
    flag('blocked', registry.blocked) +
    flag('mirror-by-digest-only', registry.mirrorByDigestOnly) +
    text('pull-from-mirror', registry.pullFromMirror) +
    emitEntries(Object.entries(registry.extra));
  return [table, ...registry.mirrors.map(renderMirror)].join('\n');
}

function renderMirror(mirror: Mirror): string {
  return (
    '[[registry.mirror]]\n' +
    text('location', mirror.location) +
    flag('insecure', mirror.insecure) +
    text('pull-from-mirror', mirror.pullFromMirror) +
    emitEntries(Object.entries(mirror.extra))
  );
}

/** '' stands for an absent key. */
function text(key: string, value: string): string {
  return value === '' ? '' : `${key} = ${emitString(value)}\n`;
}

function flag(key: string, isSet: boolean): string {
  return isSet ? `${key} = true\n` : '';
}

function renderTable(header: string, entries: readonly Entry[]): string {
  return `${header}\n${emitEntries(entries)}`;
}
