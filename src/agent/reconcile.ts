// One reconcile: look at the whole desired and the whole actual state, make the second equal the first. The only way to registries.conf.
import type { Settings } from '../config.ts';
import type { Finding } from '../finding.ts';
import { scopeOf } from '../registries/model.ts';
import type { Paths } from '../paths.ts';
import { logChanges } from './change-log.ts';
import { findingOf, pointAtDisk, settleInterrupted } from './interrupted.ts';
import { observe, type Observation } from './observation.ts';
import { makePlan, type Plan, type PlanOptions, type WriteStep } from './plan.ts';
import type { Host } from './ports.ts';
import type { Actor, GenerationRecord, Outcome, Pin, Proof } from './record.ts';
import { reloadAndProve, type Verdict } from './reload.ts';

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
  readonly generation: number | null;
  readonly plan: Plan | null;
  readonly seen: Observation | null;
  readonly findings: readonly Finding[];
}

/** How the agent is set up: what every reconcile needs besides the request. */
export interface Agent {
  readonly host: Host;
  readonly paths: Paths;
  readonly settings: Settings;
}

/** Reconciles under the lock. Never throws for a failure of the host: that becomes an outcome with a finding. */
export async function reconcile(agent: Agent, request: Request): Promise<Reconciliation> {
  try {
    return await agent.host.lock.hold(request.lockTimeoutMs, () => reconcileLocked(agent, request));
  } catch (error) {
    await request.onSettled();
    return { outcome: 'refused', proof: null, generation: null, plan: null, seen: null, findings: [findingOf(error)] };
  }
}

async function reconcileLocked(agent: Agent, request: Request): Promise<Reconciliation> {
  const { host, settings, paths } = agent;
  settleInterrupted(host);
  if (request.pin !== null) {
    pointAtDisk(host, request);
    if (request.pin === 'clear') host.pin.clear();
    else host.pin.write(request.pin);
  }
  const seen = await observe(host, settings);
  const plan = makePlan(seen, { paths, settings, options: request, digest: (bytes) => host.digest(bytes) });
  if (plan.wanted.dropPin !== null) host.pin.clear();
  if (plan.disk === 'rewound') pointAtDisk(host, request);
  if (settings.apply !== 'observe') host.accepted.write(seen.policies.accepted);

  if (plan.step.kind === 'write') return write(agent, request, seen, plan, plan.step);
  await request.onSettled();
  const result = { generation: seen.current?.number ?? null, plan, seen };
  if (plan.step.kind === 'stop') {
    return { ...result, outcome: plan.step.outcome, proof: null, findings: plan.findings };
  }
  const verdict = await settlePending(agent, plan);
  const outcome = verdict === null ? (plan.wanted.pin === null ? 'unchanged' : 'held') : outcomeOf(verdict.proof);
  return { ...result, outcome, proof: verdict?.proof ?? null, findings: withVerdict(plan.findings, verdict) };
}

async function write(
  agent: Agent,
  request: Request,
  seen: Observation,
  plan: Plan,
  step: WriteStep,
): Promise<Reconciliation> {
  const { host, settings } = agent;
  if (step.captureBaseline !== null) host.baseline.capture(step.captureBaseline.bytes);
  const record = host.generations.begin(describe(host, request, seen, plan, step));
  try {
    await host.target.replace(step.bytes);
  } catch (error) {
    host.generations.patch(record.number, { outcome: 'refused', proof: 'none' });
    throw error;
  }
  logChanges(host.log, { record, plan, before: seen.target, after: step.bytes, path: host.target.path });
  await request.onSettled();

  const verdict = await reloadAndProve(host, settings, plan.merged);
  if (verdict.proof === 'refused') return rollBack(agent, seen, plan, record, verdict);
  finish(host, settings, record, verdict);
  return {
    outcome: outcomeOf(verdict.proof),
    proof: verdict.proof,
    generation: record.number,
    plan,
    seen,
    findings: withVerdict(plan.findings, verdict),
  };
}

/** CRI-O keeps the old configuration after a refusal, but would not start on this file: the old one must stand again. */
async function rollBack(
  agent: Agent,
  seen: Observation,
  plan: Plan,
  record: GenerationRecord,
  verdict: Verdict,
): Promise<Reconciliation> {
  const { host, settings } = agent;
  host.target.takeBack();
  host.generations.patch(record.number, { outcome: 'rolled-back', proof: 'refused' });
  await host.crio?.reload(settings.reloadTimeoutMs);
  return {
    outcome: 'rolled-back',
    proof: 'refused',
    generation: record.number,
    plan,
    seen,
    findings: withVerdict(plan.findings, verdict),
  };
}

function finish(host: Host, settings: Settings, record: GenerationRecord, verdict: Verdict): void {
  host.generations.patch(record.number, {
    outcome: outcomeOf(verdict.proof),
    proof: verdict.proof,
    writtenAt: host.clock.now().toISOString(),
  });
  host.generations.setCurrent(record.number);
  host.target.settle();
  const ninetyDaysMs = 90 * 24 * 3_600_000;
  host.generations.prune(settings.historyKeep, new Date(host.clock.now().getTime() - ninetyDaysMs));
}

/** A reload that did not happen, or was not proven, is tried again at each reconcile until it is. */
async function settlePending(agent: Agent, plan: Plan): Promise<Verdict | null> {
  const { host, settings } = agent;
  const current = host.generations.current();
  const isDue = current?.proof === 'pending' || current?.proof === 'blocked-elsewhere' || current?.outcome === 'degraded';
  if (current === null || !isDue) return null;
  const unit = (await host.crio?.unit()) ?? null;
  const hasRestarted =
    unit?.active === 'active' && current.writtenAt !== null && unit.startedAtMs > Date.parse(current.writtenAt);
  const verdict: Verdict = hasRestarted
    ? { proof: 'started-after', finding: null }
    : await reloadAndProve(host, settings, plan.merged);
  if (verdict.proof === 'refused') {
    // Our file stands since an earlier apply and passed validation then: keep it and say so, rather than guess at an older one.
    return { ...verdict, proof: 'blocked-elsewhere' };
  }
  host.generations.patch(current.number, { outcome: outcomeOf(verdict.proof), proof: verdict.proof });
  return verdict;
}

function outcomeOf(proof: Proof): Outcome {
  switch (proof) {
    case 'applied':
    case 'started-after':
    case 'none':
    case 'pending':
      return 'applied';
    case 'blocked-elsewhere':
      return 'degraded';
    case 'refused':
      return 'rolled-back';
  }
}

function withVerdict(findings: readonly Finding[], verdict: Verdict | null): readonly Finding[] {
  return verdict?.finding == null ? findings : [...findings, verdict.finding];
}

function describe(
  host: Host,
  request: Request,
  seen: Observation,
  plan: Plan,
  step: WriteStep,
): Parameters<Host['generations']['begin']>[0] {
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
