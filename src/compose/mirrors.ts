// The mirrors of one source, merged from the lists of all its entries.
import type { TomlTable } from '../registries/model.ts';
import type { Origin, Place } from '../origin.ts';
import type { PerKind } from './kind.ts';
import { orderMirrors } from './order.ts';
import { reportOrder, type Asker } from './order-warnings.ts';
import { uniteOrigins } from './origins.ts';
import { comparePlaces, placeOf, type Report } from './report.ts';
import type { OrderedList, Source } from './source.ts';

/** A mirror on its way into a table. `asker` is the first entry that names it, null where the administrator wrote it. */
export interface DraftMirror {
  readonly location: string;
  readonly isInsecure: boolean;
  readonly origins: readonly Origin[];
  readonly extra: TomlTable;
  readonly asker: Asker | null;
}

/** Where a policy names the mirror first. */
export function placeOfMirror({ asker }: DraftMirror): Place | null {
  return asker === null ? null : placeOf(asker.rule, asker.mirror);
}

/** One object for all, so that mirrors compare by identity. */
export const noKeys: TomlTable = {};

/** Unknown keys of a mirror that was written down, by identity where there are none. */
export function extraOf(extra: TomlTable): TomlTable {
  return Object.keys(extra).length === 0 ? noKeys : extra;
}

/**
 * Merges the lists of each kind; what the entries disagree on is reported once where both kinds have the same lists.
 */
export function mergeMirrors(source: Source, report: Report): PerKind<readonly DraftMirror[]> {
  const { digest, tag } = source.lists;
  const digestMirrors = mergeLists(source.scope, digest, report);
  const isSame = digest.length === tag.length && digest.every((list, i) => isSameList(list, tag[i]));
  return { digest: digestMirrors, tag: isSame ? digestMirrors : mergeLists(source.scope, tag, report) };
}

/** No mirrors of either kind. */
export const noMirrors: PerKind<readonly DraftMirror[]> = { digest: [], tag: [] };

function isSameList(a: OrderedList, b: OrderedList | undefined): boolean {
  return a.rule === b?.rule && a.mirrors.length === b.mirrors.length;
}

function mergeLists(source: string, lists: readonly OrderedList[], report: Report): readonly DraftMirror[] {
  const [only] = lists;
  if (only === undefined) return noMirrors.digest;
  if (lists.length === 1) return draftList(source, only);
  const order = orderMirrors(
    source,
    lists.map(({ mirrors }) => mirrors.map(({ location }) => location)),
  );
  const askers = collectAskers(lists);
  reportOrder({ source, lists, askers, order }, report);
  return order.mirrors.map((location) => {
    const asking = askers.get(location) ?? [];
    return {
      location,
      isInsecure: false,
      origins: uniteOrigins(asking.map(originOf)),
      extra: noKeys,
      asker: asking[0] ?? null,
    };
  });
}

/** The one list of a source: its own order, without a source at its end, which is tried last anyway. */
function draftList(source: string, { rule, mirrors }: OrderedList): readonly DraftMirror[] {
  const listed = mirrors.at(-1)?.location === source ? mirrors.slice(0, -1) : mirrors;
  return listed.map((mirror) => {
    const asker = { rule, mirror };
    const origins = [originOf(asker)];
    return { location: mirror.location, isInsecure: false, origins, extra: noKeys, asker };
  });
}

/** The mirror's own line, not that of its entry. */
function originOf({ rule, mirror }: Asker): Origin {
  const { file, kind, name } = rule.origin;
  return { file, line: mirror.line, kind, name };
}

/** Which entries ask for each mirror, by place. */
function collectAskers(lists: readonly OrderedList[]): ReadonlyMap<string, readonly Asker[]> {
  const askers = new Map<string, Asker[]>();
  const byPlace = [...lists].sort((a, b) => comparePlaces(placeOf(a.rule), placeOf(b.rule)));
  for (const { rule, mirrors } of byPlace) {
    for (const mirror of mirrors) {
      const known = askers.get(mirror.location);
      if (known === undefined) askers.set(mirror.location, [{ rule, mirror }]);
      else known.push({ rule, mirror });
    }
  }
  return askers;
}
