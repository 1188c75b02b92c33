// icspd restore: put an earlier file in force, and hold it.
import type { Agent } from '../agent/reconcile.ts';
import { reconcile } from '../agent/reconcile.ts';
import type { Pin } from '../agent/record.ts';
import { currentActor } from './actor.ts';
import { UsageError, type Call } from './command.ts';
import { reportReconciliation } from './reconcile-report.ts';
import { plainRequest } from './request.ts';

export async function run({ options, output, openAgent }: Call): Promise<number> {
  const toBaseline = options.has('baseline');
  if (toBaseline === options.has('previous'))
    throw new UsageError('restore needs either --previous or --baseline');
  const holdMs = await readHold(options.text('for'));
  const agent = await openAgent();
  const goal = toBaseline ? findBaseline(agent) : findPrevious(agent);
  if (typeof goal === 'string') {
    output.tell(`icspd: ${goal}`);
    return 1;
  }
  const now = agent.host.clock.now();
  const reason = options.text('reason') ?? `icspd restore ${toBaseline ? '--baseline' : '--previous'}`;
  const actor = currentActor('restore');
  const result = await reconcile(agent, {
    ...plainRequest(reason, actor),
    pin: {
      ...goal,
      reason,
      actor,
      since: now.toISOString(),
      until: holdMs === null ? null : new Date(now.getTime() + holdMs).toISOString(),
    },
  });
  reportReconciliation(output, {
    ...result,
    findings: result.findings.filter(({ severity }) => severity === 'error'),
  });
  // What counts is that the file stands; it may have stood already. Policies that are refused meanwhile wait for resume.
  return result.outcome === 'held' || result.outcome === 'applied' ? 0 : 1;
}

type Goal = Pick<Pin, 'digest' | 'generation'>;

/** The administrator's own file; a sentence where there is none to go back to. */
function findBaseline({ host, paths }: Agent): Goal | string {
  const baseline = host.baseline.read();
  switch (baseline.state) {
    case 'captured':
      return { digest: baseline.file.digest, generation: null };
    case 'absent':
      return { digest: null, generation: null };
    case 'none':
      return `there is no baseline yet (${paths.baseline}): icspd has not written registries.conf`;
    case 'unusable':
      return baseline.finding.message;
  }
}

/** The newest applied generation whose text differs from what is in force; before the first, the baseline. */
function findPrevious(agent: Agent): Goal | string {
  const { host } = agent;
  const target = host.target.read();
  const inForce = target.state === 'file' ? target.file.digest : null;
  const history = host.generations.list();
  const previous = history.find(({ outcome, digest }) => outcome === 'applied' && digest !== inForce);
  if (previous !== undefined) return { digest: previous.digest, generation: previous.number };
  if (history.length === 0) return 'there is nothing to go back to: icspd has applied nothing yet';
  return findBaseline(agent);
}

async function readHold(text: string | null): Promise<number | null> {
  if (text === null) return null;
  const { parseDuration } = await import('../config-schema.ts');
  const ms = parseDuration(text);
  if (ms === null) throw new UsageError(`--for takes a time such as 30m or 8h, not ${JSON.stringify(text)}`);
  return ms;
}
