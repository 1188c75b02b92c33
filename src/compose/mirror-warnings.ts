// What an operator should know about the mirrors of the finished tables.
import { pullKinds } from '../registries/model.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { placeOfMirror } from './mirrors.ts';
import type { Report } from './report.ts';
import { ScopeIndex } from './scope-index.ts';
import type { Source } from './source.ts';
import { addedMirrors, mirrorsOf, type Table } from './table.ts';
import type { Tables } from './tables.ts';
import type { TablesInForce } from './tables-in-force.ts';

/** Each mirror that does not answer adds its time-out to every failing pull. */
const manyMirrors = 8;

/** Reports on each table that policies have to do with. What is blocked, drop-ins may decide as well. */
export function reportMirrors(tables: Tables, inForce: TablesInForce, report: Report): void {
  const blocked = new ScopeIndex(
    new Map(inForce.all.filter(({ isBlocked }) => isBlocked).map((table) => [table.scope, table])),
  );
  const isAnyBlocked = inForce.all.some(({ isBlocked }) => isBlocked);
  for (const table of tables.all) {
    if (isAnyBlocked && inForce.get(table.scope) === table) {
      reportBlockedMirrors(table, inForce, blocked, report);
    }
    const { source } = table;
    if (source === null) continue;
    reportManyMirrors(table, source, report);
    reportMovingTags(table, report);
    reportUnservedPulls(table, source, report);
  }
}

/**
 * A mirror's own name is looked up again, and refused where a blocked table matches it (registries-conf:
 * docker_client).
 */
function reportBlockedMirrors(
  table: Table,
  inForce: TablesInForce,
  blocked: ScopeIndex<Table>,
  report: Report,
): void {
  const reported = new Set<string>();
  for (const mirror of pullKinds.flatMap((kind) => addedMirrors(table, kind))) {
    const { location } = mirror;
    if (reported.has(location) || blocked.matching(location).length === 0) continue;
    const [picked] = inForce.matching(location);
    if (picked?.isBlocked !== true) continue;
    reported.add(location);
    const by = picked.dropIn === null ? 'is blocked' : `the drop-in ${quote(picked.dropIn)} blocks`;
    report(
      finding(
        'mirrorIsBlocked',
        placeOfMirror(mirror) ?? table.at,
        `the mirror ${quote(location)} of ${quote(table.scope)} lies in ${quote(picked.scope)}, which ${by}, so its pulls fail`,
        'remove the mirror, or unblock its scope',
      ),
    );
  }
}

/** Where one entry alone has too many, the policy file's own findings say so. */
function reportManyMirrors(table: Table, { rules }: Source, report: Report): void {
  const count = Math.max(mirrorsOf(table, 'digest').length, mirrorsOf(table, 'tag').length);
  if (count <= manyMirrors || rules.some(({ mirrors }) => mirrors.length > manyMirrors)) return;
  report(
    finding(
      'manyMirrorsTogether',
      table.at,
      `the entries for ${quote(table.scope)} add up to ${count} mirrors; each adds its time-out to every pull that fails`,
      'remove mirrors that are no longer in use',
    ),
  );
}

function reportMovingTags(table: Table, report: Report): void {
  if (table.own.tag.length === 0) return;
  const count = mirrorsOf(table, 'tag').length + (table.isBlocked ? 0 : 1);
  if (count < 2) return;
  report(
    finding(
      'tagsMustNotMove',
      table.at,
      `tags of ${quote(table.scope)} are pulled from whichever of ${count} places answers first`,
      'see to it that a tag means the same image in all of them: never move a tag',
    ),
  );
}

/** The flag is per source, not per kind of pull: without mirrors for a kind, its pulls have nowhere to go. */
function reportUnservedPulls(table: Table, source: Source, report: Report): void {
  if (source.never.length === 0) return;
  for (const kind of pullKinds) {
    if (mirrorsOf(table, kind).length > 0) continue;
    const reason = source.isRefused[kind]
      ? '[content] hosts in icspd.conf refuses the mirrors for them'
      : 'no mirror serves them';
    const remedy = source.isRefused[kind]
      ? 'allow the mirrors by [content] hosts in icspd.conf'
      : `add an ${kind === 'tag' ? 'ImageTagMirrorSet' : 'ImageDigestMirrorSet'} for the source`;
    report(
      finding(
        'neverLeavesPullsUnserved',
        table.at,
        `pulls of ${quote(table.scope)} by ${kind} will fail, since NeverContactSource blocks the source and ${reason}`,
        `${remedy}, or remove NeverContactSource`,
      ),
    );
  }
}
