// Whether what policies want closed is closed where something other than their rendering is in force. PURE.
import type { Settings } from '../config.ts';
import { judgeDigestMirrors } from '../compose/digest-mirrors.ts';
import { judgeProtections } from '../compose/protections.ts';
import type { Finding } from '../finding.ts';
import type { Plan } from './plan.ts';

/**
 * Errors for protections that are not in force since something else is: a text that the operator holds, a file that may
 * not be replaced, or one whose change waits for an order. Under `apply = "observe"` nothing is in force on purpose, and
 * the changes that wait say all. What the rendering itself cannot close it has said already.
 */
export function judgeEnforcement(
  { rendering, wanted, step, merged, mergedOnDisk }: Omit<Plan, 'findings'>,
  apply: Settings['apply'],
  registriesConf: string,
): readonly Finding[] {
  if (apply === 'observe') return [];
  const isStopped = step.kind === 'stop';
  if (!isStopped && wanted.conf === rendering.conf) return [];
  const told = new Set(rendering.findings.map(keyOf));
  const state = {
    protections: rendering.protections,
    composed: rendering.conf,
    merged: isStopped ? mergedOnDisk : merged,
    mainFile: registriesConf,
    remedy: describeWay(step, wanted),
  };
  return [...judgeProtections(state), ...judgeDigestMirrors(state)].filter(
    (found) => !told.has(keyOf(found)),
  );
}

/** What an operator does to have the rendering in force. */
function describeWay(step: Plan['step'], { pin }: Plan['wanted']): string {
  if (step.kind === 'stop')
    return 'do what the other findings of icspd status say, so that icspd can write the file';
  return pin === null
    ? 'look at icspd diff; run icspd apply to make the changes that wait'
    : 'run icspd resume to follow the policies again';
}

function keyOf({ id, file, line, column, message }: Finding): string {
  return JSON.stringify([id, file, line, column, message]);
}
