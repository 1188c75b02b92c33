// What reconcile would do now, and why. PURE: `diff`, `apply` and the daemon all execute or print this same plan.
import type { Settings } from '../config.ts';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { compareConfs, type Change } from '../registries/compare.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { mergeConfs, type MergedConf } from '../registries/merge.ts';
import { giveColumns } from '../compose/columns.ts';
import { decide, type PlanOptions, type Step } from './decision.ts';
import { classifyDisk, type DiskState } from './disk-state.ts';
import { describeDrift } from './drift.ts';
import { describeOtherEtc } from './booted-etc.ts';
import { readDropIns } from './drop-in-files.ts';
import { judgeChange } from './guards.ts';
import { chooseLayering, type Layering } from './layering.ts';
import { onNewBaseline, type NewBaseline } from './new-baseline.ts';
import { baselineBytes, confOnDisk, type Observation } from './observation.ts';
import { findInForce } from './in-force.ts';
import type { Paths } from '../paths.ts';
import { judgeLogins } from './mirror-logins.ts';
import { choosePin, type Wanted } from './pin-choice.ts';
import { describeParked, permitSafe } from './permitted.ts';
import { judgeStanding } from './protection.ts';
import { judgePullKinds } from './pull-kinds.ts';
import { makeRendering, unusable, type Rendering, type RenderingInputs } from './rendering.ts';
import { findTextInForce, moveTextInForce } from './text-in-force.ts';

export { plainOptions, type PlanOptions, type WriteStep } from './decision.ts';

export interface Plan {
  /** What the policies and the baseline ask for, whether or not an operator's pin stands before it. */
  readonly rendering: Rendering;
  readonly wanted: Wanted;
  readonly disk: DiskState;
  readonly step: Step;
  /** From the file on disk to the wanted one. */
  readonly changes: readonly Change[];
  /** From the wanted file to the rendering: what `apply = "safe"` leaves to the operator. */
  readonly parked: readonly Change[];
  /** sha256 over the rendering and all changes from the file on disk to it, the same on equal nodes; null where nothing is rendered. */
  readonly digest: string | null;
  /** What somebody else changed in the file that was in force. */
  readonly drift: readonly Change[];
  /** What CRI-O should hold once the wanted file is in force: with the drop-ins laid over it. */
  readonly merged: MergedConf;
  /** The same of the file that is on disk now. */
  readonly mergedOnDisk: MergedConf;
  readonly findings: readonly Finding[];
  /** Something cannot be read, and no record says what of the rendering in force came from it. */
  readonly lacksProvenance: boolean;
  /** sha256 over what CRI-O's verdict on the same text depends on. */
  readonly inputsDigest: string;
}

export interface PlanContext {
  readonly paths: Paths;
  readonly settings: Settings;
  readonly options: PlanOptions;
  /** What the operator orders to take as the baseline. */
  readonly adopted?: NewBaseline;
  /** sha256 in hex. */
  readonly digest: (bytes: Uint8Array | string) => string;
}

/** Decides. Nothing else but the observation and the settings has a say. */
export function makePlan(seen: Observation, context: PlanContext): Plan {
  const { paths, settings, options, digest } = context;
  const dropIns = readDropIns(seen.dropIns.files);
  const standing = findInForce(seen, paths, digest);
  const current = seen.current === null ? null : { digest: seen.current.digest, bytes: seen.currentBytes };
  const disk = classifyDisk(seen.target, seen.baseline, current, digest);
  const layering = findLayering(seen, disk, context);
  const ground =
    layering.kind === 'layer' ? onNewBaseline(seen, layering.baseline, paths.baseline, digest) : seen;
  // An unusable baseline is told by the decision; without it there is nothing to layer policies on.
  const inputs: RenderingInputs = {
    content: seen.policies.content,
    baseline: baselineBytes(ground),
    // On first contact the file that would become the baseline is the one to correct.
    baselinePath: ground.baseline.state === 'none' ? paths.registriesConf : paths.baseline,
    inSystem: paths.inSystem,
    contentHosts: settings.contentHosts,
    dropIns: dropIns.valid,
    isFileRequired: isFileRequired(ground, settings),
    inForce: standing,
    crioVersion: seen.crioVersion,
    digest,
  };
  const rendering = ground.baseline.state === 'unusable' ? unusable(emptyConf, []) : makeRendering(inputs);
  const before = confOnDisk(seen, paths);
  const last = findTextInForce(seen, disk, before, paths);
  const inForce = ground === seen ? last : moveTextInForce(last, seen, ground, before, paths);
  const isCautious = settings.apply === 'safe' && !options.allowRisky && context.adopted === undefined;
  const permitted = isCautious ? permitSafe(inForce, rendering, inputs) : { rendering, parked: [] };
  const wanted = choosePin(seen, permitted.rendering, paths);
  const parked = wanted.pin === null ? permitted.parked : [];
  const inputsDigest = digest(
    JSON.stringify([
      seen.dropIns.files.map((file) => [file.path, file.digest]),
      seen.crioVersion,
      settings.contentHosts,
    ]),
  );
  // Where nothing can be wanted, what is there stays.
  const after = wanted.isUsable ? wanted.conf : before;
  const merge = (conf: RegistriesConf): MergedConf =>
    mergeConfs({ file: paths.registriesConf, conf }, dropIns.valid);
  const merged = merge(after);
  const guards = judgeChange({
    seen,
    paths,
    options,
    baseline: inputs.baseline,
    inForce,
    wanted,
    parkedFor: parked.length === 0 ? null : rendering.conf,
    merged,
    merge,
  });
  const decision = decide({
    seen,
    paths,
    settings,
    options,
    wanted,
    disk,
    layering,
    inputsDigest,
    ...guards,
  });
  const mergedOnDisk = merge(before);
  const inEffect = decision.step.kind === 'stop' ? mergedOnDisk : merged;
  const changes = compareConfs(before, after);
  const { registriesConf } = paths;
  const isWhole = wanted.conf === rendering.conf;
  const allChanges = isWhole ? changes : compareConfs(before, rendering.conf);
  return {
    rendering,
    wanted,
    disk,
    step: decision.step,
    changes,
    parked,
    digest: rendering.isUsable ? digest(JSON.stringify([rendering.digest, allChanges])) : null,
    drift: describeDrift(disk, last.conf, seen, paths),
    merged,
    mergedOnDisk,
    findings: [
      ...seen.policies.findings,
      ...(seen.baseline.state === 'captured' ? seen.baseline.findings : []),
      ...(seen.target.state === 'file' ? seen.target.findings : []),
      ...describeVersion(seen),
      ...describeOtherConf(seen, settings),
      ...rendering.findings,
      ...seen.dropIns.findings,
      ...dropIns.findings,
      ...merged.findings,
      ...judgePullKinds(inEffect, seen.crioVersion),
      ...wanted.findings,
      ...judgeStanding({
        rendering,
        wanted,
        step: decision.step,
        merged,
        mergedOnDisk,
        registriesConf,
        apply: settings.apply,
      }),
      ...giveColumns(judgeLogins(merged, seen.logins), inputs.content),
      ...(guards.parkedRemoval === null ? [] : [guards.parkedRemoval]),
      ...describeParked(parked, paths.registriesConf),
      ...seen.needed.findings,
      ...(decision.step.kind === 'stop' ? guards.blocked.notMade : guards.blocked.made),
      ...describeOtherEtc(seen.otherEtc, disk, paths),
      ...decision.findings,
    ],
    lacksProvenance: standing?.provenance === null,
    inputsDigest,
  };
}

/** An order of the operator's comes before the setting. */
function findLayering(seen: Observation, disk: DiskState, context: PlanContext): Layering {
  const { adopted, options, settings } = context;
  if (adopted !== undefined) return { kind: 'layer', baseline: adopted };
  return options.discardDrift ? { kind: 'none' } : chooseLayering(seen, disk, settings);
}

function describeVersion({ crioVersion }: Observation): readonly Finding[] {
  if (crioVersion !== null) return [];
  const sentence = 'the version of CRI-O is not known, and taken as the newest';
  return [
    finding(
      'crioVersionUnknown',
      null,
      sentence,
      'set assume-crio-version in icspd.conf if it is older than 1.25',
    ),
  ];
}

/** Only after the first write: until then the file is the administrator's business. */
function isFileRequired({ baseline, otherConf }: Observation, { registriesConf }: Settings): boolean {
  return baseline.state === 'absent' && otherConf?.isTold === true && otherConf.path === registriesConf;
}

/** Nothing that icspd writes counts while CRI-O reads another file. */
function describeOtherConf({ otherConf }: Observation, { registriesConf }: Settings): readonly Finding[] {
  if (otherConf === null || otherConf.path === registriesConf) return [];
  const { path, isTold } = otherConf;
  const sentence = `CRI-O reads ${quote(path)} in place of ${quote(registriesConf)}, so that no policy has an effect`;
  const remedy = isTold
    ? `remove --registries-conf (or CONTAINER_REGISTRIES_CONF) from the unit of CRI-O`
    : `move what is in ${quote(path)} into policies or the baseline, and remove it`;
  return [finding('otherFileRead', wholeFile(path), sentence, remedy)];
}
