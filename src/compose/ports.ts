// New scopes with a port: without them, containers/image would have matched their images to the host, and refused them
// where that is blocked.
import { quote } from '../escape.ts';
import { finding } from '../finding.ts';
import type { Report } from './report.ts';
import { isNested } from './scope.ts';
import { closeTable, type Table } from './table.ts';
import type { Tables } from './tables.ts';

/**
 * Blocks each new table with a port whose host is blocked, by an Image or by NeverContactSource. runtime-utils does
 * not: to it a port makes another registry. Of a table that the administrator has for the port he has decided himself.
 */
export function blockPorts(tables: Tables, report: Report): void {
  if (!tables.all.some(({ isBlocked }) => isBlocked)) return;
  for (const table of tables.all) {
    if (table.base !== null || table.isBlocked || !table.scope.includes(':')) continue;
    const host = hostBehind(table, tables);
    if (host?.isBlocked !== true) continue;
    closeTable(table, host.closing, host.origins);
    report(
      finding(
        'blockedWithHost',
        table.at,
        `${quote(table.scope)} is blocked, since ${quote(host.scope)} is, which its images would belong to without this entry`,
        `unblock ${quote(host.scope)}, or remove what names ${quote(table.scope)}`,
      ),
    );
  }
}

/** The table that the images of a scope would belong to if there were none for the port. */
function hostBehind(table: Table, tables: Tables): Table | null {
  // One of them is the table itself, which is nested in itself and is none of the administrator's.
  for (const outer of tables.matching(table.scope)) {
    if (!isNested(table.scope, outer.scope)) return outer;
    if (outer.base !== null) return null;
  }
  return null;
}
