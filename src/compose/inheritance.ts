// Mirrors that a table takes from the tables around it: containers/image uses the most specific table only and inherits
// nothing.
import { pullKinds, type PullKind } from '../registries/model.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { placeOfMirror, type DraftMirror } from './mirrors.ts';
import { describeOrigin } from './origins.ts';
import { placeOf, type Report } from './report.ts';
import { extendLocation, remainderOf } from './scope.ts';
import { closeTable, hasKind, mirrorsOf, type Table } from './table.ts';
import type { Tables } from './tables.ts';

/** No image name may be longer (docker/reference); one mirror location beyond it breaks every pull of the table. */
const maxNameLength = 255;

/**
 * Lets each table that has no mirrors of a kind inherit that kind from the most specific table around it that has it,
 * and NeverContactSource with it. Reads what stood before any inheritance. What the administrator's tables say about
 * each other stays as it is: they inherit only mirrors of policies.
 */
export function inheritMirrors(tables: Tables, report: Report): void {
  for (const table of tables.all) {
    if (tables.get(table.scope) !== table) continue;
    const around = tables.around(table.scope);
    if (around.length === 0) continue;
    const givers = new Set<Table>();
    const inherited: Record<PullKind, readonly DraftMirror[]> = { digest: [], tag: [] };
    for (const kind of pullKinds) {
      if (hasKind(table, kind)) continue;
      const giver = findGiver(kind, around, givers);
      if (giver === undefined) continue;
      const mirrors = mirrorsFor(table, giver, kind);
      if (mirrors.length === 0) continue;
      givers.add(giver);
      inherited[kind] = mirrors.flatMap((mirror) => move(mirror, giver, table, report));
    }
    table.inherited = inherited;
    takeNever(table, givers, report);
  }
}

/**
 * Sources on the way whose mirrors of the kind [content] hosts refused keep their NeverContactSource below them:
 * closed, not open.
 */
function findGiver(kind: PullKind, around: readonly Table[], closed: Set<Table>): Table | undefined {
  for (const outer of around) {
    if (hasKind(outer, kind)) return outer;
    if (outer.source?.isRefused[kind] === true) closed.add(outer);
  }
  return undefined;
}

/**
 * An administrator who said mirror-by-digest-only gets no mirrors for tags. What is carried over can have mirrors of his,
 * too, which it once inherited.
 */
function mirrorsFor({ base }: Table, giver: Table, kind: PullKind): readonly DraftMirror[] {
  if (base === null) return mirrorsOf(giver, kind);
  if (base.mirrorByDigestOnly && kind === 'tag') return [];
  return giver.own[kind].filter(({ origins }) => origins.length > 0);
}

/** The mirror with the rest of the scope behind it, or nothing where that makes no valid location. */
function move(mirror: DraftMirror, giver: Table, table: Table, report: Report): readonly DraftMirror[] {
  const location = extendLocation(mirror.location, remainderOf(table.scope, giver.scope));
  if (location !== null && location.length <= maxNameLength) return [{ ...mirror, location }];
  const reason =
    location === null ? 'a port can only follow a bare host' : `it would exceed ${maxNameLength} characters`;
  report(
    finding(
      'mirrorNotInheritable',
      placeOfMirror(mirror) ?? table.at,
      `${quote(table.scope)} cannot inherit the mirror ${quote(mirror.location)} of ${quote(giver.scope)}: ${reason}`,
      `name the mirrors of ${quote(table.scope)} in an entry of its own`,
    ),
  );
  return [];
}

/** Mirrors come with the promise that the source behind them is never contacted. */
function takeNever(table: Table, givers: ReadonlySet<Table>, report: Report): void {
  for (const { scope, source } of givers) {
    const nevers = source?.never ?? [];
    const [never] = nevers;
    if (never === undefined) continue;
    closeTable(
      table,
      { wish: 'never', at: placeOf(never) },
      nevers.map(({ origin }) => origin),
    );
    const [own] = table.source?.never.length === 0 ? table.source.rules : [];
    if (own === undefined) continue;
    report(
      finding(
        'neverInherited',
        placeOf(own),
        `${quote(table.scope)} inherits mirrors of ${quote(scope)} and with them NeverContactSource of ${describeOrigin(never.origin)}, which this entry does not say`,
        'say NeverContactSource here as well, or name mirrors for both digest and tag pulls',
      ),
    );
  }
}

/** Reports each source that may be contacted inside one that must not be: it has mirrors of its own. */
export function reportNeverNotTaken(tables: Tables, report: Report): void {
  if (!tables.all.some(({ source }) => source !== null && source.never.length > 0)) return;
  for (const table of tables.all) reportContact(table, tables, report);
}

function reportContact(table: Table, tables: Tables, report: Report): void {
  if (table.isBlocked || (table.source === null && table.base === null)) return;
  const [outer] = tables
    .around(table.scope)
    .flatMap(({ scope, source }) => (source?.never ?? []).map((never) => ({ scope, never })));
  if (outer === undefined) return;
  const { scope, never } = outer;
  const own = table.source?.rules[0];
  const says = `${describeOrigin(never.origin)} says NeverContactSource for ${quote(scope)} around it`;
  report(
    own === undefined
      ? finding(
          'neverNotInherited',
          placeOf(never),
          `${quote(table.scope)} may be contacted, though ${says}: the baseline has a table of its own for it`,
          'write blocked = true into that table if it must not be contacted either',
        )
      : finding(
          'neverNotInherited',
          placeOf(own),
          `${quote(table.scope)} may be contacted, though ${says}`,
          'say NeverContactSource here as well if this source must not be contacted either',
        ),
  );
}
