// What restore and hold have in common: how long, why, and what they say afterwards.
import { reconcile } from '../agent/reconcile.ts';
import type { HoldOrder, Reconciliation } from '../agent/reconciliation.ts';
import type { Finding } from '../finding.ts';
import { currentActor } from './actor.ts';
import { UsageError, type Call } from './command.ts';
import type { Output } from './output.ts';
import { timeOf } from './record-words.ts';
import { reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

/** Longer is a slip of the finger; without --for a hold lasts until icspd resume anyway. */
const longestHoldMs = 366 * 24 * 3_600_000;

/** Of a sentence in the history. */
const longestReason = 500;

/**
 * Reconciles with the order. Exit status: 0 if that file stands and is held, else 1; then the hold is as it was.
 * @param words the command as it was called, the reason where none is given
 */
export async function order(
  { options, output, openAgent }: Call,
  words: string,
  goal: HoldOrder['goal'],
): Promise<number> {
  const forMs = await readHold(options.text('for'));
  const agent = await openAgent();
  const reason = readReason(options.text('reason')) ?? words;
  const [, command = ''] = words.split(' ');
  const hold = { goal, forMs, force: options.has('force') };
  const result = await reconcile(agent, { ...plainRequest(reason, currentActor(command)), hold });
  reportReconciliation(output, { ...result, findings: result.findings.filter(isError) });
  // What counts is that the file stands and is held; it may have stood already. Policies that are refused wait for resume.
  const stands = result.outcome === 'held' || result.outcome === 'applied';
  const isHeld = stands && result.hold !== null;
  if (isHeld) tellLostEnd(output, result);
  return isHeld ? 0 : 1;
}

/** Warnings of policies that are not followed meanwhile would only hide the answer. */
function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

/** Whoever gives an order anew without --for may have forgotten that the hold was to end. */
function tellLostEnd(output: Output, { hold, holdBefore }: Reconciliation): void {
  if (hold?.until !== null || holdBefore === null || holdBefore === 'unreadable') return;
  const { until } = holdBefore;
  if (until === null) return;
  output.tell(`the hold from before was to end ${timeOf(until)}; this one lasts until icspd resume`);
}

/** It is kept as long as the generation, and shown on a line. */
function readReason(text: string | null): string | null {
  if (text === null || (text.trim() !== '' && text.length <= longestReason)) return text;
  throw new UsageError(`--reason takes a sentence of up to ${longestReason} characters`);
}

async function readHold(text: string | null): Promise<number | null> {
  if (text === null) return null;
  const { parseDuration } = await import('../config-schema.ts');
  const ms = parseDuration(text);
  if (ms !== null && ms > 0 && ms <= longestHoldMs) return ms;
  throw new UsageError(`--for takes a time such as 30m or 8h, up to a year, not ${JSON.stringify(text)}`);
}
