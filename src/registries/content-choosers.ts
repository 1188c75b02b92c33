// Who can choose what an image contains: everybody who may answer a pull without a digest to check the answer against.
import { escape } from '../escape.ts';
import type { MergedConf } from './merge.ts';
import { servesPull, type Mirror, type Registry } from './model.ts';
import { trimLocation } from './location.ts';
import type { Origin } from '../origin.ts';

/**
 * `how`: a mirror serves tags, anybody on the path to an insecure endpoint, a search registry or an alias stands for
 * short names.
 */
export interface ContentChooser {
  readonly how: 'tag mirror' | 'insecure' | 'search registry' | 'alias';
  /** The registry, mirror or repository that is trusted. */
  readonly who: string;
  /** The scope, or the short name, whose content it can choose; null for a search registry: all short names. */
  readonly scope: string | null;
  readonly file: string;
  readonly origins: readonly Origin[];
}

/** Lists them from the merged configuration, scopes in its order. A source itself is no party: it owns its content. */
export function findContentChoosers(merged: MergedConf): readonly ContentChooser[] {
  const { searchRegistries, aliases } = merged;
  return [
    ...merged.registries.flatMap(({ scope, registry, file }) =>
      choosersOf(registry).map((chooser) => ({ ...chooser, scope, file })),
    ),
    ...(searchRegistries?.values ?? []).map((who) => ({
      how: 'search registry' as const,
      who,
      scope: null,
      file: searchRegistries?.file ?? '',
      origins: [],
    })),
    ...[...aliases].flatMap(([scope, { value, file }]) =>
      value === '' ? [] : [{ how: 'alias' as const, who: value, scope, file, origins: [] }],
    ),
  ];
}

/** Whom the node trusts with what an image contains, and where that is written; on one line. */
export function describeChooser({ how, who, scope, file, origins }: ContentChooser): string {
  const [origin] = origins;
  const where = origin === undefined ? file : `${origin.file}:${origin.line}`;
  return `${how} ${escape(who)}${scope === null ? '' : ` for ${escape(scope)}`} (${escape(where)})`;
}

function choosersOf(registry: Registry): readonly Pick<ContentChooser, 'how' | 'who' | 'origins'>[] {
  const location = trimLocation(registry.location);
  const mirrors = registry.mirrors.flatMap((mirror) => choosersBy(registry, mirror, location));
  if (!registry.insecure) return mirrors;
  const who = location === '' ? registry.prefix : location;
  return [...mirrors, { how: 'insecure', who, origins: registry.origins }];
}

function choosersBy(
  registry: Registry,
  mirror: Mirror,
  source: string,
): readonly Pick<ContentChooser, 'how' | 'who' | 'origins'>[] {
  const who = trimLocation(mirror.location);
  const { origins } = mirror;
  const servesTags = servesPull(registry, mirror, 'tag') && who !== source;
  return [
    ...(servesTags ? [{ how: 'tag mirror' as const, who, origins }] : []),
    ...(mirror.insecure ? [{ how: 'insecure' as const, who, origins }] : []),
  ];
}
