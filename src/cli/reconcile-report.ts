// What apply, restore and resume say about the reconcile that they made.
import type { Reconciliation } from '../agent/reconcile.ts';
import type { Outcome } from '../agent/record.ts';
import { escape } from '../escape.ts';
import { hasErrors } from '../finding.ts';
import { jsonFindings, paint, type Output } from './output.ts';

const sentences: Readonly<Record<Outcome, string>> = {
  applied: 'applied',
  unchanged: 'unchanged: registries.conf is as the policies say',
  parked: 'parked: the changes wait, nothing was written',
  held: 'held: an operator holds the configuration, nothing was written',
  refused: 'refused: nothing was written',
  'rolled-back': 'rolled back: CRI-O refused the file, the previous one stands',
  degraded: 'degraded: the file is written, but CRI-O was not seen to load it',
};

/** Prints outcome, changes, proof and findings. */
export function reportReconciliation(output: Output, result: Reconciliation): void {
  const { outcome, proof, record, plan, findings } = result;
  const generation = record?.number ?? null;
  const changes = plan?.step.kind === 'none' ? [] : (plan?.changes ?? []);
  if (output.isJson) {
    output.printJson({ outcome, proof, generation, changes, findings: jsonFindings(findings) });
    return;
  }
  output.printFindings(findings);
  const isGood = outcome === 'applied' || outcome === 'unchanged';
  output.print(paint(sentences[outcome], isGood ? '32' : '33', output.hasColorOut));
  for (const change of changes) output.print(`  ${change.class}: ${escape(change.sentence)}`);
  if (outcome === 'applied' && generation !== null) {
    output.print(`  generation ${generation}, proof: ${proof ?? 'none'}`);
  }
}

/** Exit status of apply: 0 if the file is as wanted and no file or entry was refused. */
export function exitCodeOf({ outcome, findings }: Reconciliation): number {
  return (outcome === 'applied' || outcome === 'unchanged') && !hasErrors(findings) ? 0 : 1;
}
