// What an operator should know about how lists of one source were merged.
import type { MirrorRule, RuleMirror } from '../policy/rule.ts';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import type { MirrorOrder } from './order.ts';
import { describeOrigin, quoteSome } from './origins.ts';
import { placeOf, type Report } from './report.ts';
import type { OrderedList } from './source.ts';

/** Nobody reads on, and ten thousand entries can contradict each other. */
const maxConflicts = 20;

/** An entry that names a mirror. */
export interface Asker {
  readonly rule: MirrorRule;
  readonly mirror: RuleMirror;
}

/** Lists of one source, and the order that came of them. */
export interface Merge {
  readonly source: string;
  readonly lists: readonly OrderedList[];
  /** Who names each mirror, by place. */
  readonly askers: ReadonlyMap<string, readonly Asker[]>;
  readonly order: MirrorOrder;
}

/** Reports contradictions, what only the alphabet decided, and a source that comes later than somebody wants. */
export function reportOrder(merge: Merge, report: Report): void {
  reportConflicts(merge, report);
  reportTies(merge, report);
  reportLateSource(merge, report);
}

/** Once per list that had to give way, of the first such lists: correcting those changes the order for the others. */
function reportConflicts({ source, lists, order }: Merge, report: Report): void {
  const { conflicts, mirrors } = order;
  const reported = new Set<number>();
  for (const { list, against } of conflicts) {
    const loser = lists[list]?.rule;
    const winner = lists[against]?.rule;
    if (loser === undefined || winner === undefined || reported.has(list)) continue;
    if (reported.size === maxConflicts) return;
    reported.add(list);
    report(
      finding(
        'conflictingOrder',
        placeOf(loser),
        `${describeOrigin(winner.origin)} and ${describeOrigin(loser.origin)} order the mirrors of ${quote(source)} differently; the order is ${quoteSome(mirrors)}`,
        'name the mirrors of the source in the same order everywhere',
      ),
    );
  }
}

/** Once per source: two neighbours that come from different files and that no list puts in order. */
function reportTies({ source, askers, order }: Merge, report: Report): void {
  const { ties, conflicts, mirrors } = order;
  if (conflicts.length > 0) return;
  for (const [first, second] of ties) {
    const pair = differentFiles(askers.get(first) ?? [], askers.get(second) ?? []);
    if (pair === null) continue;
    const [a, b] = pair;
    report(
      finding(
        'alphabeticalOrder',
        placeOf(b.rule, b.mirror),
        `only the alphabet orders ${quote(first)} of ${describeOrigin(a.rule.origin)} and ${quote(second)} of ${describeOrigin(b.rule.origin)} for ${quote(source)}; the order is ${quoteSome(mirrors)}`,
        'name both mirrors in one list if the order matters',
      ),
    );
    return;
  }
}

/** The first two entries of the groups that stand in different files. */
function differentFiles(some: readonly Asker[], others: readonly Asker[]): readonly [Asker, Asker] | null {
  for (const a of some) {
    const b = others.find(({ rule }) => rule.origin.file !== a.rule.origin.file);
    if (b !== undefined) return [a, b];
  }
  return null;
}

/** Once per source: a list puts the source first, and yet a mirror goes before it. */
function reportLateSource({ source, lists, order: { mirrors } }: Merge, report: Report): void {
  if (mirrors[0] === source) return;
  const list = lists.find((candidate) => candidate.mirrors[0]?.location === source);
  if (list === undefined) return;
  report(
    finding(
      'mirrorBeforeSource',
      placeOf(list.rule, list.mirrors[0]),
      `${describeOrigin(list.rule.origin)} puts the source ${quote(source)} first, but other entries put mirrors before it; the order is ${quoteSome(mirrors)}`,
      'name the source first in every list for it, or in none',
    ),
  );
}
