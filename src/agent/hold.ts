// The operator's hold: what an order means, when it begins and when it is given up.
import type { Finding } from '../finding.ts';
import { findingOf, HostError } from '../host-error.ts';
import { classifyDisk } from './disk-state.ts';
import { moveToBootedEtc } from './current-generation.ts';
import type { Observation } from './observation.ts';
import type { PlanOptions } from './plan.ts';
import type { Host } from './ports.ts';
import type { Agent, HoldBefore, HoldOrder, Request } from './reconciliation.ts';
import type { Pin } from './record.ts';
import { findGoal, type Goal, type GoalContext } from './restore-goal.ts';

/** What a reconcile starts from, and what the plan may do. */
export interface Start {
  /** The hold that stands; an order to resume has ended it already. */
  readonly pin: Pin | null;
  /** The hold from before the order. */
  readonly holdBefore: HoldBefore;
  readonly options: PlanOptions;
}

/**
 * Takes the order in. Whoever restores, or resumes what is held, means it: an edit by hand does not stand in the way (it is
 * kept as the previous text of the new generation), and neither does a refusal of CRI-O's from before.
 * A pin that cannot be read is an error, except to an order, which replaces it.
 */
export function takeOrder(host: Host, request: Request): Start {
  const { hold } = request;
  if (hold === null) {
    const pin = host.pin.read();
    return { pin, holdBefore: pin, options: request };
  }
  // The OS went to another deployment, and the order is given there: it is not dropped as an older one would be.
  moveToBootedEtc(host, request);
  const holdBefore = readIfValid(host);
  if (hold !== 'resume') {
    const pin = holdBefore === 'unreadable' ? null : holdBefore;
    return { pin, holdBefore, options: { ...request, ...optionsOf(hold, request) } };
  }
  host.pin.clear();
  const options = { ...request, discardDrift: request.discardDrift || holdBefore !== null };
  return { pin: null, holdBefore, options };
}

/**
 * Who names a generation that CRI-O refused as things are gets it as little as the policies do; the other ways back lead
 * past such a one, or to the administrator's own file. To hold what is in force writes nothing, and so overwrites nothing.
 */
function optionsOf({ goal, force = false }: HoldOrder, { allowLockout }: PlanOptions): Partial<PlanOptions> {
  return {
    discardDrift: goal !== 'in force',
    retry: goal === 'previous' || goal === 'baseline',
    allowLockout: allowLockout || force,
  };
}

function readIfValid({ pin }: Host): HoldBefore {
  try {
    return pin.read();
  } catch (error) {
    if (error instanceof HostError) return 'unreadable';
    throw error;
  }
}

/** The pin that the request orders (null: none), or why it cannot be obeyed. */
export function orderedPin(
  { host, paths }: Agent,
  { hold, reason, actor }: Request,
  seen: Observation,
): { readonly pin: Pin | null; readonly refusals: readonly Finding[] } {
  if (hold === null || hold === 'resume') return { pin: null, refusals: [] };
  const goal = findReadable(hold, {
    seen: { ...seen, history: { [Symbol.iterator]: () => host.generations.walk(counts(hold)) } },
    paths,
    disk: classifyDisk(seen, (text) => host.digest(text)),
    textOf: (digest) => host.generations.text(digest, true),
    newerStateSince: () => host.newerStateSince(),
  });
  if (!('digest' in goal)) return { pin: null, refusals: [goal] };
  const until = hold.forMs === null ? null : new Date(seen.now.getTime() + hold.forMs).toISOString();
  const since = seen.now.toISOString();
  const { digest, generation } = goal;
  const pin = { digest, generation, reason, actor, since, until, deployment: host.deployment };
  return { pin, refusals: [] };
}

/**
 * The generations that an order cannot do without: to pass over one that the disk does not give back now would lead to another
 * file than the one that was meant. One that is gone or damaged is passed over.
 */
function counts({ goal }: HoldOrder): (number: number) => boolean {
  return (number) => goal === 'previous' || goal === 'before upgrade' || goal === number;
}

function findReadable(order: HoldOrder, context: GoalContext): Goal | Finding {
  try {
    return findGoal(order, context);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const found = findingOf(error);
    const other = 'or name a generation that can be read, as icspd history lists them: icspd restore N';
    return { ...found, help: `${found.help}; ${other}` };
  }
}

/**
 * Gives up the hold of a text that CRI-O refused: nothing is held that is not in force. What was held before stays held.
 * @param before the hold before this reconcile
 * @returns the hold that stands now
 */
export function giveUpHold(host: Host, before: Pin | null, refusedDigest: string | null): Pin | null {
  const stands = before === null || before.digest === refusedDigest ? null : before;
  if (stands === null) host.pin.clear();
  else host.pin.write(stands);
  return stands;
}
