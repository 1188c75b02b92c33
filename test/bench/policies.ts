// Policies in memory, as many as wanted: entries of ten to an object, three mirrors each.
import type { MirrorRule, PolicyContent } from '../../src/policy/rule.ts';

export interface Entry {
  readonly source: string;
  readonly mirrors: readonly string[];
}

const entriesPerObject = 10;

const registries = ['docker.io', 'ghcr.io', 'quay.io', 'registry.example.com', 'registry.redhat.io'];

/** The entries of each object: what one team has in one registry, as tools write it. No source lies in another. */
export function makeObjects(sources: number): readonly (readonly Entry[])[] {
  return Array.from({ length: Math.ceil(sources / entriesPerObject) }, (_, team) => {
    const registry = registries[team % registries.length] ?? '';
    const count = Math.min(entriesPerObject, sources - team * entriesPerObject);
    return Array.from({ length: count }, (__, i) => entryOf(registry, `team-${team}/application-${i}`));
  });
}

function entryOf(registry: string, path: string): Entry {
  const mirrors = ['a', 'b', 'c'].map((name) => `mirror-${name}.example.net:5000/${registry}/${path}`);
  return { source: `${registry}/${path}`, mirrors };
}

/** The objects as icspd holds them once their files are read. */
export function contentOf(objects: readonly (readonly Entry[])[]): PolicyContent {
  const kind = 'ImageDigestMirrorSet';
  const apiVersion = 'config.openshift.io/v1';
  const originOf = (object: number, line: number): MirrorRule['origin'] => ({
    file: `/etc/icsp.d/${object}.yaml`,
    line,
    kind,
    name: `object-${object}`,
  });
  return {
    objects: objects.map((_, i) => ({ apiVersion, origin: originOf(i, 1) })),
    rules: objects.flatMap((entries, i) =>
      entries.map(({ source, mirrors }, index) => ({
        source,
        mirrors: mirrors.map((location, at) => ({ location, line: 7 + index * 5 + at, column: 9 })),
        pulls: { digest: true, tag: false },
        sourcePolicy: 'unset' as const,
        origin: originOf(i, 6 + index * 5),
        column: 7,
        rank: { group: 'config.openshift.io' as const, name: `object-${i}`, kind, apiVersion, index },
      })),
    ),
    registrySources: [],
  };
}
