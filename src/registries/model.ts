// registries.conf as data. What a key means: containers-registries.conf(5), version 2.
import type { Origin } from '../origin.ts';

/** A TOML value that icspd does not understand but keeps. */
export type TomlValue = string | number | bigint | boolean | Date | readonly TomlValue[] | TomlTable;
/** A table that icspd does not understand but keeps. */
export interface TomlTable {
  readonly [key: string]: TomlValue;
}

/** Which pulls a mirror serves, `pull-from-mirror` and `mirror-by-digest-only` taken together. */
export type Pull = 'all' | 'digest-only' | 'tag-only';

/** The two kinds of pull, each with mirrors of its own. */
export type PullKind = 'digest' | 'tag';

/** Both, in the order in which they are written. */
export const pullKinds = ['digest', 'tag'] as const satisfies readonly PullKind[];

/** One `[[registry.mirror]]` table. */
export interface Mirror {
  readonly location: string;
  readonly insecure: boolean;
  /** `pull-from-mirror` as written; '' where the key is absent. Validation admits '', all, digest-only, tag-only. */
  readonly pullFromMirror: string;
  /** The policy entries behind it; empty where the administrator wrote it. */
  readonly origins: readonly Origin[];
  /** Keys that this version does not know. */
  readonly extra: TomlTable;
}

/** One `[[registry]]` table. */
export interface Registry {
  /** As written; '' where the key is absent. */
  readonly prefix: string;
  /** As written; '' where the key is absent (allowed with a wildcard prefix only). */
  readonly location: string;
  readonly insecure: boolean;
  readonly blocked: boolean;
  readonly mirrorByDigestOnly: boolean;
  /** `pull-from-mirror` on the registry itself, which containers/image refuses; '' where the key is absent. */
  readonly pullFromMirror: string;
  readonly mirrors: readonly Mirror[];
  /** The policy entries behind the table or one of its flags; empty where only the administrator wrote it. */
  readonly origins: readonly Origin[];
  readonly extra: TomlTable;
}

/** A whole file. Null means that the key is absent. */
export interface RegistriesConf {
  readonly registries: readonly Registry[];
  readonly searchRegistries: readonly string[] | null;
  readonly shortNameMode: string | null;
  readonly credentialHelpers: readonly string[] | null;
  /** Short name → repository, in the order of the file; '' erases an alias of an earlier file. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly extra: TomlTable;
}

/** A file that says nothing. */
export const emptyConf: RegistriesConf = {
  registries: [],
  searchRegistries: null,
  shortNameMode: null,
  credentialHelpers: null,
  aliases: new Map(),
  extra: {},
};

/** What the table matches: its prefix, or its location where there is none (containers-registries.conf(5)). */
export function scopeOf(registry: Registry): string {
  return registry.prefix === '' ? registry.location : registry.prefix;
}

/** Which pulls the mirror serves within its table. */
export function effectivePull(registry: Registry, mirror: Mirror): Pull {
  if (registry.mirrorByDigestOnly || mirror.pullFromMirror === 'digest-only') return 'digest-only';
  return mirror.pullFromMirror === 'tag-only' ? 'tag-only' : 'all';
}

/** Whether the mirror serves pulls of the kind within its table. */
export function servesPull(registry: Registry, mirror: Mirror, kind: PullKind): boolean {
  const pull = effectivePull(registry, mirror);
  return pull === 'all' || pull === `${kind}-only`;
}

/** Whether the value is a list. Array.isArray does not narrow readonly arrays. */
export function isTomlList(value: TomlValue): value is readonly TomlValue[] {
  return Array.isArray(value);
}

/** Whether the value is a table, not a list or a date. */
export function isTomlTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !(value instanceof Date) && !Array.isArray(value);
}
