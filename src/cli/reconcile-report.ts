// What apply, restore and resume say about the reconcile that they made.
import { describeHeld } from '../agent/pin-choice.ts';
import type { Observation } from '../agent/observation.ts';
import type { GenerationRecord, Outcome, Pin } from '../agent/record.ts';
import type { Reconciliation } from '../agent/reconciliation.ts';
import { findWhyWaiting } from '../agent/waiting.ts';
import { escape } from '../escape.ts';
import { FINDINGS, isOfPolicies, titleOf, type Finding } from '../finding.ts';
import { jsonFindings, paint, type Output } from './output.ts';
import { timeOf } from './record-words.ts';

const sentences: Readonly<Record<Outcome, string>> = {
  applied: 'applied',
  unchanged: 'unchanged: registries.conf is as the policies say',
  parked: 'parked: the changes wait, nothing was written',
  held: 'held: an operator holds the configuration, nothing was written',
  refused: 'refused: nothing was written',
  'rolled-back': 'rolled back: CRI-O refused the file, the previous one stands',
  degraded: 'degraded: the file is written, but CRI-O was not seen to load it',
};

/** Prints findings, outcome, changes, proof and hold. */
export function reportReconciliation(output: Output, result: Reconciliation): void {
  const { outcome, proof, record, plan, hold, findings } = result;
  const generation = record?.number ?? null;
  const changes = plan?.step.kind === 'none' ? [] : (plan?.changes ?? []);
  if (output.isJson) {
    const planDigest = plan?.digest ?? null;
    const shown = jsonFindings(findings);
    output.printJson('outcome', { outcome, proof, generation, hold, changes, planDigest, findings: shown });
    return;
  }
  output.printFindings(output.isVerbose ? findings : findings.filter((found) => isNews(found, result)));
  const isGood = outcome === 'applied' || outcome === 'unchanged';
  output.say(paint(headline(result), isGood ? '32' : '33', output.hasColorOut));
  for (const change of changes) output.say(`  ${change.class}: ${escape(change.sentence)}`);
  if (outcome === 'applied' && generation !== null) {
    // Who restores has read the number of the generation that it became in the first line.
    const number = hold === null ? `generation ${generation}, ` : '';
    output.say(`  ${number}proof: ${proof ?? 'none'}`);
  } else if (outcome === 'unchanged' && proof === 'pending' && generation !== null) {
    output.say(`  generation ${generation} waits for CRI-O`);
  }
}

/** Warnings of policies that are in force already, or are not followed meanwhile, were told before: icspd status has them. */
function isNews(found: Finding, { outcome }: Reconciliation): boolean {
  return (
    found.severity === 'error' || !isOfPolicies(found) || (outcome !== 'unchanged' && outcome !== 'held')
  );
}

/** The answer, on the first line. */
function headline(result: Reconciliation): string {
  const { hold, holdBefore } = result;
  if (hold !== null || holdBefore === null) return describeOutcome(result);
  const what = holdBefore === 'unreadable' ? 'the damaged hold' : `the hold of ${describeHeld(holdBefore)}`;
  return `${describeOutcome(result)}; ${what} has ended`;
}

function describeOutcome(result: Reconciliation): string {
  const { outcome, hold, findings } = result;
  const isInForce = outcome === 'applied' || outcome === 'held';
  if (hold !== null && isInForce) {
    const what = nameHeld(hold, result);
    const held = `held since ${timeOf(hold.since)}${untilOf(hold)} (${escape(hold.reason)}); icspd resume ends it`;
    if (outcome === 'held' && isFromBefore(result)) return `held: nothing was written; ${what} is ${held}`;
    return `${outcome}: ${what} is in force${againAs(result)} and ${held}`;
  }
  if (hold !== null && outcome !== 'unchanged') {
    return `${sentences[outcome]}; ${nameHeld(hold, result)} is held${untilOf(hold)}, icspd resume ends it`;
  }
  const why = outcome === 'parked' && result.plan !== null ? findWhyWaiting(result.plan) : null;
  if (why !== null) return `parked, nothing was written: ${nameReason(why)}`;
  if (outcome !== 'unchanged') return sentences[outcome];
  const errors = findings.filter(isRefusal).length;
  if (errors > 0) return `${sentences.unchanged}, as far as these are accepted: ${count(errors, 'error')}`;
  const warnings = findings.filter((found) => found.severity === 'warning' && isOfPolicies(found)).length;
  return `${sentences.unchanged}${warnings === 0 ? '' : ` (${count(warnings, 'warning')}: icspd status)`}`;
}

/** What is told above as a finding of its own is named, and not told twice. */
function nameReason({ id, severity, message }: Finding): string {
  if (severity === 'notice') return escape(message);
  return titleOf(id);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** The hold is no order of this call. */
function isFromBefore({ hold, holdBefore }: Reconciliation): boolean {
  return holdBefore !== 'unreadable' && holdBefore !== null && holdBefore.since === hold?.since;
}

/** What is restored becomes a new generation; a baseline, or one that CRI-O refused then, may never have been in force. */
function againAs({ record, hold, seen }: Reconciliation): string {
  if (record === null || record.digest !== hold?.digest || record.number === hold.generation) return '';
  const isAgain = seen !== null && originOf(hold, seen)?.outcome === 'applied';
  return `${isAgain ? ' again' : ''}, as generation ${record.number},`;
}

/** The generation that the hold was given for. */
function originOf({ generation }: Pin, { history }: Observation): GenerationRecord | undefined {
  return generation === null ? undefined : Iterator.from(history).find(({ number }) => number === generation);
}

/** With the time of the generation, which says more than its number. */
function nameHeld(pin: Pin, { seen }: Reconciliation): string {
  const record = seen === null ? undefined : originOf(pin, seen);
  return `${describeHeld(pin)}${record === undefined ? '' : ` of ${timeOf(record.startedAt)}`}`;
}

function untilOf({ until }: Pin): string {
  return until === null ? '' : ` until ${timeOf(until)}`;
}

/** Exit status of apply: 0 if the file is as wanted and no file or entry was refused. */
export function exitCodeOf({ outcome, findings }: Reconciliation): number {
  return (outcome === 'applied' || outcome === 'unchanged') && !findings.some(isRefusal) ? 0 : 1;
}

/**
 * An image that cannot be pulled, as before or as ordered, is an error of the node and none of the apply: icspd status has an
 * exit status for it.
 */
function isRefusal({ id, severity }: Finding): boolean {
  return severity === 'error' && id !== FINDINGS.mustPullBlocked.id;
}
