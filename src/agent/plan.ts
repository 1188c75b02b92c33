// What reconcile would do now, and why. PURE: `diff`, `apply` and the daemon all execute or print this same plan.
import type { Settings } from '../config.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { compareConfs, type Change } from '../registries/compare.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { mergeConfs, type MergedConf } from '../registries/merge.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { classifyDisk, type DiskState } from './disk-state.ts';
import { readDropIns } from './drop-in-files.ts';
import type { Observation } from './observation.ts';
import type { Paths } from '../paths.ts';
import { choosePin, type Wanted } from './pin-choice.ts';
import { makeRendering, type Rendering } from './rendering.ts';
import type { GenerationRecord, Outcome } from './record.ts';

/** What the caller may ask beyond "make it so". */
export interface PlanOptions {
  /** Overwrite a file that somebody else edited or replaced, once. */
  readonly discardDrift: boolean;
  /** Try again a rendering that CRI-O refused. */
  readonly retry: boolean;
}

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

export interface Plan {
  /** What the policies and the baseline ask for, whether or not an operator's pin stands before it. */
  readonly rendering: Rendering;
  readonly wanted: Wanted;
  readonly disk: DiskState;
  readonly step: Step;
  /** From the file on disk to the wanted one. */
  readonly changes: readonly Change[];
  /** What CRI-O should hold once the wanted file is in force: with the drop-ins laid over it. */
  readonly merged: MergedConf;
  readonly findings: readonly Finding[];
  /** sha256 over what CRI-O's verdict on the same text depends on. */
  readonly inputsDigest: string;
}

interface Context {
  readonly paths: Paths;
  readonly settings: Settings;
  readonly options: PlanOptions;
  readonly digest: (bytes: Uint8Array | string) => string;
}

/** Decides. `digest` is sha256 in hex; nothing else but the observation and the settings has a say. */
export function makePlan(seen: Observation, context: Context): Plan {
  const { paths, settings, digest } = context;
  const rendering = makeRendering({
    content: seen.policies.content,
    baseline: baselineBytes(seen),
    baselinePath: paths.baseline,
    inSystem: paths.inSystem,
    contentHosts: settings.contentHosts,
    crioVersion: seen.crioVersion,
    digest,
  });
  const inForce = seen.current === null ? null : { digest: seen.current.digest, bytes: seen.currentBytes };
  const disk = classifyDisk(seen.target, seen.baseline, inForce, digest);
  const wanted = choosePin(seen, rendering, disk, paths);
  const dropIns = readDropIns(seen.dropIns.files);
  const inputsDigest = digest(
    JSON.stringify([
      seen.dropIns.files.map((file) => [file.path, file.digest]),
      seen.crioVersion,
      settings.contentHosts,
    ]),
  );
  const merged = mergeConfs({ file: paths.registriesConf, conf: wanted.conf }, dropIns.valid);
  const decision = decide(seen, { ...context, wanted, disk, inputsDigest });
  return {
    rendering,
    wanted,
    disk,
    step: decision.step,
    changes: compareConfs(confOnDisk(seen, paths), wanted.conf),
    merged,
    findings: [
      ...seen.policies.findings,
      ...rendering.findings,
      ...seen.dropIns.findings,
      ...dropIns.findings,
      ...merged.findings,
      ...wanted.findings,
      ...decision.findings,
    ],
    inputsDigest,
  };
}

/** The configuration that registries.conf holds now; empty where there is none or it cannot be read. */
export function confOnDisk(seen: Observation, paths: Paths): RegistriesConf {
  if (seen.target.state !== 'file') return emptyConf;
  return parseRegistriesConf(seen.target.file.bytes, paths.registriesConf).conf ?? emptyConf;
}

/** The captured baseline, or on first contact the file that would become it. */
function baselineBytes(seen: Observation): Uint8Array | null {
  if (seen.baseline.state === 'captured') return seen.baseline.file.bytes;
  if (seen.baseline.state === 'none' && seen.target.state === 'file') return seen.target.file.bytes;
  return null;
}

interface Decision {
  readonly step: Step;
  readonly findings: readonly Finding[];
}

const nothing: Decision = { step: { kind: 'none' }, findings: [] };

function decide(
  seen: Observation,
  context: Context & { readonly wanted: Wanted; readonly disk: DiskState; readonly inputsDigest: string },
): Decision {
  const { wanted, disk, settings, options, paths } = context;
  const onDisk = seen.target.state === 'file' ? seen.target.file.digest : null;
  const file = wholeFile(paths.registriesConf);
  const refuse = (reason: Finding): Decision => ({
    step: { kind: 'stop', outcome: 'refused' },
    findings: [reason],
  });

  if (seen.isMcoNode && !settings.allowMcoNode) {
    return refuse(
      finding(
        'mcoNode',
        wholeFile(paths.mcoConfig),
        'the Machine Config Operator manages this node and owns its registries.conf',
        'apply the policies to the cluster with oc; or set allow-mco-node = true in icspd.conf',
      ),
    );
  }
  if (seen.target.state === 'unusable') return refuse(seen.target.finding);
  if (seen.baseline.state === 'unusable') return refuse(seen.baseline.finding);
  if (disk === 'no-baseline') {
    return refuse(
      finding(
        'baselineMissing',
        file,
        'this file is a rendering of icspd, but there is no baseline to go with it',
        `put the administrator's own file into ${paths.baseline}, or, if there never was one, create ${paths.baselineAbsent}`,
      ),
    );
  }
  if (!wanted.isUsable) return { step: { kind: 'stop', outcome: 'refused' }, findings: [] };
  if (onDisk === wanted.digest) return nothing;
  if (disk === 'same-meaning' && compareConfs(confOnDisk(seen, paths), wanted.conf).length === 0) {
    return {
      step: { kind: 'none' },
      findings: [
        finding(
          'notRewritten',
          file,
          'differs from the rendering in comments or order only',
          'nothing needs to be done',
        ),
      ],
    };
  }
  const drift = judgeDrift(disk, file.file, settings.drift === 'overwrite' || options.discardDrift);
  if (drift !== null) return refuse(drift);
  if (settings.apply === 'observe') {
    return {
      step: { kind: 'stop', outcome: 'parked' },
      findings: [
        finding(
          'observing',
          file,
          'changes wait: apply = "observe"',
          'set apply = "all" in icspd.conf to let icspd write',
        ),
      ],
    };
  }
  if (!options.retry && wasRefused(seen.history, wanted.digest, context.inputsDigest)) {
    return {
      step: { kind: 'stop', outcome: 'rolled-back' },
      findings: [
        finding(
          'refusedBefore',
          file,
          'CRI-O refused this rendering, and nothing has changed since',
          'see the journal of crio; icspd apply --retry tries it again',
        ),
      ],
    };
  }
  const captureBaseline = seen.baseline.state === 'none' ? { bytes: baselineBytes(seen) } : null;
  return {
    step: { kind: 'write', bytes: wanted.bytes, digest: wanted.digest, captureBaseline },
    findings: describeDisk(disk, file.file),
  };
}

function judgeDrift(disk: DiskState, file: string, mayOverwrite: boolean): Finding | null {
  if (mayOverwrite || (disk !== 'edited' && disk !== 'replaced')) return null;
  const remedy =
    'see icspd diff; then move the change into a policy or the baseline, and icspd apply --discard-drift';
  return disk === 'edited'
    ? finding(
        'driftEdited',
        wholeFile(file),
        'somebody edited the rendering by hand; it stays as it is',
        remedy,
      )
    : finding(
        'driftReplaced',
        wholeFile(file),
        'somebody replaced the rendering by a file of their own; it stays as it is',
        remedy,
      );
}

function describeDisk(disk: DiskState, file: string): Finding[] {
  if (disk === 'missing') {
    return [
      finding(
        'putBack',
        wholeFile(file),
        'the file was missing or empty and is put back',
        'to go back to the own file use icspd restore --baseline',
      ),
    ];
  }
  if (disk === 'rewound') {
    return [
      finding(
        'rewound',
        wholeFile(file),
        'the file is another rendering of icspd, as after an OS rollback',
        'nothing needs to be done',
      ),
    ];
  }
  return [];
}

/** A refusal counts until the text or what it was judged by changes. */
function wasRefused(
  history: readonly GenerationRecord[],
  digest: string | null,
  inputsDigest: string,
): boolean {
  const last = history.find((record) => record.digest === digest);
  return last?.outcome === 'rolled-back' && last.inputsDigest === inputsDigest;
}
