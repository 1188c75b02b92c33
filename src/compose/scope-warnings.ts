// What an operator should know about how containers/image will match the finished tables.
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { kinds, type Kind } from './kind.ts';
import { describeOrigin } from './origins.ts';
import type { Report } from './report.ts';
import { extendLocation, isBareHost, isNested, remainderOf } from './scope.ts';
import { hasKind, isRemapped, mirrorsOf, type Table } from './table.ts';
import type { Tables } from './tables.ts';

/** Reports on each table that a policy entry wants. */
export function reportScopes(tables: Tables, report: Report): void {
  for (const table of tables.all) {
    if (table.at === null) continue;
    const [match, ...broader] = tables.matching(table.scope);
    if (match !== undefined && match.scope !== table.scope) {
      reportNeverMatched(table, match, report);
      continue;
    }
    reportTakeover(table, broader, report);
    reportPorts(table, report);
    reportBlockedInVain(table, tables, report);
  }
}

/** A new scope with mirrors of its own ends the service of the mirrors of a broader source, where it has some of that kind. */
function reportTakeover(table: Table, broader: readonly Table[], report: Report): void {
  if (table.base !== null) return;
  const outer = broader.find((candidate) => kinds.some((kind) => isTakenOver(table, candidate, kind)));
  if (outer === undefined) return;
  const taken = kinds.filter((kind) => isTakenOver(table, outer, kind));
  const what = taken.length === kinds.length ? 'mirrors' : `${taken.join()} mirrors`;
  const owner = taken.flatMap((kind) => outer.source?.lists[kind] ?? [])[0]?.rule;
  report(
    finding(
      'takesOver',
      table.at,
      `${quote(table.scope)} takes over its part of ${quote(outer.scope)}, whose ${what} (${owner === undefined ? 'of the baseline' : describeOrigin(owner.origin)}) no longer serve it`,
      'name those mirrors here too, with the rest of the path behind them, if they should serve this scope',
    ),
  );
}

/** Mirrors go down to nested scopes that have none of the kind; a port is not nested, though containers/image would have matched it. */
function isTakenOver(table: Table, outer: Table, kind: Kind): boolean {
  if (!hasKind(outer, kind)) return false;
  if (!hasKind(table, kind)) return !isNested(table.scope, outer.scope);
  const remainder = remainderOf(table.scope, outer.scope);
  const locations = new Set(mirrorsOf(table, kind).map(({ location }) => location));
  return mirrorsOf(outer, kind).some(
    ({ location }) => !locations.has(extendLocation(location, remainder) ?? location),
  );
}

/** At equal length containers/image picks the wildcard, so `b.example.com` never counts beside `*.example.com`. */
function reportNeverMatched(table: Table, winner: Table, report: Report): void {
  report(
    finding(
      'wildcardWins',
      table.at,
      `${quote(table.scope)} has no effect, since containers/image prefers ${quote(winner.scope)}, which is as long`,
      `name what lies below ${quote(table.scope)}, or change ${quote(winner.scope)}`,
    ),
  );
}

/** A bare host also matches the host with a port, and the port stays behind the mirror. */
function reportPorts(table: Table, report: Report): void {
  // docker.io is a name, not a host: nobody pulls docker.io:PORT/….
  if (table.source === null || !isBareHost(table.scope) || table.scope === 'docker.io') return;
  const locations = kinds.flatMap((kind) => table.own[kind]).map(({ location }) => location);
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
          `make an entry of its own for each ${table.scope.startsWith('*.') ? 'host and port below' : 'port of'} ${quote(table.scope)} that is in use`,
        ),
  );
}

/** blocked refuses a name, not a table: where the baseline sends pulls elsewhere, that other name must be blocked. */
function reportBlockedInVain(table: Table, tables: Tables, report: Report): void {
  if (!table.isBlocked || !isRemapped(table) || tables.matching(table.location)[0]?.isBlocked === true)
    return;
  report(
    finding(
      'blockedInVain',
      table.at,
      `${quote(table.scope)} is blocked, but the baseline sends its pulls to ${quote(table.location)}, which is not`,
      `block ${quote(table.location)} as well`,
    ),
  );
}
