// Whether registries.conf may be written now. PURE: reasons not to, in the order of their weight; none of them, and it is written.
import type { Settings } from '../config.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { Paths } from '../paths.ts';
import { areSameConf } from '../registries/compare.ts';
import type { DiskState } from './disk-state.ts';
import { findEmptied } from './emptied-baseline.ts';
import { judgeForeign } from './drift.ts';
import type { Layering } from './layering.ts';
import type { NewBaseline } from './new-baseline.ts';
import { baselineBytes, confOnDisk, digestOnDisk, type Observation } from './observation.ts';
import type { Wanted } from './pin-choice.ts';
import type { TargetState } from './ports.ts';
import { isUnderstood } from './pull-kinds.ts';
import type { Outcome } from './record.ts';

/** What the caller may ask beyond "make it so". */
export interface PlanOptions {
  /** Overwrite a file that somebody else edited or replaced, once. */
  readonly discardDrift: boolean;
  /** Try again a rendering that CRI-O refused. */
  readonly retry: boolean;
  /** Make the risky changes that `apply = "safe"` keeps the daemon from: whoever types the command has seen them. */
  readonly allowRisky: boolean;
  /** Take away most sources at once. */
  readonly allowRemoval: boolean;
  /** Leave an image that must be pullable without an endpoint. */
  readonly allowLockout: boolean;
  /** Policy files that are left out, this time: of one that cannot be read, nothing on disk stays either. */
  readonly without: readonly string[];
}

/** Nothing beyond what the daemon does. */
export const plainOptions: PlanOptions = {
  discardDrift: false,
  retry: false,
  allowRisky: false,
  allowRemoval: false,
  allowLockout: false,
  without: [],
};

/** `bytes` null: remove the file. `baseline` is what has to become the baseline first; null: it stays. */
export interface WriteStep {
  readonly kind: 'write';
  readonly bytes: Uint8Array | null;
  readonly digest: string | null;
  readonly baseline: NewBaseline | null;
}

/** `none`: the file is as wanted. `stop`: it is not, and must not be written now. */
export type Step =
  | { readonly kind: 'none'; readonly baseline: NewBaseline | null }
  | WriteStep
  | { readonly kind: 'stop'; readonly outcome: Extract<Outcome, 'refused' | 'parked' | 'rolled-back'> };

export interface Decision {
  readonly step: Step;
  readonly findings: readonly Finding[];
}

/** What is, what should be, and what the operator allows. */
export interface Situation {
  readonly seen: Observation;
  readonly paths: Paths;
  readonly settings: Settings;
  readonly options: PlanOptions;
  readonly wanted: Wanted;
  readonly disk: DiskState;
  readonly layering: Layering;
  readonly inputsDigest: string;
  /** Why the change would leave the node without what it needs; empty where it would not, or may. */
  readonly lockout: readonly Finding[];
  /** What the change would take away, where that is too much to do unasked; else null. */
  readonly removal: Finding | null;
}

/** Decides for one of nothing, stop and write. */
export function decide(situation: Situation): Decision {
  const { seen, wanted, layering } = situation;
  const taken = layering.kind === 'layer' ? layering.baseline : null;
  const obstacle = findObstacle(situation);
  if (obstacle !== null) return stop('refused', obstacle);
  // Why is among the findings of the rendering, or of the pin.
  if (!wanted.isUsable) return { step: { kind: 'stop', outcome: 'refused' }, findings: [] };
  const settled = findSettled(situation);
  const mayStay = taken === null || situation.settings.apply !== 'observe';
  if (settled !== null && mayStay) return { step: { kind: 'none', baseline: taken }, findings: settled };
  const drift = findDrift(situation);
  if (drift.length > 0) return { step: { kind: 'stop', outcome: 'refused' }, findings: drift };
  const emptied = findEmptied(situation);
  if (emptied !== null) return stop('refused', emptied);
  const [first, ...others] = findWaits(situation);
  if (first !== undefined) {
    return {
      step: { kind: 'stop', outcome: first.outcome },
      findings: [first, ...others].map(({ reason }) => reason),
    };
  }
  if (seen.target.state === 'file' && seen.target.obstacle !== null)
    return stop('refused', seen.target.obstacle);
  const baseline = taken ?? captureOf(seen);
  return {
    step: { kind: 'write', bytes: wanted.bytes, digest: wanted.digest, baseline },
    findings: describePutBack(situation),
  };
}

/** On first contact the file that is there becomes the baseline. */
function captureOf(seen: Observation): NewBaseline | null {
  return seen.baseline.state === 'none' ? { bytes: baselineBytes(seen), by: 'first contact' } : null;
}

function stop(outcome: Wait['outcome'], reason: Finding): Decision {
  return { step: { kind: 'stop', outcome }, findings: [reason] };
}

/** What forbids to write whatever should be written. */
function findObstacle({ seen, settings, disk, layering, paths }: Situation): Finding | null {
  if (seen.isMcoNode && !settings.allowMcoNode) {
    return finding(
      'mcoNode',
      wholeFile(paths.mcoConfig),
      'the Machine Config Operator manages this node and owns its registries.conf',
      'apply the policies to the cluster with oc; or set allow-mco-node = true in icspd.conf',
    );
  }
  if (seen.target.state === 'unusable') return seen.target.finding;
  if (seen.baseline.state === 'unusable') return seen.baseline.finding;
  if (disk !== 'no-baseline' || layering.kind === 'layer') return null;
  return finding(
    'baselineMissing',
    wholeFile(paths.registriesConf),
    'this file is a rendering of icspd, but there is no baseline to go with it',
    `put the administrator's own file into ${paths.baseline}; if there never was one, create ${paths.baselineAbsent}; or make this file the baseline with icspd adopt --force`,
  );
}

/** Findings if the file says already what it should, null if not. */
function findSettled({ seen, wanted, disk, paths }: Situation): readonly Finding[] | null {
  if (digestOnDisk(seen) === wanted.digest) return describeOwner(seen.target);
  const found = confOnDisk(seen, paths);
  if (disk !== 'same-meaning' || !areSameConf(found, wanted.conf)) return null;
  // The same in words that this CRI-O does not know is not the same to it.
  if (!isUnderstood(found, seen.crioVersion)) return null;
  const sentence = 'differs from the rendering in comments or order only';
  return [finding('notRewritten', wholeFile(paths.registriesConf), sentence, 'nothing to do')];
}

/** The text is right, though the file may not be replaced as it is: told, and a matter of its next change. */
function describeOwner(target: TargetState): readonly Finding[] {
  if (target.state !== 'file' || target.obstacle === null) return [];
  const { file, message, help } = target.obstacle;
  const sentence = `the content is right and nothing is written, but the next change will be refused: ${message}`;
  return [finding('notRewritten', file === null ? null : wholeFile(file), sentence, help)];
}

/** What somebody else wrote is not overwritten unasked; none: it may be. */
function findDrift({ seen, disk, settings, options, layering, paths }: Situation): readonly Finding[] {
  if (disk !== 'edited' && disk !== 'replaced') return [];
  if (settings.drift === 'overwrite' || options.discardDrift || layering.kind === 'layer') return [];
  if (layering.kind === 'stop') return [layering.finding];
  const place = wholeFile(paths.registriesConf);
  const remedy =
    'look at icspd diff; keep it as part of the baseline with icspd adopt, or overwrite it with icspd apply --discard-drift';
  const drift =
    disk === 'edited'
      ? finding('driftEdited', place, 'somebody edited the rendering by hand; it stays as it is', remedy)
      : finding(
          'driftReplaced',
          place,
          'somebody put a file of their own in place of the rendering; it stays',
          remedy,
        );
  const obstacle = seen.target.state === 'file' ? seen.target.obstacle : null;
  return [drift, ...(obstacle === null ? [] : [obstacle]), ...judgeForeign(seen.target)];
}

/** One of several reasons not to write now. */
interface Wait {
  readonly outcome: Extract<Step, { kind: 'stop' }>['outcome'];
  readonly reason: Finding;
}

/** What makes the change wait, for the operator or for other inputs. All are told, so that one order can answer them. */
function findWaits(situation: Situation): readonly Wait[] {
  const { seen, settings, options, wanted, inputsDigest, paths, lockout, removal } = situation;
  const place = wholeFile(paths.registriesConf);
  const waits: Wait[] = lockout.map((reason) => ({ outcome: 'refused', reason }));
  if (settings.apply === 'observe') {
    const remedy = 'set apply = "all" in icspd.conf to let icspd write';
    const reason = finding('observing', place, 'changes wait: apply = "observe"', remedy);
    waits.push({ outcome: 'parked', reason });
  }
  if (!options.retry && wasRefused(seen, wanted.digest, inputsDigest)) {
    const sentence = 'CRI-O refused this rendering, and nothing has changed since';
    const remedy = 'look into the journal of CRI-O; run icspd apply --retry to try it again';
    waits.push({ outcome: 'rolled-back', reason: finding('refusedBefore', place, sentence, remedy) });
  }
  if (removal !== null) waits.push({ outcome: 'parked', reason: removal });
  return waits;
}

/** A refusal counts until the text, or what it was judged by, changes. */
function wasRefused({ newestOf }: Observation, digest: string | null, inputsDigest: string): boolean {
  const last = newestOf(digest);
  return last?.outcome === 'rolled-back' && last.inputsDigest === inputsDigest;
}

function describePutBack({ disk, paths }: Situation): readonly Finding[] {
  if (disk !== 'missing') return [];
  const sentence = 'the file was missing or empty and is put back';
  const remedy = 'run icspd restore --baseline to go back to the file from before icspd';
  return [finding('putBack', wholeFile(paths.registriesConf), sentence, remedy)];
}
