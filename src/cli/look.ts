// Looks at the node without changing it: what render, diff, explain and status rest on.
import { observe, type Observation } from '../agent/observation.ts';
import { makePlan, plainOptions, type Plan } from '../agent/plan.ts';
import { findUnderWay } from '../agent/interrupted.ts';
import type { Host } from '../agent/ports.ts';
import type { GenerationRecord } from '../agent/record.ts';
import { finding, type Finding } from '../finding.ts';
import { findingOf, HostError } from '../host-error.ts';
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

/**
 * Observes and plans. Whoever may not read the state directory gets the plan without it, and a finding that says so.
 * @param isForShow a state that is damaged or not trusted is left out, too, with its finding: what is shown is no promise of what
 * an apply would do, which such a state stops. Else it is thrown
 */
export async function lookAtNode(agent: Agent, isForShow = false): Promise<Look> {
  const { host, problem } = readable(agent.host, agent.paths.schemaDir, isForShow);
  const seen = await observe(withBegun(host), agent.settings, agent.readings);
  const plan = makePlan(seen, contextOf(agent, plainOptions));
  const before = [...agent.settingsFindings, ...(problem === null ? [] : [problem])];
  return { seen, plan, before, findings: [...before, ...plan.findings] };
}

/** What an apply under way has put on disk is in force, though its record is not completed yet. */
function withBegun(host: Host): Host {
  const current = (): GenerationRecord | null => findUnderWay(host) ?? host.generations.current();
  return { ...host, generations: { ...host.generations, current } };
}

interface Readable {
  readonly host: Host;
  readonly problem: Finding | null;
}

/** The host as far as this user may read it, and as far as it is fit to be shown. */
function readable(host: Host, stateDir: string, isForShow: boolean): Readable {
  const findProblem = (read: () => unknown): Finding | null => {
    try {
      read();
      return null;
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      if (error.findingName === 'accessDenied') return notReadable(stateDir);
      if (isForShow) return findingOf(error);
      throw error;
    }
  };
  const problem = findProblem(() => host.accepted.read());
  if (problem !== null) return { host: withoutState(host), problem };
  const problemOfPin = findProblem(() => host.pin.read());
  return problemOfPin === null
    ? { host, problem: null }
    : { host: { ...host, pin: { ...host.pin, read: none } }, problem: problemOfPin };
}

function notReadable(stateDir: string): Finding {
  return finding(
    'stateNotRead',
    wholeFile(stateDir),
    'the state of icspd is not readable here: last accepted files, generations and holds are left out',
    'run the command as root to see what the daemon sees',
  );
}

const none = (): null => null;

function withoutState(host: Host): Host {
  return {
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
  };
}
