// The operator's hold: what an order means, when it begins and when it is given up.
import { finding, FINDINGS, type Finding } from '../finding.ts';
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
  const holdBefore = readIfValid(host);
  // The OS went to another deployment, and the order is given there: it is not dropped as an older one would be.
  moveToBootedEtc(host, request, holdBefore === 'unreadable' ? null : holdBefore);
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

/** The pin that the request orders (null: none), or why it cannot be obeyed; and what was passed over to find its text. */
interface OrderedPin {
  readonly pin: Pin | null;
  readonly refusals: readonly Finding[];
  readonly passedOver: readonly Finding[];
}

/** What the request orders to hold. */
export function orderedPin(
  { host, paths }: Agent,
  { hold, reason, actor }: Request,
  seen: Observation,
): OrderedPin {
  if (hold === null || hold === 'resume') return { pin: null, refusals: [], passedOver: [] };
  const goal = findReadable(hold, {
    seen: { ...seen, history: { [Symbol.iterator]: () => host.generations.walk(counts(hold)) } },
    paths,
    disk: classifyDisk(seen, (text) => host.digest(text)),
    textOf: (digest) => host.generations.text(digest, true),
    newerStateSince: () => host.newerStateSince(),
  });
  const isLooked = 'digest' in goal || goal.id === FINDINGS.nothingToRestore.id;
  const passedOver =
    isWayBack(hold) && isLooked ? findPassedOver(host, 'digest' in goal ? goal : null, seen) : [];
  if (!('digest' in goal)) return { pin: null, refusals: [goal, ...passedOver], passedOver: [] };
  const until = hold.forMs === null ? null : new Date(seen.now.getTime() + hold.forMs).toISOString();
  const since = seen.now.toISOString();
  const { digest, generation } = goal;
  const pin = { digest, generation, reason, actor, since, until, deployment: host.deployment };
  return { pin, refusals: [], passedOver };
}

/** The way back goes past what is lost; who asked for one step learns that it was a longer one. */
function findPassedOver(host: Host, goal: Goal | null, { baseline, pin }: Observation): readonly Finding[] {
  const held = baseline.state === 'captured' ? baseline.file.digest : null;
  const isLost = (number: number): boolean => {
    const record = host.generations.read(number);
    if (record === null) return true;
    const { digest, outcome } = record;
    const isNamed = outcome === 'applied' && digest !== null && digest !== held;
    return isNamed && host.generations.text(digest) === null;
  };
  const from = pin?.generation ?? Infinity;
  const to = goal?.generation ?? 0;
  const lost = host.generations.numbers().filter((number) => number < from && number > to && isLost(number));
  if (lost.length === 0) return [];
  const which =
    lost.length === 1 ? `generation ${lost[0] ?? 0}` : `generations ${lost.slice(0, 10).join(', ')}`;
  const message = `${which} ${lost.length === 1 ? 'was' : 'were'} passed over: the record or the file is gone or damaged`;
  const help = 'look at icspd history; icspd restore N takes another generation';
  return [finding('generationPassedOver', null, message, help)];
}

/**
 * The generations that an order cannot do without: to pass over one that the disk does not give back now would lead to another
 * file than the one that was meant. One that is gone or damaged is passed over.
 */
function counts(order: HoldOrder): (number: number) => boolean {
  return (number) => isWayBack(order) || order.goal === number;
}

function isWayBack({ goal }: HoldOrder): boolean {
  return goal === 'previous' || goal === 'before upgrade';
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
