// When a reload that failed is tried again: ever later, also across restarts of icspd, but at once where somebody changed something.
import type { GenerationRecord, ReloadFailures } from './record.ts';
import type { Verdict } from './reload.ts';
import type { Turn } from './settle.ts';
import { baselineDigestOf } from './sources.ts';

/** After the first failure; each further one doubles it, up to the time between two looks. */
const firstWaitMs = 2_000;

/** The failures of a generation with this verdict; null where none counts any more. What was not tried has not failed. */
export function countReload(
  turn: Turn,
  { reloadFailures: before = null }: GenerationRecord,
  { of, outcome, finding }: Verdict,
): ReloadFailures | null {
  if (outcome !== 'degraded') return null;
  if (of !== 'reload') return before;
  const inputsDigest = digestInputs(turn);
  const isOneMore = before?.inputsDigest === inputsDigest;
  const lastAt = turn.agent.host.clock.now().toISOString();
  return { failures: isOneMore ? before.failures + 1 : 1, lastAt, inputsDigest, finding };
}

/** In how many ms the next reload is due; 0: now, also where a clock that was set back says nothing of how long ago the last was. */
export function dueMs(turn: Turn, failed: ReloadFailures | null | undefined): number {
  if (failed?.inputsDigest !== digestInputs(turn)) return 0;
  const { host, settings } = turn.agent;
  const sinceMs = host.clock.now().getTime() - Date.parse(failed.lastAt);
  if (sinceMs < 0) return 0;
  const waitMs = Math.min(firstWaitMs * 2 ** (failed.failures - 1), settings.resyncMs);
  return Math.max(0, waitMs - sinceMs);
}

/** What somebody may have changed so that the next reload does not fail. */
function digestInputs({ agent: { host, settings }, seen, plan }: Turn): string {
  const policies = seen.policies.files.map(({ path, state, digest }) => [path, state, digest]);
  return host.digest(JSON.stringify([plan.inputsDigest, policies, baselineDigestOf(seen), settings]));
}
