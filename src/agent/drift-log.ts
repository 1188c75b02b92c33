// What somebody else changed, in the journal: once for each text that they put there, not at every look.
import type { Log } from './ports.ts';
import type { Reconciliation } from './reconciliation.ts';

/** A function that logs the semantic diff of a drift that is left as it is, when it is new. */
export function makeDriftLog(log: Log): (result: Pick<Reconciliation, 'outcome' | 'plan' | 'seen'>) => void {
  let told: string | null = null;
  return ({ outcome, plan, seen }) => {
    if (plan === null || seen?.target.state !== 'file') return;
    if (plan.disk !== 'edited' && plan.disk !== 'replaced') {
      told = null;
      return;
    }
    const { path, digest } = seen.target.file;
    if (outcome !== 'refused' || told === digest) return;
    told = digest;
    const whose = `of ${seen.target.owner} (uid:gid), from ${seen.target.modifiedAt}`;
    log('notice', `drift: ${path} is ${plan.disk} (${whose}, sha256 ${digest})`);
    for (const change of plan.drift) log('notice', `  ${change.class}: ${change.sentence}`);
  };
}
