// icspd resume: end a hold and follow the policies again.
import { reconcile } from '../agent/reconcile.ts';
import { currentActor } from './actor.ts';
import type { Call } from './command.ts';
import { exitCodeOf, reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

export async function run({ output, openAgent }: Call): Promise<number> {
  const agent = await openAgent();
  const result = await reconcile(agent, {
    ...plainRequest('icspd resume', currentActor('resume')),
    pin: 'clear',
  });
  reportReconciliation(output, {
    ...result,
    findings: result.findings.filter(({ severity }) => severity === 'error'),
  });
  return exitCodeOf(result);
}
