// Which of two entries prevails where they contradict each other. Neither file nor document order has a say.
import type { MirrorRule } from '../policy/rule.ts';
import { compareBytes } from '../byte-order.ts';
import { comparePlaces, placeOf } from './report.ts';

/**
 * Orders rules, the one that prevails first: objects of operator.openshift.io before those of config.openshift.io —
 * what an old object provides is honoured for as long as it exists — then object name, kind, apiVersion, index in the
 * list, and the mirrors themselves, by byte. Rules that are equal in all of that want the same; their place decides, so
 * that the result is one order.
 */
export function comparePrecedence(a: MirrorRule, b: MirrorRule): number {
  return (
    groupRank(a) - groupRank(b) ||
    compareBytes(a.rank.name, b.rank.name) ||
    compareBytes(a.rank.kind, b.rank.kind) ||
    compareBytes(a.rank.apiVersion, b.rank.apiVersion) ||
    a.rank.index - b.rank.index ||
    compareLists(a, b) ||
    comparePlaces(placeOf(a), placeOf(b))
  );
}

function groupRank({ rank }: MirrorRule): number {
  return rank.group === 'operator.openshift.io' ? 0 : 1;
}

function compareLists(a: MirrorRule, b: MirrorRule): number {
  for (const [i, { location }] of a.mirrors.entries()) {
    const other = b.mirrors[i];
    if (other === undefined) return 1;
    const difference = compareBytes(location, other.location);
    if (difference !== 0) return difference;
  }
  return a.mirrors.length - b.mirrors.length;
}
