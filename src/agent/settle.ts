// What becomes of a file once it is on disk: CRI-O is made to load it, and then it stays, or the one before it comes back.
import type { Finding } from '../finding.ts';
import { findingOf, HostError } from '../host-error.ts';
import { findEarlier, findSafe, type EarlierText } from './earlier-text.ts';
import { giveUpHold } from './hold.ts';
import { digestOnDisk, type Observation } from './observation.ts';
import type { Plan } from './plan.ts';
import type { Agent, Reconciliation, Request } from './reconciliation.ts';
import type { GenerationRecord, Pin, ReloadFailures } from './record.ts';
import { judgeLastStart, proveUnreloaded, reloadAndProve, reloadQuietly, type Verdict } from './reload.ts';
import { countReload, dueMs } from './reload-backoff.ts';
import { stampWritten, type Written } from './written.ts';

/** One reconcile on its way: who asked, what was seen and what was decided. */
export interface Turn {
  readonly agent: Agent;
  readonly request: Request;
  readonly seen: Observation;
  readonly plan: Plan;
  /** The hold before this reconcile. */
  readonly pinBefore: Pin | null;
  readonly progress: Progress;
}

/** How far a reconcile came before it failed. */
export interface Progress {
  isWritten: boolean;
}

/** What came of the reload, with what is held now. */
export type Settled = Pick<
  Reconciliation,
  'outcome' | 'proof' | 'hold' | 'findings' | 'isCrioDown' | 'reloadDueMs'
>;

/** How long every generation is kept, however many there are. */
const historyMs = 90 * 24 * 3_600_000;

/** Settles a file that was just written: the old one is still kept beside it. */
export async function settleWritten(
  turn: Turn,
  record: GenerationRecord,
  written: Written,
): Promise<Settled> {
  const { host, settings } = turn.agent;
  const verdict = await reloadAndProve(host, settings, { merged: turn.plan.merged, written });
  if (verdict.outcome === 'rolled-back') return putBack(turn, record, verdict, 'kept beside');
  const { outcome, proof } = verdict;
  const reloadFailures = countReload(turn, record, verdict);
  const troubles = collectTroubles();
  // In this order: cut off in between, the record is still pending, and is settled by the next reconcile.
  troubles.from(() => {
    host.generations.setCurrent(record.number);
    host.generations.patch(record.number, { outcome, proof, ...written, reloadFailures });
  });
  troubles.from(() => host.target.settle());
  host.generations.prune(settings.historyKeep, new Date(host.clock.now().getTime() - historyMs));
  const findings = [...findingsOf(verdict), ...troubles.findings];
  return { outcome, proof, hold: turn.plan.wanted.pin, findings, ...dueAgain(turn, reloadFailures) };
}

/**
 * Goes on with what is owed to the file in force: a reload that did not happen or was not proven is tried again until it is,
 * by the daemon ever later; and a CRI-O that does not start on the file gets an earlier one. Null where nothing is owed.
 * The file may have been written long ago, by a process that was cut off, or before a boot: what stood before it is in the
 * history only.
 */
export async function settlePending(turn: Turn): Promise<Settled | null> {
  const { host, settings } = turn.agent;
  const current = host.generations.current();
  if (current === null) return null;
  const { merged, wanted } = turn.plan;
  const on = { merged, written: current };
  const waitMs = turn.request.isPatient === true ? dueMs(turn, current.reloadFailures) : 0;
  const verdict = !isOwed(current)
    ? await judgeLastStart(host, settings, on)
    : waitMs === 0
      ? await reloadAndProve(host, settings, on)
      : await proveUnreloaded(host, settings, on);
  if (verdict === null) return waitForReload(turn, current, waitMs);
  if (verdict === 'up') return null;
  if (verdict === 'down') {
    const outcome = wanted.pin === null ? 'unchanged' : 'held';
    return { outcome, proof: null, hold: wanted.pin, findings: [], isCrioDown: true };
  }
  if (verdict.outcome === 'rolled-back') return putBack(turn, current, verdict, 'in the history');
  const { outcome, proof } = verdict;
  const reloadFailures = countReload(turn, current, verdict);
  const isNews = outcome !== current.outcome || proof !== current.proof;
  if (isNews || reloadFailures !== (current.reloadFailures ?? null)) {
    host.generations.patch(current.number, { outcome, proof, reloadFailures });
  }
  const findings = findingsOf(verdict);
  // A file that waits for CRI-O as before was applied then, and not by this look.
  const said = outcome === 'applied' && !isNews ? 'unchanged' : outcome;
  return { outcome: said, proof, hold: wanted.pin, findings, ...dueAgain(turn, reloadFailures) };
}

/** The reload failed before, and it is too early for another: what was told then still holds. */
function waitForReload({ plan }: Turn, { reloadFailures }: GenerationRecord, reloadDueMs: number): Settled {
  const finding = reloadFailures?.finding ?? null;
  const findings = finding === null ? [] : [finding];
  return { outcome: 'degraded', proof: null, hold: plan.wanted.pin, findings, reloadDueMs };
}

function dueAgain(turn: Turn, failures: ReloadFailures | null): Pick<Settled, 'reloadDueMs'> {
  const reloadDueMs = dueMs(turn, failures);
  return reloadDueMs === 0 ? {} : { reloadDueMs };
}

/** `rolled-back` and still in force: the taking back was cut off. A proof in words of a newer icspd proves nothing. */
function isOwed({ proof, outcome }: GenerationRecord): boolean {
  return proof === 'pending' || proof === 'unknown' || outcome === 'degraded' || outcome === 'rolled-back';
}

/**
 * Takes a text back that CRI-O refused: left on disk, CRI-O would not start on it. Whichever way the text came to the disk,
 * 1. its hold is given up, 2. the text before it stands again, 3. the record says why, so that it is not tried again,
 * 4. CRI-O is reloaded, though it never left what it had loaded before. Cut off in between, the next reconcile goes on:
 * after 1 the text is there and not held; after 2 the record is pending and its text not on disk, so it never happened.
 * A text that is current already is marked before 2: it is still owed, but never again taken for what should be there.
 * @param where the text before is: `kept beside` the file, one rename away, which needs no space; or `in the history`
 */
async function putBack(
  turn: Turn,
  record: GenerationRecord,
  verdict: Verdict,
  where: 'kept beside' | 'in the history',
): Promise<Settled> {
  const { host, settings } = turn.agent;
  const troubles = collectTroubles();
  const hold = troubles.from(() => giveUpHold(host, turn.pinBefore, record.digest)) ?? null;
  const earlier =
    verdict.of === 'start'
      ? findSafe(turn.agent, record, turn.seen.crioVersion)
      : findEarlier(turn.agent, record);
  // Nothing is known that CRI-O would accept: a file that it refuses is no worse than another, and this one is ours.
  if (earlier === null) return keepRefused(turn, record, verdict, hold);
  const { inputsDigest } = turn.plan;
  const refused = { outcome: 'rolled-back', proof: 'refused', inputsDigest, reloadFailures: null } as const;
  if (host.generations.current()?.number === record.number)
    troubles.from(() => host.generations.patch(record.number, refused));
  if (where === 'kept beside' && earlier.isPrevious) {
    host.target.takeBack();
  } else {
    await host.target.replace(
      earlier.bytes,
      where === 'kept beside' ? record.digest : digestOnDisk(turn.seen),
    );
    host.target.settle();
  }
  turn.progress.isWritten = false;
  troubles.from(() => {
    pointBack(turn, record, earlier);
    host.generations.patch(record.number, refused);
  });
  const failure = host.crio === null ? null : await reloadQuietly(host.crio, settings);
  const findings = [...findingsOf(verdict), ...(failure === null ? [] : [failure]), ...troubles.findings];
  return { outcome: verdict.outcome, proof: verdict.proof, hold, findings };
}

/**
 * Collects failures of the bookkeeping, as on a full /var: they are told, but neither keep a refused file on disk nor make
 * a written one anything else. The record is then still pending, which the next reconcile settles.
 */
function collectTroubles(): { readonly findings: Finding[]; from<T>(work: () => T): T | undefined } {
  const findings: Finding[] = [];
  return {
    findings,
    from(work) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        findings.push(findingOf(error));
        return undefined;
      }
    },
  };
}

/**
 * `current` never names a text that was taken back. What stands again was written only now: what CRI-O said before of the
 * refused text says nothing of it.
 */
function pointBack({ agent: { host } }: Turn, refused: GenerationRecord, { digest }: EarlierText): void {
  const current = host.generations.current();
  if (current !== null && current.digest === digest) return;
  const known = host.generations
    .walk()
    .find(
      (record) => record.digest === digest && (record.outcome === 'applied' || record.outcome === 'degraded'),
    );
  if (known !== undefined && known.number !== refused.number) {
    host.generations.setCurrent(known.number);
    host.generations.patch(known.number, { ...stampWritten(host), reloadFailures: null });
  } else if (current?.number === refused.number) {
    host.generations.setCurrent(null);
  }
}

function keepRefused(turn: Turn, record: GenerationRecord, verdict: Verdict, hold: Pin | null): Settled {
  const { host } = turn.agent;
  const { number } = record;
  host.target.settle();
  host.generations.setCurrent(number);
  const reloadFailures = countReload(turn, record, { ...verdict, outcome: 'degraded' });
  const stamp = { ...stampWritten(host), reloadFailures };
  host.generations.patch(number, { outcome: 'degraded', proof: 'refused', ...stamp });
  const findings = findingsOf(verdict);
  return { outcome: 'degraded', proof: 'refused', hold, findings, ...dueAgain(turn, reloadFailures) };
}

function findingsOf({ finding }: Verdict): readonly Finding[] {
  return finding === null ? [] : [finding];
}
