// icspd restore: put an earlier file in force, and hold it.
import { reconcile } from '../agent/reconcile.ts';
import type { Finding } from '../finding.ts';
import { currentActor } from './actor.ts';
import { UsageError, type Call } from './command.ts';
import { reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

/** Longer is a slip of the finger; without --for a hold lasts until icspd resume anyway. */
const longestHoldMs = 366 * 24 * 3_600_000;

/** Exit status: 0 if that file stands and is held, else 1; then the hold is as it was. */
export async function run({ options, output, openAgent }: Call): Promise<number> {
  const toBaseline = options.has('baseline');
  if (toBaseline === options.has('previous'))
    throw new UsageError('restore needs either --previous or --baseline');
  const goal = toBaseline ? 'baseline' : 'previous';
  const forMs = await readHold(options.text('for'));
  const agent = await openAgent();
  const reason = options.text('reason') ?? `icspd restore --${goal}`;
  const request = plainRequest(reason, currentActor('restore'));
  const result = await reconcile(agent, { ...request, hold: { goal, forMs } });
  reportReconciliation(output, { ...result, findings: result.findings.filter(isError) });
  // What counts is that the file stands and is held; it may have stood already. Policies that are refused wait for resume.
  const stands = result.outcome === 'held' || result.outcome === 'applied';
  return stands && result.hold !== null ? 0 : 1;
}

/** Warnings of policies that are not followed meanwhile would only hide the answer. */
function isError({ severity }: Finding): boolean {
  return severity === 'error';
}

async function readHold(text: string | null): Promise<number | null> {
  if (text === null) return null;
  const { parseDuration } = await import('../config-schema.ts');
  const ms = parseDuration(text);
  if (ms !== null && ms > 0 && ms <= longestHoldMs) return ms;
  throw new UsageError(`--for takes a time such as 30m or 8h, up to a year, not ${JSON.stringify(text)}`);
}
