// icspd resume: end a hold and follow the policies again.
import { reconcile } from '../agent/reconcile.ts';
import { currentActor } from './actor.ts';
import type { Call } from './command.ts';
import { reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

/** Exit status as of apply, but refused policy files do not count. */
export async function run({ output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const request = plainRequest('icspd resume', currentActor('resume'));
  const result = await reconcile(agent, { ...request, hold: 'resume', allowRisky: true });
  reportReconciliation(output, result);
  if (result.holdBefore === null && result.hold === null && result.plan !== null)
    output.tell('nothing was held');
  // What counts is that the hold is over and the file follows the policies; one that is refused is apply's business.
  return result.outcome === 'applied' || result.outcome === 'unchanged' ? 0 : 1;
}
