// icspd apply: one reconcile, now.
import { reconcile } from '../agent/reconcile.ts';
import { currentActor } from './actor.ts';
import type { Call } from './command.ts';
import { exitCodeOf, reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

/** Exit status: 0 applied or unchanged and nothing refused, else 1. */
export async function run({ options, output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const result = await reconcile(agent, {
    ...plainRequest('icspd apply', currentActor('apply')),
    discardDrift: options.has('discard-drift'),
    retry: options.has('retry'),
    allowRisky: true,
    allowRemoval: options.has('allow-removal'),
    allowLockout: options.has('allow-lockout'),
  });
  reportReconciliation(output, result);
  return exitCodeOf(result);
}
