// One reconcile: look at the whole desired and the whole actual state, make the second equal the first. The only way to registries.conf.
import { findingOf, HostError } from '../host-error.ts';
import type { Finding } from '../finding.ts';
import { orderedBaseline } from './adopt-order.ts';
import { eventsOf } from './audit.ts';
import { pointAtDisk, takeAsCurrent } from './current-generation.ts';
import { executeWrite, takeAsBaseline } from './execute.ts';
import { orderedPin, takeOrder, type Start } from './hold.ts';
import { settleInterrupted } from './interrupted.ts';
import type { NewBaseline } from './new-baseline.ts';
import { digestOnDisk, observe, type Observation } from './observation.ts';
import { makePlan } from './plan.ts';
import { publishedStatus } from './publish.ts';
import type { GenerationRecord, Pin } from './record.ts';
import { describeSources, sourcesOnDisk } from './sources.ts';
import { contextOf, type Agent, type Reconciliation, type Request } from './reconciliation.ts';
import { settlePending, type Progress, type Settled, type Turn } from './settle.ts';

/** What came of it, whatever was held before. */
type Done = Omit<Reconciliation, 'holdBefore'>;

/** Somebody who writes faster than this is looked at again at the next event. */
const mostPlans = 3;

/** Reconciles under the lock. Never throws for a failure of the host: that becomes an outcome with a finding. */
export async function reconcile(agent: Agent, request: Request): Promise<Reconciliation> {
  const attempted = await attempt(agent, request);
  const result = { ...attempted, findings: [...agent.settingsFindings, ...attempted.findings] };
  await agent.host.audit(eventsOf(request, result));
  // A command that could not look tells who called it; of the node it knows less than what was published before.
  if (result.seen !== null || request.actor.command === 'run')
    agent.host.publish(publishedStatus(agent, request, result));
  return result;
}

async function attempt(agent: Agent, request: Request): Promise<Reconciliation> {
  const progress: Progress = { isWritten: false };
  try {
    return await agent.host.lock.hold(request.lockTimeoutMs, () => reconcileLocked(agent, request, progress));
  } catch (error) {
    await request.onSettled();
    const outcome = progress.isWritten ? 'degraded' : 'refused';
    const unknown = { proof: null, record: null, plan: null, seen: null, hold: null, holdBefore: null };
    return { ...unknown, outcome, findings: [findingOf(error)] };
  }
}

/** Who takes no lock may write while a plan is made: then the plan is for a file that is gone, and another one is made. */
async function reconcileLocked(agent: Agent, request: Request, progress: Progress): Promise<Reconciliation> {
  settleInterrupted(agent.host);
  const start = takeOrder(agent.host, request);
  for (let plans = 1; ; plans += 1) {
    try {
      const result = await reconcileOnce(agent, request, start, progress);
      return { ...result, holdBefore: start.holdBefore };
    } catch (error) {
      const isOutdated = error instanceof HostError && error.findingName === 'fileKeepsChanging';
      if (!isOutdated || progress.isWritten || plans === mostPlans) throw error;
    }
  }
}

async function reconcileOnce(
  agent: Agent,
  request: Request,
  { pin: pinBefore, options }: Start,
  progress: Progress,
): Promise<Done> {
  const { host, settings } = agent;
  const observed = await observe(host, settings, agent.readings, {
    pin: pinBefore,
    without: request.without,
  });
  const { pin: ordered, ...held } = orderedPin(agent, request, observed);
  const { baseline, ...adopted } = orderedBaseline(agent, request, observed, options);
  const refusals = [...held.refusals, ...adopted.refusals];
  if (refusals.length > 0) {
    await request.onSettled();
    return refuse(observed, pinBefore, refusals);
  }
  // Whoever gives an order was taken over to the /etc that is booted before: a record that the disk does not give back now is no
  // reason to drop what he ordered.
  const seen = ordered === null ? observed : { ...observed, ...withText(agent, ordered), otherEtc: null };
  const context = contextOf(agent, options);
  const made = makePlan(seen, baseline === null ? context : { ...context, adopted: baseline });
  const plan = { ...made, findings: [...held.passedOver, ...made.findings] };
  if (plan.wanted.dropPin !== null) host.pin.clear();
  // In this order: cut off in between, /etc is found to be another one again.
  if (settings.apply !== 'observe') host.accepted.write(seen.policies.accepted);
  if (seen.otherEtc !== null) pointAtDisk(host, seen.target, request, sourcesOnDisk(seen, plan));

  const turn: Turn = { agent, request, seen, plan, pinBefore, progress };
  switch (plan.step.kind) {
    case 'write': {
      const { record, settled } = await executeWrite(turn, plan.step);
      return conclude(turn, record, settled);
    }
    case 'none':
      return stay(turn, plan.step.baseline);
    case 'stop': {
      const hold = ordered === null ? plan.wanted.pin : pinBefore;
      return leave(turn, { outcome: plan.step.outcome, proof: null, hold, findings: [] });
    }
  }
}

/** The order cannot be obeyed: nothing is done, not even what would be done without it. */
function refuse(seen: Observation, hold: Pin | null, findings: readonly Finding[]): Done {
  return { outcome: 'refused', proof: null, record: seen.current, plan: null, seen, hold, findings };
}

/** The file is as it should be; CRI-O may still have to be told. */
async function stay(turn: Turn, baseline: NewBaseline | null): Promise<Done> {
  const { agent, request, seen, plan } = turn;
  const { host, settings } = agent;
  const { pin } = plan.wanted;
  if (pin !== null && pin !== turn.pinBefore) host.pin.write(pin);
  if (baseline !== null) takeAsBaseline(turn, baseline);
  else if (settings.apply !== 'observe') {
    if (wasMadeRight(turn))
      takeAsCurrent(host, seen.target.state === 'file' ? seen.target.file : null, request);
    keepSources(turn);
  }
  await request.onSettled();
  // Who observes keeps his hands off CRI-O, too; what is owed is done once he acts again.
  const settled = settings.apply === 'observe' ? null : await settlePending(turn);
  const waits = plan.parked.length > 0;
  const outcome = pin !== null ? 'held' : waits ? 'parked' : 'unchanged';
  const unsettled: Settled = { outcome, proof: null, hold: pin, findings: [] };
  const isNews = settled !== null && settled.outcome !== 'unchanged';
  return conclude(turn, host.generations.current(), isNews ? settled : { ...unsettled, ...settled, outcome });
}

/** Somebody else made the file what it should be, for instance by cp of the baseline: CRI-O does not know yet. */
function wasMadeRight({ seen, plan: { disk } }: Turn): boolean {
  const isOfOthers = seen.current !== null && seen.current.digest !== digestOnDisk(seen);
  return isOfOthers && disk !== 'same-meaning' && disk !== 'rewound';
}

/** Another file is wanted, but must not be written now. What is owed to the one in force is done all the same. */
async function leave(turn: Turn, stopped: Settled): Promise<Done> {
  const { agent, request, seen, plan } = turn;
  const { host, settings } = agent;
  await request.onSettled();
  const isInForce = seen.current !== null && seen.current.digest === digestOnDisk(seen);
  const mayAct = settings.apply !== 'observe' && (!seen.isMcoNode || settings.allowMcoNode);
  const settled =
    isInForce && mayAct
      ? await settlePending({ ...turn, plan: { ...plan, merged: plan.mergedOnDisk } })
      : null;
  const current = host.generations.current();
  if (settled === null) return conclude(turn, current, stopped);
  if (settled.outcome === 'rolled-back') return conclude(turn, current, settled);
  const { outcome, hold } = stopped;
  return conclude(turn, current, { ...settled, outcome, hold });
}

/** Where the record of what stands did not know its sources, those found for it count from now on. */
function keepSources({ agent: { host }, seen, plan }: Turn): void {
  const current = host.generations.current();
  if (!plan.lacksProvenance || plan.wanted.pin !== null || current?.digest !== plan.wanted.digest) return;
  host.generations.explain(current.number, describeSources(seen, plan));
}

function conclude({ plan, seen }: Turn, record: GenerationRecord | null, settled: Settled): Done {
  const findings = [...plan.findings, ...settled.findings];
  return { ...settled, record, plan, seen, findings };
}

function withText({ host }: Agent, pin: Pin): Pick<Observation, 'pin' | 'pinnedBytes'> {
  return { pin, pinnedBytes: pin.digest === null ? null : host.generations.text(pin.digest) };
}
