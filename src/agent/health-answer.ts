// How the node is, in a word and a sentence: the first line of icspd status, and of the status that is published. PURE.
import { FINDINGS, isOfPolicies, type Finding } from '../finding.ts';
import { findUnprotected, findUnstartable } from './health.ts';
import type { Plan } from './plan.ts';
import type { TargetState } from './ports.ts';
import type { GenerationRecord } from './record.ts';
import { findWhyWaiting, listWaiting } from './waiting.ts';

export interface Answer {
  readonly health: 'healthy' | 'attention' | 'unprotected' | 'not running';
  readonly why: string;
}

/** What the answer rests on. */
export interface Standing {
  readonly findings: readonly Finding[];
  /** registries.conf as it stands; null where it is icspd's own of right now. */
  readonly target: TargetState | null;
  /** What there is to do; null where it is done, or not known. */
  readonly plan: Plan | null;
  /** The generation in force; null before the first. */
  readonly current: Pick<GenerationRecord, 'number' | 'outcome' | 'proof'> | null;
  /** ActiveState of CRI-O's unit; null where it is not known. */
  readonly crioState: string | null;
  readonly reloadUnit: string;
  readonly isDaemonMissing: boolean;
}

/**
 * The worst there is, and what to do about it. Unprotected comes first: a node that would not start CRI-O is worse than a dead
 * daemon.
 * @param wordsOf what is told of a finding
 */
export function answer(standing: Standing, wordsOf: (finding: Finding) => string): Answer {
  const { findings, target, plan, isDaemonMissing } = standing;
  const errors = findings.filter(({ severity }) => severity === 'error');
  const worst = findUnstartable(target, errors) ?? findUnprotected(errors);
  if (worst !== null) return { health: 'unprotected', why: describeErrors([worst], errors.length, wordsOf) };
  if (isDaemonMissing)
    return { health: 'not running', why: 'nobody follows the policies; systemctl start icspd' };
  if (errors.length > 0) {
    const why = describeErrors(errors.toSorted(byWeight), errors.length, wordsOf);
    return { health: 'attention', why };
  }
  const waiting = plan === null ? null : describeWaiting(plan);
  if (waiting !== null) return { health: 'attention', why: waiting };
  return answerForGeneration(standing);
}

function answerForGeneration({ current, crioState, reloadUnit }: Standing): Answer {
  if (current === null) return { health: 'healthy', why: 'nothing applied yet' };
  const generation = `generation ${current.number}`;
  if (current.proof === 'pending') {
    const crio = crioState === null ? '' : `, which is ${crioState}`;
    return {
      health: 'attention',
      why: `${generation} waits for CRI-O${crio}; systemctl status ${reloadUnit}`,
    };
  }
  if (current.outcome === 'degraded') {
    return {
      health: 'attention',
      why: `CRI-O was not seen to load ${generation}; journalctl -u ${reloadUnit}`,
    };
  }
  return { health: 'healthy', why: `${generation} in force` };
}

/** The first error with its file, so that the line can be acted on. */
export function describeErrors(
  [first]: readonly Finding[],
  count: number,
  wordsOf: (finding: Finding) => string,
): string {
  if (first === undefined) return '';
  const place = [first.file, first.line].filter((part) => part !== null).join(':');
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  return `${wordsOf(first)}${place === '' ? '' : `, ${place}`}${more}`;
}

/** What is wrong with the node comes before a policy file, whose last good content stays in force: see the families of ids. */
function byWeight(one: Finding, other: Finding): number {
  return Number(isOfPolicies(one)) - Number(isOfPolicies(other));
}

/** Why changes wait, and what ends the waiting. */
const orders: ReadonlyMap<string, string> = new Map([
  [FINDINGS.observing.id, 'since apply = "observe"; icspd diff'],
  [FINDINGS.removalWaits.id, 'since most sources would go; icspd diff, then icspd apply --allow-removal'],
  [FINDINGS.riskyParked.id, 'since apply = "safe"; icspd diff, then icspd apply'],
]);

/** Null if nothing waits. */
function describeWaiting(plan: Plan): string | null {
  const count = listWaiting(plan).length;
  if (plan.step.kind === 'none' && count === 0) return null;
  const order = orders.get(findWhyWaiting(plan)?.id ?? '');
  if (order === undefined) return 'changes wait to be applied; icspd apply';
  return `${count === 1 ? '1 change waits' : `${count} changes wait`}, ${order}`;
}
