// What a plan has to tell, inputs first and the decision last. PURE.
import { giveColumns } from '../compose/columns.ts';
import type { Settings } from '../config.ts';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { describeOtherEtc } from './booted-etc.ts';
import type { GuardVerdict } from './guards.ts';
import { judgeLogins } from './mirror-logins.ts';
import type { Observation } from './observation.ts';
import { describeParked } from './permitted.ts';
import type { Plan, PlanContext } from './plan.ts';
import { judgeEnforcement } from './protection.ts';
import { judgePullKinds } from './pull-kinds.ts';

/** What is told of a plan besides what can be seen from it. */
export interface Asides {
  readonly dropIns: readonly Finding[];
  readonly guards: Pick<GuardVerdict, 'blocked' | 'parkedRemoval'>;
  readonly decision: readonly Finding[];
}

/** The order stays: whoever reads several findings of one file reads the cause before what comes of it. */
export function describePlan(
  seen: Observation,
  plan: Omit<Plan, 'findings'>,
  { paths, settings }: PlanContext,
  { dropIns, guards, decision }: Asides,
): readonly Finding[] {
  const isStopped = plan.step.kind === 'stop';
  return [
    ...seen.policies.findings,
    ...(seen.baseline.state === 'captured' ? seen.baseline.findings : []),
    ...(seen.target.state === 'file' ? seen.target.findings : []),
    ...describeVersion(seen),
    ...describeOtherConf(seen, settings),
    ...plan.rendering.findings,
    ...seen.dropIns.findings,
    ...dropIns,
    ...plan.merged.findings,
    ...judgePullKinds(isStopped ? plan.mergedOnDisk : plan.merged, seen.crioVersion),
    ...plan.wanted.findings,
    ...judgeEnforcement(plan, settings.apply, paths.registriesConf),
    ...giveColumns(judgeLogins(plan.merged, seen.logins), seen.policies.content),
    ...(guards.parkedRemoval === null ? [] : [guards.parkedRemoval]),
    ...describeParked(plan.parked, paths.registriesConf),
    ...seen.needed.findings,
    ...(isStopped ? guards.blocked.notMade : guards.blocked.made),
    ...describeOtherEtc(seen.otherEtc, plan.disk, paths),
    ...decision,
  ];
}

function describeVersion({ crioVersion }: Observation): readonly Finding[] {
  if (crioVersion !== null) return [];
  const sentence = 'the version of CRI-O is not known, and taken as the newest';
  const remedy = 'set assume-crio-version in icspd.conf if it is older than 1.25';
  return [finding('crioVersionUnknown', null, sentence, remedy)];
}

/** Nothing that icspd writes counts while CRI-O reads another file. */
function describeOtherConf({ crioConf }: Observation, { registriesConf }: Settings): readonly Finding[] {
  const otherConf = crioConf?.main ?? null;
  if (otherConf === null || otherConf.path === registriesConf) return [];
  const { path, isTold } = otherConf;
  const sentence = `CRI-O reads ${quote(path)} in place of ${quote(registriesConf)}, so that no policy has an effect`;
  const remedy = isTold
    ? `remove --registries-conf (or CONTAINER_REGISTRIES_CONF) from the unit of CRI-O`
    : `move what is in ${quote(path)} into policies or the baseline, and remove it`;
  return [finding('otherFileRead', wholeFile(path), sentence, remedy)];
}
