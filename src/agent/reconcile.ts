// One reconcile: look at the whole desired and the whole actual state, make the second equal the first. The only way to registries.conf.
import { findingOf, HostError } from '../host-error.ts';
import type { Finding } from '../finding.ts';
import { orderedBaseline } from './adopt-order.ts';
import { eventsOf } from './audit.ts';
import { logChanges } from './change-log.ts';
import { orderedPin, takeOrder } from './hold.ts';
import { adopt, pointAtDisk, putInForce, settleInterrupted } from './interrupted.ts';
import { establishBaseline, type NewBaseline } from './new-baseline.ts';
import { describeGeneration } from './new-generation.ts';
import { digestOnDisk, observe, type Observation } from './observation.ts';
import { makePlan, type WriteStep } from './plan.ts';
import type { FileText } from './ports.ts';
import type { GenerationRecord, Pin } from './record.ts';
import { describeSources, sourcesOnDisk } from './sources.ts';
import { contextOf, type Agent, type Reconciliation, type Request } from './reconciliation.ts';
import { settlePending, settleWritten, type Progress, type Settled, type Turn } from './settle.ts';

/** Somebody who writes faster than this is looked at again at the next event. */
const mostPlans = 3;

/** Reconciles under the lock. Never throws for a failure of the host: that becomes an outcome with a finding. */
export async function reconcile(agent: Agent, request: Request): Promise<Reconciliation> {
  const attempted = await attempt(agent, request);
  const result = { ...attempted, findings: [...agent.settingsFindings, ...attempted.findings] };
  await agent.host.audit(eventsOf(request, result));
  return result;
}

async function attempt(agent: Agent, request: Request): Promise<Reconciliation> {
  const progress: Progress = { isWritten: false };
  try {
    return await agent.host.lock.hold(request.lockTimeoutMs, () => reconcileLocked(agent, request, progress));
  } catch (error) {
    await request.onSettled();
    const outcome = progress.isWritten ? 'degraded' : 'refused';
    const unknown = { proof: null, record: null, plan: null, seen: null, hold: null };
    return { ...unknown, outcome, findings: [findingOf(error)] };
  }
}

/** Who takes no lock may write while a plan is made: then the plan is for a file that is gone, and another one is made. */
async function reconcileLocked(agent: Agent, request: Request, progress: Progress): Promise<Reconciliation> {
  for (let plans = 1; ; plans += 1) {
    try {
      return await reconcileOnce(agent, request, progress);
    } catch (error) {
      const isOutdated = error instanceof HostError && error.findingName === 'fileKeepsChanging';
      if (!isOutdated || progress.isWritten || plans === mostPlans) throw error;
    }
  }
}

async function reconcileOnce(agent: Agent, request: Request, progress: Progress): Promise<Reconciliation> {
  const { host, settings } = agent;
  settleInterrupted(host);
  const { pin: pinBefore, options } = takeOrder(host, request);
  const observed = await observe(host, settings, agent.readings, pinBefore, request.without);
  const ordered = orderedPin(agent, request, observed);
  if (ordered !== null && 'id' in ordered) {
    await request.onSettled();
    return refuse(observed, pinBefore, [ordered]);
  }
  const adopted = orderedBaseline(agent, request, observed, options);
  if (adopted.refusals.length > 0) {
    await request.onSettled();
    return refuse(observed, pinBefore, adopted.refusals);
  }
  const seen = ordered === null ? observed : { ...observed, ...withText(agent, ordered) };
  const context = contextOf(agent, options);
  const { baseline } = adopted;
  const plan = makePlan(seen, baseline === null ? context : { ...context, adopted: baseline });
  if (plan.wanted.dropPin !== null) host.pin.clear();
  // In this order: cut off in between, /etc is found to be another one again.
  if (settings.apply !== 'observe') host.accepted.write(seen.policies.accepted);
  if (seen.otherEtc !== null) pointAtDisk(host, seen.target, request, sourcesOnDisk(seen, plan));

  const turn: Turn = { agent, request, seen, plan, pinBefore, progress };
  switch (plan.step.kind) {
    case 'write':
      return write(turn, plan.step);
    case 'none':
      return stay(turn, plan.step.baseline);
    case 'stop': {
      const hold = ordered === null ? plan.wanted.pin : pinBefore;
      return leave(turn, { outcome: plan.step.outcome, proof: null, hold, findings: [] });
    }
  }
}

/** The order cannot be obeyed: nothing is done, not even what would be done without it. */
function refuse(seen: Observation, hold: Pin | null, findings: readonly Finding[]): Reconciliation {
  return { outcome: 'refused', proof: null, record: seen.current, plan: null, seen, hold, findings };
}

/** The file is as it should be; CRI-O may still have to be told. */
async function stay(turn: Turn, baseline: NewBaseline | null): Promise<Reconciliation> {
  const { agent, request, seen, plan } = turn;
  const { host, settings } = agent;
  const { pin } = plan.wanted;
  if (pin !== null && pin !== turn.pinBefore) host.pin.write(pin);
  const onDisk = seen.target.state === 'file' ? seen.target.file : null;
  if (baseline !== null) takeAsBaseline(turn, onDisk, baseline);
  const isOfOthers = seen.current !== null && seen.current.digest !== (onDisk?.digest ?? null);
  // Somebody else made the file what it should be, for instance by cp of the baseline: CRI-O does not know yet.
  if (
    baseline === null &&
    isOfOthers &&
    plan.disk !== 'same-meaning' &&
    plan.disk !== 'rewound' &&
    settings.apply !== 'observe'
  ) {
    adopt(host, onDisk, request);
  }
  if (settings.apply !== 'observe' && baseline === null) keepSources(turn);
  await request.onSettled();
  // Who observes keeps his hands off CRI-O, too; what is owed is done once he acts again.
  const settled = settings.apply === 'observe' ? null : await settlePending(turn);
  const waits = plan.parked.length > 0;
  const outcome = pin !== null ? 'held' : waits ? 'parked' : 'unchanged';
  const unsettled: Settled = { outcome, proof: null, hold: pin, findings: [] };
  const isNews = settled !== null && settled.outcome !== 'unchanged';
  return conclude(turn, host.generations.current(), isNews ? settled : { ...unsettled, ...settled, outcome });
}

/** Another file is wanted, but must not be written now. What is owed to the one in force is done all the same. */
async function leave(turn: Turn, stopped: Settled): Promise<Reconciliation> {
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
  const outcome = settled.outcome === 'rolled-back' ? settled.outcome : stopped.outcome;
  return conclude(turn, current, {
    ...settled,
    outcome,
    hold: settled.outcome === 'rolled-back' ? settled.hold : stopped.hold,
  });
}

/** Where the record of what stands did not know its sources, those found for it count from now on. */
function keepSources({ agent: { host }, seen, plan }: Turn): void {
  const current = host.generations.current();
  if (!plan.lacksProvenance || plan.wanted.pin !== null || current?.digest !== plan.wanted.digest) return;
  host.generations.explain(current.number, describeSources(seen, plan));
}

/** What is on disk is right as soon as it is the baseline: nothing else has to be written. */
function takeAsBaseline(turn: Turn, onDisk: FileText | null, baseline: NewBaseline): void {
  const { host } = turn.agent;
  const text = { bytes: onDisk?.bytes ?? null, digest: onDisk?.digest ?? null, baseline };
  const record = host.generations.begin(describeGeneration(turn, text));
  establishOrRefuse(turn, record, baseline);
  putInForce(host, record);
}

function establishOrRefuse(
  { agent: { host } }: Turn,
  { number }: GenerationRecord,
  baseline: NewBaseline | null,
): void {
  try {
    establishBaseline(host, baseline);
  } catch (error) {
    host.generations.patch(number, { outcome: 'refused', proof: 'none' });
    throw error;
  }
}

async function write(turn: Turn, step: WriteStep): Promise<Reconciliation> {
  const { agent, request, seen, plan } = turn;
  const { host } = agent;
  // The record first: with it the old baseline and the old file are kept, whatever happens next.
  const record = host.generations.begin(describeGeneration(turn, step));
  establishOrRefuse(turn, record, step.baseline);
  try {
    await replaceAndHold(turn, step);
  } catch (error) {
    // What failed is the news; a record that stays pending is settled by the next reconcile.
    ignoreHostErrors(() => host.generations.patch(record.number, { outcome: 'refused', proof: 'none' }));
    throw error;
  }
  const writtenAt = host.clock.now();
  await request.onSettled();
  logChanges(host.log, { record, plan, before: seen.target, after: step.bytes, path: host.target.path });
  return conclude(turn, record, await settleWritten(turn, record, writtenAt));
}

function ignoreHostErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}

/** Replaces the file and begins the hold that was ordered: both or none. From here on the hold survives an impatient Ctrl-C. */
async function replaceAndHold(
  { agent: { host }, seen, plan, pinBefore, progress }: Turn,
  step: WriteStep,
): Promise<void> {
  const { pin } = plan.wanted;
  await host.target.replace(step.bytes, digestOnDisk(seen));
  progress.isWritten = true;
  if (pin === null || pin === pinBefore) return;
  try {
    host.pin.write(pin);
  } catch (error) {
    host.target.takeBack();
    progress.isWritten = false;
    throw error;
  }
}

function conclude({ plan, seen }: Turn, record: GenerationRecord | null, settled: Settled): Reconciliation {
  const findings = [...plan.findings, ...settled.findings];
  return { ...settled, record, plan, seen, findings };
}

function withText(
  { host }: Agent,
  pin: NonNullable<Turn['pinBefore']>,
): Pick<Turn['seen'], 'pin' | 'pinnedBytes'> {
  return { pin, pinnedBytes: pin.digest === null ? null : host.generations.text(pin.digest) };
}
