// What reconcile would do now, and why. PURE: `diff`, `apply` and the daemon all execute or print this same plan.
import type { Settings } from '../config.ts';
import type { Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import { compareConfs, type Change } from '../registries/compare.ts';
import { mergeConfs, type MergedConf } from '../registries/merge.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { decide, type PlanOptions, type Step } from './decision.ts';
import { classifyDisk, type DiskState } from './disk-state.ts';
import { compareDrift } from './drift.ts';
import { readDropIns } from './drop-in-files.ts';
import { judgeChange } from './guards.ts';
import { chooseLayering, type Layering } from './layering.ts';
import { onNewBaseline, type NewBaseline } from './new-baseline.ts';
import { confOnDisk, type Observation } from './observation.ts';
import { permitSafe } from './permitted.ts';
import { choosePin, type Wanted } from './pin-choice.ts';
import { describePlan } from './plan-findings.ts';
import { makeRendering, unusable, type Rendering } from './rendering.ts';
import { collectInputs } from './rendering-inputs.ts';
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
  const { paths, digest } = context;
  const dropIns = readDropIns(seen.dropIns, seen.crioVersion);
  const disk = classifyDisk(seen, digest);
  const layering = findLayering(seen, disk, context);
  const ground =
    layering.kind === 'layer' ? onNewBaseline(seen, layering.baseline, paths.baseline, digest) : seen;
  const inputs = collectInputs(ground, context, dropIns.valid);
  // An unusable baseline is told by the decision; without it there is nothing to layer policies on.
  const rendering = ground.baseline.state === 'unusable' ? unusable(emptyConf, []) : makeRendering(inputs);
  const before = confOnDisk(seen, paths);
  const last = findTextInForce(seen, disk, before, paths);
  const inForce = ground === seen ? last : moveTextInForce(last, [seen, ground], before, paths);
  const permitted = isCautious(context) ? permitSafe(inForce, rendering, inputs) : { rendering, parked: [] };
  const wanted = choosePin(seen, permitted.rendering, paths);
  const parked = wanted.pin === null ? permitted.parked : [];
  // Where nothing can be wanted, what is there stays.
  const after = wanted.isUsable ? wanted.conf : before;
  const merge = (conf: RegistriesConf): MergedConf =>
    mergeConfs({ file: paths.registriesConf, conf }, dropIns.valid);
  const merged = merge(after);
  const { baseline } = inputs;
  const parkedFor = parked.length === 0 ? null : rendering.conf;
  const guards = judgeChange({ ...context, seen, baseline, inForce, wanted, parkedFor, merged, merge });
  const inputsDigest = digestInputs(seen, context);
  const decision = decide({ ...context, ...guards, seen, wanted, disk, layering, inputsDigest });
  const changes = compareConfs(before, after);
  const allChanges = wanted.conf === rendering.conf ? changes : compareConfs(before, rendering.conf);
  const plan = {
    rendering,
    wanted,
    disk,
    step: decision.step,
    changes,
    parked,
    digest: rendering.isUsable ? digest(JSON.stringify([rendering.digest, allChanges])) : null,
    drift: compareDrift(disk, last.conf, seen, paths),
    merged,
    mergedOnDisk: merge(before),
    lacksProvenance: inputs.carrySource?.provenance === null,
    inputsDigest,
  };
  const asides = { dropIns: dropIns.findings, guards, decision: decision.findings };
  return { ...plan, findings: describePlan(seen, plan, context, asides) };
}

/** An order of the operator's comes before the setting. */
function findLayering(seen: Observation, disk: DiskState, context: PlanContext): Layering {
  const { adopted, options, settings } = context;
  if (adopted !== undefined) return { kind: 'layer', baseline: adopted };
  return options.discardDrift ? { kind: 'none' } : chooseLayering(seen, disk, settings);
}

/** Whoever orders to adopt was shown what pulls do differently then. */
function isCautious({ settings, options, adopted }: PlanContext): boolean {
  return settings.apply === 'safe' && !options.allowRisky && adopted === undefined;
}

function digestInputs({ dropIns, crioVersion }: Observation, { settings, digest }: PlanContext): string {
  const files = [
    ...dropIns.files.map((file) => [file.path, file.digest]),
    ...dropIns.dangling.map((path) => [path, null]),
  ];
  return digest(JSON.stringify([files, crioVersion, settings.contentHosts]));
}
