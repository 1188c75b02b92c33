// What a reconcile found and did, as the status that everybody may read. PURE but for the record that it reads.
import { titleOf, type Finding } from '../finding.ts';
import { HostError } from '../host-error.ts';
import { answer } from './health-answer.ts';
import type { Host } from './ports.ts';
import type { PublishedStatus } from './published-status.ts';
import type { Agent, Reconciliation, Request } from './reconciliation.ts';
import type { GenerationRecord } from './record.ts';
import { listWaiting } from './waiting.ts';

/** The next look is late by then: the resync, its jitter, and what a look takes. */
const lateness = 1.1;
const longestLookMs = 60_000;

/** Describes the node after a reconcile. What the look did not find out is null. */
export function publishedStatus(agent: Agent, request: Request, result: Reconciliation): PublishedStatus {
  const { host, settings, paths } = agent;
  const { outcome, plan, seen, hold, findings } = result;
  const isWritten = plan?.step.kind === 'write' && (outcome === 'applied' || outcome === 'degraded');
  const current = readCurrent(host);
  const { health, why } = answer(
    {
      findings,
      target: isWritten ? null : (seen?.target ?? null),
      plan: isWritten ? null : plan,
      current,
      crioState: null,
      reloadUnit: settings.reloadUnit,
      isDaemonMissing: false,
    },
    ({ id }) => titleOf(id),
  );
  const nowMs = host.clock.now().getTime();
  const staleMs = nowMs + settings.resyncMs * lateness + longestLookMs;
  return {
    look: {
      at: new Date(nowMs).toISOString(),
      staleAt: new Date(staleMs).toISOString(),
      by: request.actor.command,
      outcome,
      icspdVersion: host.version,
    },
    // Whether a daemon runs is not asked here.
    health: health === 'not running' ? 'attention' : health,
    why,
    generation: current?.number ?? null,
    outcome: current?.outcome ?? null,
    proof: current?.proof ?? null,
    since: current?.writtenAt ?? null,
    digest: current?.digest ?? null,
    disk: isWritten ? 'ours' : (plan?.disk ?? null),
    registriesConf: paths.registriesConf,
    pin: hold === null ? null : { generation: hold.generation, since: hold.since, until: hold.until },
    files: (seen?.policies.files ?? []).map(({ path, state, standingInSince }) => ({
      path,
      state,
      standingInSince,
    })),
    waitingCount: plan === null ? 0 : isWritten ? plan.parked.length : listWaiting(plan).length,
    planDigest: plan?.digest ?? null,
    crioVersion: seen?.crioVersion ?? null,
    findings: findings.map(withoutText),
  };
}

/** The record as it is completed by now; null also where the state cannot be read. */
function readCurrent({ generations }: Host): GenerationRecord | null {
  try {
    return generations.current();
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

/** Message and help quote what stands in files. */
function withoutText({ id, severity, file, line, column }: Finding): PublishedStatus['findings'][number] {
  return { id, severity, title: titleOf(id), file, line, column };
}
