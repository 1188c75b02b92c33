// The mirrors of one source, merged from the lists of all its entries.
import type { MirrorRule } from '../policy/rule.ts';
import type { TomlTable } from '../registries/model.ts';
import type { Origin, Place } from '../origin.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { forEachKind, type PerKind } from './kind.ts';
import { orderMirrors, type MirrorOrder } from './order.ts';
import { describeOrigin, uniteOrigins } from './origins.ts';
import { comparePlaces, placeOf, type Report } from './report.ts';
import type { OrderedList, Source } from './source.ts';

/** A mirror on its way into a table; `at` is the first place that names it, null where the administrator wrote it. */
export interface DraftMirror {
  readonly location: string;
  readonly isInsecure: boolean;
  readonly origins: readonly Origin[];
  readonly extra: TomlTable;
  readonly at: Place | null;
}

/** Merges the lists of each kind; what the entries disagree on is reported once where both kinds have the same lists. */
export function mergeMirrors(source: Source, report: Report): PerKind<readonly DraftMirror[]> {
  const { digest, tag } = source.lists;
  const digestMirrors = mergeLists(source.scope, digest, report);
  const isSame = digest.length === tag.length && digest.every((list, i) => isSameList(list, tag[i]));
  return { digest: digestMirrors, tag: isSame ? digestMirrors : mergeLists(source.scope, tag, report) };
}

/** No mirrors of either kind. */
export function noMirrors(): PerKind<readonly DraftMirror[]> {
  return forEachKind(() => []);
}

function isSameList(a: OrderedList, b: OrderedList | undefined): boolean {
  return a.rule === b?.rule && a.mirrors.length === b.mirrors.length;
}

function mergeLists(source: string, lists: readonly OrderedList[], report: Report): readonly DraftMirror[] {
  const order = orderMirrors(
    source,
    lists.map(({ mirrors }) => mirrors.map(({ location }) => location)),
  );
  const askers = collectAskers(lists);
  reportConflicts(source, lists, order, report);
  reportTies(source, askers, order, report);
  reportLateSource(source, lists, order, report);
  return order.mirrors.map((location) => {
    const asking = askers.get(location) ?? [];
    return {
      location,
      isInsecure: false,
      origins: uniteOrigins(...asking.map(({ rule }) => [rule.origin])),
      extra: {},
      at: asking[0]?.at ?? null,
    };
  });
}

interface Asker {
  readonly rule: MirrorRule;
  readonly at: Place;
}

/** Which entries ask for each mirror, by place. */
function collectAskers(lists: readonly OrderedList[]): ReadonlyMap<string, readonly Asker[]> {
  const askers = new Map<string, Asker[]>();
  const byPlace =
    lists.length < 2 ? lists : [...lists].sort((a, b) => comparePlaces(placeOf(a.rule), placeOf(b.rule)));
  for (const { rule, mirrors } of byPlace) {
    for (const mirror of mirrors) {
      const asker = { rule, at: placeOf(rule, mirror) };
      const known = askers.get(mirror.location);
      if (known === undefined) askers.set(mirror.location, [asker]);
      else known.push(asker);
    }
  }
  return askers;
}

/** Once per list that had to give way. */
function reportConflicts(
  source: string,
  lists: readonly OrderedList[],
  { conflicts, mirrors }: MirrorOrder,
  report: Report,
): void {
  const reported = new Set<number>();
  for (const { list, against } of conflicts) {
    const loser = lists[list]?.rule;
    const winner = lists[against]?.rule;
    if (loser === undefined || winner === undefined || reported.has(list)) continue;
    reported.add(list);
    report(
      finding(
        'conflictingOrder',
        placeOf(loser),
        `${describeOrigin(winner.origin)} and ${describeOrigin(loser.origin)} order the mirrors of ${quote(source)} differently; the order is ${listOf(mirrors)}`,
        'Name the mirrors of the source in the same order everywhere',
      ),
    );
  }
}

/** Once per source: two neighbours that come from different files and that no list puts in order. */
function reportTies(
  source: string,
  askers: ReadonlyMap<string, readonly Asker[]>,
  { ties, conflicts, mirrors }: MirrorOrder,
  report: Report,
): void {
  if (conflicts.length > 0) return;
  for (const [first, second] of ties) {
    const a = askers.get(first)?.[0];
    const b = askers.get(second)?.find(({ rule }) => rule.origin.file !== a?.rule.origin.file);
    if (a === undefined || b === undefined) continue;
    report(
      finding(
        'alphabeticalOrder',
        b.at,
        `only the alphabet orders ${quote(first)} of ${describeOrigin(a.rule.origin)} and ${quote(second)} of ${describeOrigin(b.rule.origin)} for ${quote(source)}; the order is ${listOf(mirrors)}`,
        'If the order matters, name both mirrors in one list',
      ),
    );
    return;
  }
}

/** Once per source: a list puts the source first, and yet a mirror goes before it. */
function reportLateSource(
  source: string,
  lists: readonly OrderedList[],
  { mirrors }: MirrorOrder,
  report: Report,
): void {
  if (mirrors[0] === source || mirrors.length === 0) return;
  const list = lists.find((candidate) => candidate.mirrors[0]?.location === source);
  if (list === undefined) return;
  report(
    finding(
      'mirrorBeforeSource',
      placeOf(list.rule, list.mirrors[0]),
      `${describeOrigin(list.rule.origin)} puts the source ${quote(source)} first, but other entries put mirrors before it; the order is ${listOf(mirrors)}`,
      'Name the source first in every list for it, or in none',
    ),
  );
}

function listOf(mirrors: readonly string[]): string {
  return mirrors.map(quote).join(', ');
}
