// The request that a command makes of reconcile, before its options.
import { plainOptions } from '../agent/plan.ts';
import type { Actor } from '../agent/record.ts';
import type { Request } from '../agent/reconciliation.ts';

/** How long a command waits for the daemon, or another command, to finish. */
const lockTimeoutMs = 60_000;

/** Nothing beyond "make it so". */
export function plainRequest(reason: string, actor: Actor): Request {
  return {
    ...plainOptions,
    reason,
    actor,
    hold: null,
    lockTimeoutMs,
    onSettled: () => Promise.resolve(),
  };
}
