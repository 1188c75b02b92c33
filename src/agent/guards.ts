// What stops a change before it is written although it is valid: it locks needed images out, or takes too much away. PURE.
import type { Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import type { MergedConf } from '../registries/merge.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { acceptableConf } from './acceptable-conf.ts';
import type { PlanOptions } from './decision.ts';
import { describeBlocked, describeLost, findLockouts, type Lockout, type OwnFiles } from './must-pull.ts';
import type { Observation } from './observation.ts';
import type { Wanted } from './pin-choice.ts';
import { describeRemoval, findRemoval } from './removal-brake.ts';
import { attributeText, type TextInForce } from './text-in-force.ts';

export interface GuardInput {
  readonly seen: Observation;
  readonly paths: Paths;
  readonly options: PlanOptions;
  /** What the change is laid over. */
  readonly baseline: Uint8Array | null;
  /** What a change is measured against. */
  readonly inForce: TextInForce;
  readonly wanted: Wanted;
  /** What `icspd apply` would put in its place; null where nothing is parked. */
  readonly parkedFor: RegistriesConf | null;
  /** `wanted`, merged. */
  readonly merged: MergedConf;
  /** A registries.conf with the drop-ins over it. */
  readonly merge: (conf: RegistriesConf) => MergedConf;
}

/** What the guards say of a change. */
export interface GuardVerdict {
  /** Errors that refuse it; empty also where the operator said to go on. */
  readonly lockout: readonly Finding[];
  /** What makes it wait; null also for an operator's pin, which says itself what is to stand. */
  readonly removal: Finding | null;
  /** The same of what is parked: it waits anyway, and says what the order has to be. */
  readonly parkedRemoval: Finding | null;
  /** What has no endpoint anyway, if the change is made and if it is not. */
  readonly blocked: { readonly made: readonly Finding[]; readonly notMade: readonly Finding[] };
}

/** Judges the step from what is in force to what is wanted. An image that has no endpoint now stops nothing: it is told. */
export function judgeChange(input: GuardInput): GuardVerdict {
  const { seen, paths, options, wanted, merged } = input;
  const main = paths.registriesConf;
  // Who wrote the block in a pinned text is not known; in a rendering it is the administrator, unless a policy did.
  const isBaseline = wanted.pin === null && seen.baseline.state === 'captured';
  const ownFiles = { main, administrator: isBaseline ? paths.baseline : main };
  const { images } = seen.needed;
  const after = findLockouts(images, merged, ownFiles);
  const before = isSettled(input) ? after : findBefore(input, ownFiles);
  const lost = after.filter((lockout) => !isAmong(before, lockout));
  return {
    lockout: options.allowLockout ? [] : describeLost(lost),
    removal: wanted.isUsable && !isSettled(input) ? judgeRemoval(input, wanted.conf) : null,
    parkedRemoval: input.parkedFor === null ? null : judgeRemoval(input, input.parkedFor),
    blocked: { made: describeBlocked(after), notMade: describeBlocked(before) },
  };
}

/** Where the blocks in force come from is looked up only if there are any. */
function findBefore({ seen, inForce, merge }: GuardInput, ownFiles: OwnFiles): readonly Lockout[] {
  const { images } = seen.needed;
  if (findLockouts(images, merge(inForce.conf), ownFiles).length === 0) return [];
  return findLockouts(images, merge(attributeText(inForce).conf), ownFiles);
}

/** The usual case, in which nothing is compared. */
function isSettled({ seen, wanted }: GuardInput): boolean {
  return wanted.isUsable && seen.target.state === 'file' && seen.target.file.digest === wanted.digest;
}

function isAmong(lockouts: readonly Lockout[], { image }: Lockout): boolean {
  return lockouts.some((other) => other.image === image);
}

function judgeRemoval(
  { paths, options, baseline, inForce, wanted }: GuardInput,
  conf: RegistriesConf,
): Finding | null {
  if (options.allowRemoval || wanted.pin !== null) return null;
  const own = acceptableConf(baseline, paths.baseline) ?? emptyConf;
  const removal = findRemoval(inForce.conf, conf, own);
  return removal === null ? null : describeRemoval(removal, paths.registriesConf);
}
