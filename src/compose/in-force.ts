// The rendering in force and the policy files behind it: all that is known of a file which cannot be read any more.
import type { Origin } from '../origin.ts';
import { loadedScope } from '../registries/location.ts';
import type { Mirror, RegistriesConf, Registry } from '../registries/model.ts';

/** Which policy files are behind which part of a rendering. */
export interface Provenance {
  /** Scope → the entries behind the table or one of its flags. */
  readonly tables: Readonly<Record<string, readonly Origin[]>>;
  /**
   * Scope → mirror (its location, and which pulls it serves if not all) → the files that name it, none for the administrator's own. Where nothing is said of a mirror, the
   * files of the table's entries are behind it.
   */
  readonly mirrors: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** The files behind the search registries. */
  readonly search: readonly string[];
}

/** A policy file, or a policy directory with all that was in it, whose content is not known now. */
export interface Unreadable {
  readonly path: string;
  readonly type: 'file' | 'directory';
}

/** What stands, and what of it nobody can judge now. */
export interface InForce {
  readonly conf: RegistriesConf;
  /** Null: not known, as after the loss of /var. */
  readonly provenance: Provenance | null;
  /** Not empty. */
  readonly unreadable: readonly Unreadable[];
  /** Why nobody knows what the file says; null where it can be read, or was taken away. */
  readonly blame: (file: string) => Unreadable | null;
}

/** Collects which files are behind a composed configuration. */
export function provenanceOf({ registries }: RegistriesConf, search: readonly Origin[]): Provenance {
  const ofPolicies = registries.filter(({ origins }) => origins.length > 0);
  return {
    tables: Object.fromEntries(ofPolicies.map((registry) => [loadedScope(registry), registry.origins])),
    mirrors: Object.fromEntries(
      registries.flatMap((registry) => {
        const unusual = unusualMirrors(registry);
        return unusual.length === 0 ? [] : [[loadedScope(registry), Object.fromEntries(unusual)] as const];
      }),
    ),
    search: filesOf(search),
  };
}

/** The mirrors that have other files behind them than the entries of their table: a few of many. */
function unusualMirrors(registry: Registry): readonly (readonly [string, readonly string[]])[] {
  const usual = filesOf(registry.origins);
  const byKey = Map.groupBy(registry.mirrors, mirrorKey);
  return [...byKey]
    .map(([key, mirrors]) => [key, filesOf(mirrors.flatMap(({ origins }) => origins))] as const)
    .filter(([, files]) => files.length !== usual.length || files.some((file) => !usual.includes(file)));
}

/** A mirror may stand twice in a table, once for each kind of pull, and for other reasons. */
export function mirrorKey({ location, pullFromMirror }: Mirror): string {
  return pullFromMirror === '' ? location : `${location} ${pullFromMirror}`;
}

/** Gives tables and mirrors the origins that the record has of them. */
export function attribute(conf: RegistriesConf, provenance: Provenance): RegistriesConf {
  const registries = conf.registries.map((registry) => {
    const scope = loadedScope(registry);
    const known = provenance.tables[scope] ?? [];
    const unusual = provenance.mirrors[scope];
    if (known.length === 0 && unusual === undefined) return registry;
    const mirrors = registry.mirrors.map((mirror) => {
      const files = unusual?.[mirrorKey(mirror)];
      return { ...mirror, origins: files === undefined ? known : originsFor(files, known) };
    });
    return { ...registry, origins: known, mirrors };
  });
  return { ...conf, registries };
}

/** The known entries of the files; of a file that has none, the file. */
export function originsFor(files: readonly string[], known: readonly Origin[]): readonly Origin[] {
  return files.flatMap((file) => {
    const found = known.filter((origin) => origin.file === file);
    return found.length > 0 ? found : [originOfPath(file)];
  });
}

/** What stands for entries that nobody can read. */
export function originOfPath(path: string): Origin {
  return { file: path, line: 1, kind: 'File', name: path.slice(path.lastIndexOf('/') + 1) };
}

/** The files of the origins, each once. */
export function filesOf(origins: readonly Origin[]): readonly string[] {
  const [first, ...others] = origins;
  if (first === undefined) return [];
  return others.length === 0 ? [first.file] : [...new Set(origins.map(({ file }) => file))];
}
