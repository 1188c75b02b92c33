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
  const head = emitEntries([...topLevelEntries(conf), ...extra.filter(([, value]) => !isTomlTable(value))]);
  const parts = head === '' ? [] : [head];
  for (const registry of conf.registries) parts.push(renderRegistry(registry));
  if (conf.aliases.size > 0) parts.push(renderTable('[aliases]', [...conf.aliases]));
  for (const [key, value] of extra) {
    if (isTomlTable(value)) parts.push(renderTable(`[${emitKey(key)}]`, Object.entries(value)));
  }
  return parts.join('\n');
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
  const head =
    '[[registry]]\n' +
    line('prefix = ', registry.prefix) +
    line('location = ', registry.location) +
    (registry.insecure ? 'insecure = true\n' : '') +
    (registry.blocked ? 'blocked = true\n' : '') +
    (registry.mirrorByDigestOnly ? 'mirror-by-digest-only = true\n' : '') +
    pullLine(registry.pullFromMirror) +
    renderExtra(registry.extra);
  return [head, ...registry.mirrors.map(renderMirror)].join('\n');
}

function renderMirror(mirror: Mirror): string {
  return (
    '[[registry.mirror]]\n' +
    line('location = ', mirror.location) +
    (mirror.insecure ? 'insecure = true\n' : '') +
    (pullLines.get(mirror.pullFromMirror) ?? pullLine(mirror.pullFromMirror)) +
    renderExtra(mirror.extra)
  );
}

function pullLine(pull: string): string {
  return line('pull-from-mirror = ', pull);
}

/** Made once: nearly every mirror has one of them. */
const pullLines = new Map(['', 'digest-only', 'tag-only'].map((pull) => [pull, pullLine(pull)]));

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
