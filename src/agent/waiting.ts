// What waits for an order, and for which: the same words in status, in the answer of a command and in the audit trail. PURE.
import { FINDINGS, type Finding } from '../finding.ts';
import type { Change } from '../registries/compare.ts';
import type { Plan } from './plan.ts';

/** In the order in which they stop a change. */
const reasons: readonly string[] = [FINDINGS.observing.id, FINDINGS.removalWaits.id, FINDINGS.riskyParked.id];

/** Why changes wait; null where none does, or where they wait for nobody's order. */
export function findWhyWaiting({ findings }: Pick<Plan, 'findings'>): Finding | null {
  for (const id of reasons) {
    const found = findings.find((finding) => finding.id === id);
    if (found !== undefined) return found;
  }
  return null;
}

/** What is not made yet: changes that nobody made so far, and those that `apply = "safe"` leaves to the command. */
export function listWaiting({ step, changes, parked }: Plan): readonly Change[] {
  return [...(step.kind === 'none' ? [] : changes), ...parked];
}
