// Tables that share a location must agree on insecure and blocked: CRI-O refuses a file in which they do not.
import { trimLocation } from '../registries/location.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import type { Report } from './report.ts';
import { closeTable, isRemapped, type Table } from './table.ts';

/**
 * Makes tables with the same location agree (sysregistriesv2: "defined multiple times with conflicting setting").
 * Protection wins: if one is blocked, all are; where one is not insecure, none is, unless the administrator's own table
 * says so.
 */
export function settleSharedLocations(tables: readonly Table[], report: Report): void {
  for (const [location, group] of sharedLocations(tables)) {
    agreeOnBlocked(location, group, report);
    agreeOnInsecure(location, group, report);
  }
}

/** The locations (prefixes where there are none) that several tables have. Tables of policies alone have each their own. */
function sharedLocations(tables: readonly Table[]): ReadonlyMap<string, readonly Table[]> {
  if (tables.every((table) => table.base === null && !isRemapped(table))) return new Map();
  const firsts = new Map<string, Table>();
  const groups = new Map<string, Table[]>();
  for (const table of tables) {
    const location = trimLocation(table.location === '' ? table.prefix : table.location);
    const first = firsts.get(location);
    const group = groups.get(location);
    if (first === undefined) firsts.set(location, table);
    else if (group === undefined) groups.set(location, [first, table]);
    else group.push(table);
  }
  return groups;
}

function agreeOnBlocked(location: string, group: readonly Table[], report: Report): void {
  const blocked = group.find(({ isBlocked }) => isBlocked);
  if (blocked === undefined) return;
  for (const table of group) {
    if (table.isBlocked) continue;
    // Nobody asked for it: it comes with the other.
    closeTable(table, null, blocked.origins);
    if (table.scope === blocked.scope) continue;
    report(
      finding(
        'sharedLocationBlocked',
        blocked.at ?? table.at,
        `${quote(table.scope)} is blocked as well, since it has the location ${quote(location)} of ${quote(blocked.scope)}, which is blocked`,
        'give the tables of the baseline different locations, or block neither',
      ),
    );
  }
}

function agreeOnInsecure(location: string, group: readonly Table[], report: Report): void {
  const secure = group.find(({ isInsecure }) => !isInsecure);
  const insecure = group.filter(({ isInsecure }) => isInsecure);
  if (secure === undefined || insecure.length === 0) return;
  const isInsecure = group.find(({ base }) => base !== null)?.base?.insecure ?? false;
  for (const table of group) {
    if (table.isInsecure === isInsecure) continue;
    table.isInsecure = isInsecure;
    if (isInsecure) continue;
    report(
      finding(
        'sharedLocationInsecure',
        table.at ?? secure.at,
        `${quote(table.scope)} cannot be insecure, since it has the location ${quote(location)} of ${quote(secure.scope)}, which is not`,
        'list both scopes in insecureRegistries, or neither',
      ),
    );
  }
}
