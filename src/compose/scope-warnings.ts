// What an operator should know about how containers/image will match the finished tables.
import { isWildcard } from '../registries/location.ts';
import { pullKinds, type PullKind } from '../registries/model.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { wholeFile } from '../origin.ts';
import { forEachKind, type PerKind } from './kind.ts';
import type { DraftMirror } from './mirrors.ts';
import { describeOrigin, quoteSome } from './origins.ts';
import type { Report } from './report.ts';
import { extendLocation, isBareHost, remainderOf } from './scope.ts';
import { mirrorsOf, type Table } from './table.ts';
import type { TablesInForce } from './tables-in-force.ts';

/**
 * Reports on each table that a policy entry wants, on those of the baseline that nothing matches, and on those of
 * drop-ins that take pulls away from policies.
 */
export function reportScopes(inForce: TablesInForce, report: Report): void {
  for (const table of inForce.all) {
    const [match, outer] = inForce.matching(table.scope);
    if (match !== undefined && match.scope !== table.scope) {
      reportNeverMatched(table, match, report);
      continue;
    }
    if (table.dropIn !== null) reportNarrowed(table, table.dropIn, outer, report);
    if (table.at === null) continue;
    reportTakeover(table, outer, report);
    reportPorts(table, report);
  }
}

/**
 * The new table takes pulls away from the one that containers/image would have used: mirrors of that one that it does
 * not name serve them no longer.
 */
function reportTakeover(table: Table, outer: Table | undefined, report: Report): void {
  if (table.base !== null || outer === undefined) return;
  const pulls = describeLost(
    forEachKind((kind) => lostMirrors(table, outer, kind)),
    outer,
  );
  if (pulls === null) return;
  report(
    finding(
      'takesOver',
      table.at,
      `${quote(table.scope)} takes over its part of ${quote(outer.scope)}: ${pulls}`,
      `name these mirrors in an entry for ${quote(table.scope)} too, if they should go on serving it`,
    ),
  );
}

/** A table of a drop-in inside a source of policies, whose mirrors it does not name. */
function reportNarrowed(table: Table, dropIn: string, outer: Table | undefined, report: Report): void {
  if (outer?.dropIn !== null) return;
  const pulls = describeLost(
    forEachKind((kind) => lostMirrors(table, outer, kind).filter(({ asker }) => asker !== null)),
    outer,
  );
  if (pulls === null) return;
  report(
    finding(
      'scopeNarrowed',
      wholeFile(dropIn),
      `the drop-in takes ${quote(table.scope)} out of ${quote(outer.scope)}: ${pulls}`,
      `remove that [[registry]] from ${quote(dropIn)}, or write it as a policy`,
    ),
  );
}

/** Which pulls no longer use which mirrors; null where they all do. */
function describeLost(lost: PerKind<readonly DraftMirror[]>, outer: Table): string | null {
  const taken = pullKinds.filter((kind) => lost[kind].length > 0);
  if (taken.length === 0) return null;
  const list = forEachKind((kind) => listOf(lost[kind], outer));
  const pulls =
    list.digest === list.tag
      ? [`by digest and by tag no longer use ${list.digest}`]
      : taken.map((kind) => `by ${kind} no longer use ${list[kind]}`);
  return `pulls ${pulls.join(', those ')}`;
}

/**
 * The mirrors of the kind that served the scope's part of the outer one, as they would be called here. One behind which
 * the port of the scope cannot stand served nothing.
 */
function lostMirrors(table: Table, outer: Table, kind: PullKind): readonly DraftMirror[] {
  const remainder = remainderOf(table.scope, outer.scope);
  const kept = new Set(mirrorsOf(table, kind).map(({ location }) => location));
  return mirrorsOf(outer, kind).flatMap((mirror) => {
    const location = extendLocation(mirror.location, remainder);
    return location === null || kept.has(location) ? [] : [{ ...mirror, location }];
  });
}

/** The mirrors of a table, and who asked for them. */
function listOf(mirrors: readonly DraftMirror[], { dropIn }: Table): string {
  const administrator = dropIn === null ? 'the baseline' : `the drop-in ${quote(dropIn)}`;
  const owners = mirrors.map(({ asker }) =>
    asker === null ? administrator : describeOrigin(asker.rule.origin),
  );
  return `${quoteSome(mirrors.map(({ location }) => location))} of ${[...new Set(owners)].join(' and ')}`;
}

/** At equal length containers/image picks the wildcard, so `b.example.com` never counts beside `*.example.com`. */
function reportNeverMatched(table: Table, winner: Table, report: Report): void {
  // Of others alone, none of which policies have to do with.
  if (table.dropIn !== null && winner.at === null) return;
  // Told as an error: see judgeProtections.
  if (table.closing !== null && !winner.isBlocked) return;
  report(
    finding(
      'wildcardWins',
      table.at ?? winner.at ?? (winner.dropIn === null ? null : wholeFile(winner.dropIn)),
      `${quote(table.scope)} has no effect, since containers/image prefers ${quote(winner.scope)}, which is as long`,
      `name what lies below ${quote(table.scope)}, or change ${quote(winner.scope)}`,
    ),
  );
}

/** A bare host also matches the host with a port, and the port stays behind the mirror. */
function reportPorts(table: Table, report: Report): void {
  // docker.io is a name, not a host: nobody pulls docker.io:PORT/….
  if (table.source === null || !isBareHost(table.scope) || table.scope === 'docker.io') return;
  const locations = pullKinds.flatMap((kind) => table.own[kind]).map(({ location }) => location);
  if (locations.length === 0) return;
  const example = `${table.scope}:PORT/…`;
  const broken = locations.find((location) => !isBareHost(location));
  report(
    broken === undefined
      ? finding(
          'portIsCarriedOver',
          table.at,
          `the source ${quote(table.scope)} also matches ${quote(example)}, whose port is then put behind the mirror's host`,
          'add the port or a path to the source if it should match nothing else',
        )
      : finding(
          'portBreaksPulls',
          table.at,
          `the source ${quote(table.scope)} also matches ${quote(example)}, and every such pull fails, since no port can stand behind the mirror ${quote(broken)}`,
          `make an entry of its own for each ${isWildcard(table.scope) ? 'host and port below' : 'port of'} ${quote(table.scope)} that is in use`,
        ),
  );
}
