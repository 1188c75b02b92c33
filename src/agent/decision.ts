// Whether registries.conf may be written now. PURE: reasons not to, in the order of their weight; none of them, and it is written.
import type { Settings } from '../config.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { Paths } from '../paths.ts';
import { areSameConf } from '../registries/compare.ts';
import type { DiskState } from './disk-state.ts';
import { baselineBytes, confOnDisk, type Observation } from './observation.ts';
import type { Wanted } from './pin-choice.ts';
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
}

/** Nothing beyond what the daemon does. */
export const plainOptions: PlanOptions = {
  discardDrift: false,
  retry: false,
  allowRisky: false,
  allowRemoval: false,
  allowLockout: false,
};

/** `bytes` null: remove the file. `baseline` is what has to be captured first; null: nothing. */
export interface WriteStep {
  readonly kind: 'write';
  readonly bytes: Uint8Array | null;
  readonly digest: string | null;
  readonly captureBaseline: { readonly bytes: Uint8Array | null } | null;
}

/** `none`: the file is as wanted. `stop`: it is not, and must not be written now. */
export type Step =
  | { readonly kind: 'none' }
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
  readonly inputsDigest: string;
  /** Why the change would leave the node without what it needs; empty where it would not, or may. */
  readonly lockout: readonly Finding[];
  /** What the change would take away, where that is too much to do unasked; else null. */
  readonly removal: Finding | null;
}

/** Decides for one of nothing, stop and write. */
export function decide(situation: Situation): Decision {
  const { seen, wanted, disk, paths } = situation;
  const obstacle = findObstacle(situation);
  if (obstacle !== null) return stop('refused', obstacle);
  // Why is among the findings of the rendering, or of the pin.
  if (!wanted.isUsable) return { step: { kind: 'stop', outcome: 'refused' }, findings: [] };
  const settled = findSettled(situation);
  if (settled !== null) return { step: { kind: 'none' }, findings: settled };
  const drift = findDrift(situation);
  if (drift !== null) return stop('refused', drift);
  const [first, ...others] = findWaits(situation);
  if (first !== undefined) {
    return {
      step: { kind: 'stop', outcome: first.outcome },
      findings: [first, ...others].map(({ reason }) => reason),
    };
  }
  const captureBaseline = seen.baseline.state === 'none' ? { bytes: baselineBytes(seen) } : null;
  return {
    step: { kind: 'write', bytes: wanted.bytes, digest: wanted.digest, captureBaseline },
    findings: describeDisk(disk, paths.registriesConf),
  };
}

function stop(outcome: Wait['outcome'], reason: Finding): Decision {
  return { step: { kind: 'stop', outcome }, findings: [reason] };
}

/** What forbids to write whatever should be written. */
function findObstacle({ seen, settings, disk, paths }: Situation): Finding | null {
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
  if (disk !== 'no-baseline') return null;
  return finding(
    'baselineMissing',
    wholeFile(paths.registriesConf),
    'this file is a rendering of icspd, but there is no baseline to go with it',
    `put the administrator's own file into ${paths.baseline}, or, if there never was one, create ${paths.baselineAbsent}`,
  );
}

/** Findings if the file says already what it should, null if not. */
function findSettled({ seen, wanted, disk, paths }: Situation): readonly Finding[] | null {
  const onDisk = seen.target.state === 'file' ? seen.target.file.digest : null;
  if (onDisk === wanted.digest) return [];
  const found = confOnDisk(seen, paths);
  if (disk !== 'same-meaning' || !areSameConf(found, wanted.conf)) return null;
  // The same in words that this CRI-O does not know is not the same to it.
  if (!isUnderstood(found, seen.crioVersion)) return null;
  const sentence = 'differs from the rendering in comments or order only';
  return [finding('notRewritten', wholeFile(paths.registriesConf), sentence, 'nothing to do')];
}

/** What somebody else wrote is not overwritten unasked. */
function findDrift({ disk, settings, options, paths }: Situation): Finding | null {
  if (settings.drift === 'overwrite' || options.discardDrift) return null;
  const place = wholeFile(paths.registriesConf);
  const remedy =
    'look at icspd diff; move the change into a policy or the baseline, then run icspd apply --discard-drift';
  if (disk === 'edited') {
    return finding('driftEdited', place, 'somebody edited the rendering by hand; it stays as it is', remedy);
  }
  if (disk === 'replaced') {
    return finding(
      'driftReplaced',
      place,
      'somebody put a file of their own in place of the rendering; it stays',
      remedy,
    );
  }
  return null;
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

function describeDisk(disk: DiskState, file: string): readonly Finding[] {
  if (disk === 'missing') {
    const sentence = 'the file was missing or empty and is put back';
    const remedy = 'run icspd restore --baseline to go back to the file from before icspd';
    return [finding('putBack', wholeFile(file), sentence, remedy)];
  }
  if (disk === 'rewound') {
    const sentence = 'the file is another rendering of icspd, as after an OS rollback';
    return [finding('rewound', wholeFile(file), sentence, 'nothing to do')];
  }
  return [];
}
