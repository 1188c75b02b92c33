// What of an observation, of the settings and of the paths the rendering rests on. PURE.
import type { Settings } from '../config.ts';
import type { ConfFile } from '../registries/merge.ts';
import { findCarrySource } from './carry-source.ts';
import { baselineBytes, type Observation } from './observation.ts';
import type { PlanContext } from './plan.ts';
import type { RenderingInputs } from './rendering.ts';

/** @param dropIns the valid ones, in load order */
export function collectInputs(
  seen: Observation,
  { paths, settings, digest }: PlanContext,
  dropIns: readonly ConfFile[],
): RenderingInputs {
  return {
    content: seen.policies.content,
    baseline: baselineBytes(seen),
    // On first contact the file that would become the baseline is the one to correct.
    baselinePath: seen.baseline.state === 'none' ? paths.registriesConf : paths.baseline,
    inSystem: paths.inSystem,
    contentHosts: settings.contentHosts,
    dropIns,
    isFileRequired: isFileRequired(seen, settings),
    carrySource: findCarrySource(seen, paths, digest),
    crioVersion: seen.crioVersion,
    digest,
  };
}

/** Only after the first write: until then the file is the administrator's business. */
function isFileRequired({ baseline, crioConf }: Observation, { registriesConf }: Settings): boolean {
  const main = crioConf?.main;
  return baseline.state === 'absent' && main?.isTold === true && main.path === registriesConf;
}
