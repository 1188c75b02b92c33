// Keeps the metrics of the daemon: counts what it did, and writes them anew after each reconcile.
import { addToTotals, formatMetrics, readTotals } from '../agent/metrics.ts';
import type { Agent, Reconciliation } from '../agent/reconciliation.ts';
import { describeFinding } from '../finding.ts';
import { findingOf } from '../host-error.ts';
import { readMetrics, writeMetrics } from '../host/metrics.ts';

/** Goes on counting from what the daemon before wrote. The returned function never throws: who cannot tell goes on. */
export function makeMeter({ paths, host }: Agent): (result: Reconciliation, durationMs: number) => void {
  let totals = readTotals(readMetrics(paths));
  let known: Reconciliation | null = null;
  let isBroken = false;
  return (result, durationMs) => {
    totals = addToTotals(totals, result, durationMs / 1000);
    if (result.plan !== null) known = result;
    try {
      const teller = {
        version: host.version,
        now: host.clock.now(),
        digest: (text: string) => host.digest(text),
      };
      writeMetrics(paths, formatMetrics(result, known, totals, teller));
      isBroken = false;
    } catch (error) {
      if (!isBroken) host.log('warning', `no metrics: ${describeFinding(findingOf(error))}`);
      isBroken = true;
    }
  };
}
