// Whether what policies want closed is closed where something other than their rendering is in force. PURE.
import { judgeProtections } from '../compose/protections.ts';
import type { Finding } from '../finding.ts';
import type { MergedConf } from '../registries/merge.ts';
import type { Step } from './decision.ts';
import type { Wanted } from './pin-choice.ts';
import type { Rendering } from './rendering.ts';

/** What may be in force in place of the rendering. */
export interface Standing {
  readonly rendering: Rendering;
  readonly wanted: Wanted;
  readonly step: Step;
  /** What will be in force if the plan is carried out, and what is now. */
  readonly merged: MergedConf;
  readonly mergedOnDisk: MergedConf;
  readonly registriesConf: string;
}

/**
 * Errors for protections that a pin, or a file that may not be replaced, keeps from being in force. What waits because
 * the operator set it so is among the changes that wait. What the rendering itself cannot close it has said already.
 */
export function judgeStanding(standing: Standing): readonly Finding[] {
  const { rendering, wanted, step, merged, mergedOnDisk, registriesConf } = standing;
  const isRefused = step.kind === 'stop' && step.outcome !== 'parked';
  if (!isRefused && wanted.pin === null) return [];
  const told = new Set(rendering.findings.map(keyOf));
  return judgeProtections({
    protections: rendering.protections,
    composed: rendering.conf,
    merged: isRefused ? mergedOnDisk : merged,
    mainFile: registriesConf,
  }).filter((found) => !told.has(keyOf(found)));
}

function keyOf({ id, file, line, column, message }: Finding): string {
  return JSON.stringify([id, file, line, column, message]);
}
