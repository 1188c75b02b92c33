// Keeps the metrics of the daemon: counts what it did, and writes them anew after each reconcile.
import { addToTotals, formatNode, formatTurn, readTotals } from '../agent/metrics.ts';
import type { Agent, Reconciliation } from '../agent/reconciliation.ts';
import { describeFinding } from '../finding.ts';
import { findingOf } from '../host-error.ts';
import { readMetrics, writeMetrics } from '../host/metrics.ts';

/** Goes on counting from what the daemon before wrote. The returned function never throws: who cannot tell goes on. */
export function makeMeter({ paths, host }: Agent): (result: Reconciliation, durationMs: number) => void {
  let totals = readTotals(readMetrics(paths));
  // Text, since a reconciliation holds all that was read for it. What a look that failed does not know stays as it was.
  let node = '';
  let isBroken = false;
  const teller = { version: host.version, digest: (text: string) => host.digest(text) };
  return (result, durationMs) => {
    totals = addToTotals(totals, result, durationMs / 1000);
    try {
      node = formatNode(result, teller) ?? node;
      writeMetrics(paths, node + formatTurn(result, totals, host.clock.now()));
      isBroken = false;
    } catch (error) {
      if (!isBroken) host.log('warning', `no metrics: ${describeFinding(findingOf(error))}`);
      isBroken = true;
    }
  };
}
