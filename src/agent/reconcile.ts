// One reconcile: look at the whole desired and the whole actual state, make the second equal the first. The only way to registries.conf.
import { eventsOf } from './audit.ts';
import type { Settings } from '../config.ts';
import type { Finding } from '../finding.ts';
import { findingOf } from '../host-error.ts';
import { scopeOf } from '../registries/model.ts';
import type { Paths } from '../paths.ts';
import { logChanges } from './change-log.ts';
import { pointAtDisk, settleInterrupted } from './interrupted.ts';
import { observe, type Observation } from './observation.ts';
import { makePlan, type Plan, type PlanOptions, type WriteStep } from './plan.ts';
import type { Host } from './ports.ts';
import type { ReadingCache } from './reading-cache.ts';
import type { Actor, GenerationRecord, NewGeneration, Outcome, Pin, Proof } from './record.ts';
import { reloadAndProve, reloadQuietly, type Verdict } from './reload.ts';

/** Who asks, why, and for what. */
export interface Request extends PlanOptions {
  readonly reason: string;
  readonly actor: Actor;
  /** `restore` and `hold` set a pin, `resume` clears it, under the same lock as the reconcile that follows. */
  readonly pin: Pin | 'clear' | null;
  /** How long to wait for the lock. */
  readonly lockTimeoutMs: number;
  /** Called once, as soon as the right file is on disk or it is decided not to write; before any reload. */
  readonly onSettled: () => Promise<void>;
}

/** What a reconcile did. `plan` is null where the state could not even be read. */
export interface Reconciliation {
  readonly outcome: Outcome;
  readonly proof: Proof | null;
  /** The generation in force, or the one that was tried. */
  readonly record: GenerationRecord | null;
  readonly plan: Plan | null;
  readonly seen: Observation | null;
  readonly findings: readonly Finding[];
}

/** How the agent is set up: what every reconcile needs besides the request. */
export interface Agent {
  readonly host: Host;
  readonly paths: Paths;
  readonly settings: Settings;
  readonly readings: ReadingCache;
}

/** Reconciles under the lock. Never throws for a failure of the host: that becomes an outcome with a finding. */
export async function reconcile(agent: Agent, request: Request): Promise<Reconciliation> {
  const result = await attempt(agent, request);
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
    return { outcome, proof: null, record: null, plan: null, seen: null, findings: [findingOf(error)] };
  }
}

/** How long every generation is kept, however many there are. */
const historyMs = 90 * 24 * 3_600_000;

/** How far a reconcile came before it failed. */
interface Progress {
  isWritten: boolean;
}

async function reconcileLocked(agent: Agent, request: Request, progress: Progress): Promise<Reconciliation> {
  const { host, settings, paths } = agent;
  settleInterrupted(host);
  if (request.pin !== null) {
    pointAtDisk(host, request);
    if (request.pin === 'clear') host.pin.clear();
    else host.pin.write(request.pin);
  }
  const seen = await observe(host, settings, agent.readings);
  const plan = makePlan(seen, { paths, settings, options: request, digest: (bytes) => host.digest(bytes) });
  if (plan.wanted.dropPin !== null) host.pin.clear();
  if (plan.disk === 'rewound') pointAtDisk(host, request);
  if (settings.apply !== 'observe') host.accepted.write(seen.policies.accepted);

  if (plan.step.kind === 'write') return write({ agent, request, seen, plan, progress }, plan.step);
  await request.onSettled();
  const result = { record: host.generations.current(), plan, seen };
  if (plan.step.kind === 'stop') {
    return { ...result, outcome: plan.step.outcome, proof: null, findings: plan.findings };
  }
  const verdict = await settlePending(agent, plan);
  if (verdict === null) {
    const outcome = plan.wanted.pin === null ? 'unchanged' : 'held';
    return { ...result, outcome, proof: null, findings: plan.findings };
  }
  return {
    ...result,
    outcome: verdict.outcome,
    proof: verdict.proof,
    findings: withVerdict(plan.findings, verdict),
  };
}

/** One reconcile on its way: who asked, what was seen and what was decided. */
interface Turn {
  readonly agent: Agent;
  readonly request: Request;
  readonly seen: Observation;
  readonly plan: Plan;
  readonly progress: Progress;
}

async function write(turn: Turn, step: WriteStep): Promise<Reconciliation> {
  const { agent, request, seen, plan, progress } = turn;
  const { host, settings } = agent;
  if (step.captureBaseline !== null) host.baseline.capture(step.captureBaseline.bytes);
  const record = host.generations.begin(describe(turn, step));
  try {
    await host.target.replace(step.bytes);
  } catch (error) {
    host.generations.patch(record.number, { outcome: 'refused', proof: 'none' });
    throw error;
  }
  progress.isWritten = true;
  const writtenAt = host.clock.now();
  logChanges(host.log, { record, plan, before: seen.target, after: step.bytes, path: host.target.path });
  await request.onSettled();

  const verdict = await reloadAndProve(host, settings, plan.merged);
  const findings = withVerdict(plan.findings, verdict);
  const result = { outcome: verdict.outcome, proof: verdict.proof, record, plan, seen };
  if (verdict.outcome === 'rolled-back') {
    host.target.takeBack();
    return { ...result, findings: [...findings, ...(await forget(agent, record))] };
  }
  finish(agent, record, verdict, writtenAt);
  return { ...result, findings };
}

/** Marks a text that CRI-O refused, once the file before it stands again; CRI-O would not have started on it. */
async function forget({ host, settings }: Agent, record: GenerationRecord): Promise<readonly Finding[]> {
  host.generations.patch(record.number, { outcome: 'rolled-back', proof: 'refused' });
  const failure = host.crio === null ? null : await reloadQuietly(host.crio, settings);
  return failure === null ? [] : [failure];
}

function finish(
  { host, settings }: Agent,
  record: GenerationRecord,
  { outcome, proof }: Verdict,
  writtenAt: Date,
): void {
  host.generations.patch(record.number, { outcome, proof, writtenAt: writtenAt.toISOString() });
  host.generations.setCurrent(record.number);
  host.target.settle();
  host.generations.prune(settings.historyKeep, new Date(host.clock.now().getTime() - historyMs));
}

/** A reload that did not happen, or was not proven, is tried again at each reconcile until it is. */
async function settlePending(agent: Agent, plan: Plan): Promise<Verdict | null> {
  const { host, settings } = agent;
  const current = host.generations.current();
  if (current === null || (current.proof !== 'pending' && current.outcome !== 'degraded')) return null;
  if (await hasStartedSince(host, current.writtenAt)) {
    host.generations.patch(current.number, { outcome: 'applied', proof: 'started-after' });
    return { outcome: 'applied', proof: 'started-after', finding: null };
  }
  const verdict = await reloadAndProve(host, settings, plan.merged);
  if (verdict.outcome !== 'rolled-back') {
    host.generations.patch(current.number, { outcome: verdict.outcome, proof: verdict.proof });
    return verdict;
  }
  const previous = current.previousDigest === null ? null : host.generations.text(current.previousDigest);
  await host.target.replace(previous);
  host.target.settle();
  const earlier = host.generations
    .list()
    .find(({ digest, outcome }) => digest === current.previousDigest && outcome === 'applied');
  if (earlier !== undefined) host.generations.setCurrent(earlier.number);
  await forget(agent, current);
  return verdict;
}

/** Whether CRI-O has read the file at its own start, so that no reload is owed. */
async function hasStartedSince(host: Host, writtenAt: string | null): Promise<boolean> {
  if (host.crio === null || writtenAt === null) return false;
  const unit = await host.crio.unit();
  return unit.active === 'active' && unit.startedAtMs > Date.parse(writtenAt);
}

function withVerdict(findings: readonly Finding[], { finding }: Verdict): readonly Finding[] {
  return finding === null ? findings : [...findings, finding];
}

function describe({ agent: { host }, request, seen, plan }: Turn, step: WriteStep): NewGeneration {
  const previous = seen.target.state === 'file' ? seen.target.file : null;
  return {
    startedAt: host.clock.now().toISOString(),
    reason: request.reason,
    actor: request.actor,
    digest: step.digest,
    previousDigest: previous?.digest ?? null,
    baselineDigest: seen.baseline.state === 'captured' ? seen.baseline.file.digest : null,
    inputsDigest: plan.inputsDigest,
    policies: seen.policies.files.flatMap(({ path, digest }) => (digest === null ? [] : [{ path, digest }])),
    crioVersion: seen.crioVersion,
    icspdVersion: host.version,
    bootId: host.bootId,
    changes: plan.changes.map(({ sentence }) => sentence),
    origins: Object.fromEntries(
      plan.wanted.conf.registries
        .filter(({ origins }) => origins.length > 0)
        .map((registry) => [scopeOf(registry), registry.origins]),
    ),
    text: step.bytes,
    previousText: previous?.bytes ?? null,
  };
}
