// What is asked of a reconcile, and what comes of it: the words that the loop, the commands and the audit trail share.
import type { Settings } from '../config.ts';
import type { Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import type { Observation } from './observation.ts';
import type { Plan, PlanContext, PlanOptions } from './plan.ts';
import type { Host } from './ports.ts';
import type { ReadingCache } from './reading-cache.ts';
import type { Actor, GenerationRecord, Outcome, Pin, Proof } from './record.ts';

/** How the agent is set up: what every reconcile needs besides the request. */
export interface Agent {
  readonly host: Host;
  readonly paths: Paths;
  readonly settings: Settings;
  /** Of icspd.conf: unknown keys. */
  readonly settingsFindings: readonly Finding[];
  readonly readings: ReadingCache;
}

/** What a plan is made with. */
export function contextOf({ host, paths, settings }: Agent, options: PlanOptions): PlanContext {
  return { paths, settings, options, digest: (bytes) => host.digest(bytes) };
}

/** Who asks, why, and for what. */
export interface Request extends PlanOptions {
  readonly reason: string;
  readonly actor: Actor;
  /** What the operator orders about holds, under the same lock as the reconcile that obeys; null: nothing. */
  readonly hold: HoldOrder | 'resume' | null;
  /** Take what is on disk as the baseline. */
  readonly adopt?: AdoptOrder;
  /** A reload that failed before is tried again when it is due, and not at every look; else now. */
  readonly isPatient?: boolean;
  /** How long to wait for the lock. */
  readonly lockTimeoutMs: number;
  /** Called once, as soon as the right file is on disk or it is decided not to write; before any reload. */
  readonly onSettled: () => Promise<void>;
}

/** Put a file in force and hold it, `forMs` long; null: until `icspd resume`. */
export interface HoldOrder {
  /** A number: that generation. `in force`: what stands now, so that nothing is written. */
  readonly goal: 'previous' | 'baseline' | 'before upgrade' | 'in force' | number;
  readonly forMs: number | null;
  /** Also a generation that was never in force; never a file that CRI-O would refuse. */
  readonly force?: boolean;
}

/** Only the file with that sha256: the one whose adoption the operator was shown. */
export interface AdoptOrder {
  readonly digest: string;
  /** Also where pulls go elsewhere then, or where nobody knows what is ours. */
  readonly force: boolean;
}

/** A hold that an order finds: `unreadable` where its file is damaged. */
export type HoldBefore = Pin | 'unreadable' | null;

/** What a reconcile did. `plan` is null where the state could not even be read, or where there was nothing to plan for. */
export interface Reconciliation {
  readonly outcome: Outcome;
  readonly proof: Proof | null;
  /** The generation in force, or the one that was tried. */
  readonly record: GenerationRecord | null;
  readonly plan: Plan | null;
  readonly seen: Observation | null;
  /** The hold that stands now; null also where that could not be read. */
  readonly hold: Pin | null;
  /** The hold from before the order; null also where the state could not be read. */
  readonly holdBefore: HoldBefore;
  /** CRI-O is not up: whether it starts on the file has to be seen soon. */
  readonly isCrioDown?: boolean;
  /** A reload failed, now or before (then `proof` is null): in so many ms it is tried again. */
  readonly reloadDueMs?: number;
  readonly findings: readonly Finding[];
}
