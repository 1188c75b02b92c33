// The answer of icspd status, and what it looks like as JSON.
import type { Answer } from '../agent/health-answer.ts';
import { digestOnDisk } from '../agent/observation.ts';
import { digestNode } from '../agent/node-digests.ts';
import type { Plan } from '../agent/plan.ts';
import type { UnitState } from '../agent/crio-ports.ts';
import type { PublishedStatus } from '../agent/published-status.ts';
import { listWaiting } from '../agent/waiting.ts';
import type { DaemonState } from '../host/daemon.ts';
import type { JournalStorage } from '../host/journal-storage.ts';
import type { NodeFacts } from '../host/node-facts.ts';
import { findContentChoosers } from '../registries/content-choosers.ts';
import type { MergedConf } from '../registries/merge.ts';
import type { Agent } from '../agent/reconciliation.ts';
import type { JsonDocument } from './json-documents.ts';
import type { Look } from './look.ts';
import { jsonFindings } from './output.ts';
import { ageSecondsOf } from './record-words.ts';

export interface StatusReport {
  readonly answer: Answer;
  /** What was published, for who may not read the state himself; else null. */
  readonly told: PublishedStatus | null;
  readonly look: Look;
  /** Null where there is no unit to ask for. */
  readonly unit: UnitState | null;
  readonly daemon: DaemonState;
  readonly facts: NodeFacts | null;
  /** Null below another root, whose journal is none of this system's. */
  readonly journal: JournalStorage | null;
  readonly agent: Agent;
}

/** The shape of status --json. */
export function describeStatus({
  answer,
  told,
  look,
  unit,
  daemon,
  facts,
  journal,
  agent,
}: StatusReport): JsonDocument<'status'> {
  const { seen, plan, findings } = look;
  const { generation, outcome, proof, since } = told ?? inForce(seen);
  return {
    health: answer.health,
    why: answer.why,
    generation,
    outcome,
    proof,
    since,
    digests: {
      ...digestNode(seen, plan, mergedInForce(plan), (text) => agent.host.digest(text)),
      onDisk: digestOnDisk(seen),
    },
    disk: told?.disk ?? plan.disk,
    drift: plan.drift,
    registriesConf: agent.paths.registriesConf,
    baseline: seen.baseline.state,
    pin: plan.wanted.pin,
    pinAgeSeconds: plan.wanted.pin === null ? null : ageSecondsOf(plan.wanted.pin.since, seen.now),
    files: seen.policies.files,
    waiting: listWaiting(plan),
    planDigest: plan.digest,
    contentChoosers: findContentChoosers(mergedInForce(plan)),
    crio: unit === null ? null : { active: unit.active, isFound: unit.isFound, version: seen.crioVersion },
    journal,
    daemon,
    node: facts,
    findings: jsonFindings(findings),
  };
}

/** What status tells of the generation in force. */
export type InForce = Pick<PublishedStatus, 'generation' | 'outcome' | 'proof' | 'since' | 'digest'>;

/** As seen here. */
export function inForce({ current }: Look['seen']): InForce {
  return {
    generation: current?.number ?? null,
    outcome: current?.outcome ?? null,
    proof: current?.proof ?? null,
    since: current?.writtenAt ?? null,
    digest: current?.digest ?? null,
  };
}

/** What CRI-O has now; the rendering knows which policies it comes from, a file on disk does not. */
export function mergedInForce({ step, merged, mergedOnDisk }: Plan): MergedConf {
  return step.kind === 'none' ? merged : mergedOnDisk;
}
