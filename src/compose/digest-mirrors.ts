// Mirrors that policies want for digests only, and whether what is in force lets them serve tags.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { firstOfEachScope, loadedScope, trimLocation } from '../registries/location.ts';
import { matchingScopes } from '../registries/match.ts';
import type { MergedConf, MergedRegistry } from '../registries/merge.ts';
import { servesPull, type Mirror, type Registry } from '../registries/model.ts';
import { findRegistry } from '../registries/resolve.ts';
import type { MergedState } from './protections.ts';
import { extendLocation, isNested, remainderOf } from './scope.ts';

/**
 * An error for each mirror that policies name for digests only and that a table in force lets serve tags, where the
 * composed table would not: it could choose what a tag means. That table is a drop-in's, or stands in a main file other
 * than the composed one.
 */
export function judgeDigestMirrors({
  composed,
  merged,
  mainFile,
  remedy,
}: Omit<MergedState, 'protections'>): readonly Finding[] {
  const own = new Set(composed.registries);
  const others = merged.registries.filter((table) => !own.has(table.registry) && isChosen(table, merged));
  if (others.length === 0) return [];
  const byScope = firstOfEachScope(composed.registries, loadedScope);
  return others.flatMap((other) => {
    const [scope] = matchingScopes(other.scope, byScope);
    const table = scope === undefined ? undefined : byScope.get(scope);
    return table === undefined || !isNested(other.scope, loadedScope(table))
      ? []
      : judgeTable(table, other, mainFile, remedy);
  });
}

/** A wildcard that is as long is chosen in place of a host. */
function isChosen(table: MergedRegistry, merged: MergedConf): boolean {
  return findRegistry(merged, table.scope) === table;
}

function judgeTable(
  table: Registry,
  { scope, registry, file }: MergedRegistry,
  mainFile: string,
  remedy: string,
): readonly Finding[] {
  const rest = remainderOf(scope, loadedScope(table));
  const servingTags = new Set(tagMirrors(registry).map(({ location }) => trimLocation(location)));
  const isMain = file === mainFile;
  const cause = isMain ? 'the registries.conf in force' : `the drop-in ${quote(file)}`;
  const help = isMain
    ? remedy
    : `write pull-from-mirror = "digest-only" to that mirror in ${quote(file)}, or remove the [[registry]]`;
  return digestOnlyMirrors(table).flatMap((mirror) => {
    const location = extendLocation(mirror.location, rest);
    const [origin] = mirror.origins;
    if (location === null || !servingTags.has(location) || origin === undefined) return [];
    const message = `the mirror ${quote(mirror.location)} of ${quote(loadedScope(table))} should serve digests only and serves tags of ${quote(scope)}, since ${cause} says so`;
    return [finding('protectionBeaten', { ...wholeFile(origin.file), line: origin.line }, message, help)];
  });
}

/** Those that a policy names and that serve no tags by any entry of the table. */
function digestOnlyMirrors(table: Registry): readonly Mirror[] {
  const servingTags = new Set(tagMirrors(table).map(({ location }) => location));
  return table.mirrors.filter(({ location, origins }) => origins.length > 0 && !servingTags.has(location));
}

function tagMirrors(table: Registry): readonly Mirror[] {
  return table.mirrors.filter((mirror) => servesPull(table, mirror, 'tag'));
}
