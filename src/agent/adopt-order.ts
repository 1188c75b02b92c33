// The order to adopt, taken in under the lock: what the operator was shown is looked at once more.
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { describeNeedOfForce, planAdoption } from './adoption.ts';
import type { NewBaseline } from './new-baseline.ts';
import type { Observation } from './observation.ts';
import type { PlanOptions } from './plan.ts';
import { contextOf, type Agent, type Request } from './reconciliation.ts';

/** The baseline that the request orders (null: none), or why it cannot be obeyed. */
export function orderedBaseline(
  agent: Agent,
  { adopt }: Request,
  seen: Observation,
  options: PlanOptions,
): { readonly baseline: NewBaseline | null; readonly refusals: readonly Finding[] } {
  if (adopt === undefined) return { baseline: null, refusals: [] };
  const { host, paths } = agent;
  const adoption = planAdoption(seen, contextOf(agent, options), (digest) => host.generations.text(digest));
  switch (adoption.kind) {
    // Somebody put it right meanwhile: then this is a reconcile like any other.
    case 'nothing':
      return { baseline: null, refusals: [] };
    case 'refused':
      return { baseline: null, refusals: adoption.findings };
    case 'adopt': {
      if (adoption.digest !== adopt.digest) {
        const help = 'run icspd adopt again, and look at what it shows';
        const sentence = 'the file has changed since it was looked at, and is not adopted';
        const refusal = finding('adoptRefused', wholeFile(paths.registriesConf), sentence, help);
        return { baseline: null, refusals: [refusal] };
      }
      if (adoption.needsForce && !adopt.force)
        return { baseline: null, refusals: [describeNeedOfForce(adoption, paths.registriesConf)] };
      return { baseline: { bytes: adoption.bytes, by: 'adopt' }, refusals: [] };
    }
  }
}
