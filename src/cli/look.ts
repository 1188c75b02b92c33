// Looks at the node without changing it: what render, diff, explain and status rest on.
import { observe, type Observation } from '../agent/observation.ts';
import { makePlan, plainOptions, type Plan } from '../agent/plan.ts';
import type { Host } from '../agent/ports.ts';
import { finding, type Finding } from '../finding.ts';
import { HostError } from '../host-error.ts';
import { wholeFile } from '../origin.ts';
import { contextOf, type Agent } from '../agent/reconciliation.ts';

export interface Look {
  readonly seen: Observation;
  readonly plan: Plan;
  /** What is wrong with settings and state, before any plan. */
  readonly before: readonly Finding[];
  /** All findings: of the settings, the state and the plan. */
  readonly findings: readonly Finding[];
}

/** Observes and plans. Whoever may not read the state directory gets the plan without it, and a finding that says so. */
export async function lookAtNode(agent: Agent): Promise<Look> {
  const { host, problem } = readable(agent.host, agent.paths.schemaDir);
  const seen = await observe(host, agent.settings, agent.readings);
  const plan = makePlan(seen, contextOf(agent, plainOptions));
  const before = [...agent.settingsFindings, ...(problem === null ? [] : [problem])];
  return { seen, plan, before, findings: [...before, ...plan.findings] };
}

/** The host as far as this user may read it. Throws what is no matter of permission. */
function readable(host: Host, stateDir: string): { readonly host: Host; readonly problem: Finding | null } {
  try {
    host.accepted.read();
    host.pin.read();
    return { host, problem: null };
  } catch (error) {
    if (!(error instanceof HostError) || error.findingName !== 'accessDenied') throw error;
    const problem = finding(
      'stateNotRead',
      wholeFile(stateDir),
      'the state of icspd is not readable here: last accepted files, generations and holds are left out',
      'run the command as root to see what the daemon sees',
    );
    const none = (): null => null;
    return {
      host: {
        ...host,
        accepted: { ...host.accepted, read: () => ({ files: new Map(), damage: null }) },
        generations: {
          ...host.generations,
          list: () => [],
          walk: () => Iterator.from([]),
          newestOf: none,
          current: none,
          text: none,
        },
        pin: { ...host.pin, read: none },
      },
      problem,
    };
  }
}
