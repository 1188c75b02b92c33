// What the agent needs of the host. host/ implements it; nothing else in agent/ knows that there is a Linux below.
import type { AuditEvent } from './audit-event.ts';
import type { Crio } from './crio-ports.ts';
import type { Finding } from '../finding.ts';
import type { PolicyDirectory } from '../policy/drop-ins.ts';
import type { PublishedStatus } from './published-status.ts';
import type { GenerationRecord, NewGeneration, Pin, RecordPatch } from './record.ts';

/** Time as a port, so that no test sleeps. Durations are in milliseconds. */
export interface Clock {
  now(): Date;
  /** Microseconds of CLOCK_MONOTONIC, which starts with the boot and which nobody sets; systemd stamps units with it too. */
  monotonicUs(): number;
  /** Calls back once after `ms`; the returned function cancels. Never keeps the process alive by itself. */
  after(ms: number, callback: () => void): () => void;
}

/** Text that is on disk, or the fact that there is none. `digest` is the sha256 of the bytes in hex. */
export interface FileText {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
}

/** The administrator's own registries.conf: captured, known to have been absent, or not captured yet. */
export type Baseline =
  | {
      readonly state: 'captured';
      readonly file: FileText;
      /** Warnings about the file. */
      readonly findings: readonly Finding[];
    }
  | { readonly state: 'absent' }
  | { readonly state: 'none' }
  | { readonly state: 'unusable'; readonly finding: Finding };

/** registries.conf as it stands. `unusable`: not readable, not a regular file, or one that icspd must not replace. */
export type TargetState =
  | {
      readonly state: 'file';
      readonly file: FileText;
      /** Warnings about the file, such as write bits for others, which are not carried over. */
      readonly findings: readonly Finding[];
      /** Why it must not be replaced, such as its owner; null if it may be. What it holds may be right all the same. */
      readonly obstacle: Finding | null;
      /** `uid:gid`, and ISO 8601: whom to ask about a file that is not ours. */
      readonly owner: string;
      readonly modifiedAt: string;
    }
  | { readonly state: 'absent' }
  | { readonly state: 'unusable'; readonly finding: Finding };

export interface BaselineStore {
  read(): Baseline;
  /** Captures the file (null: there was none), durably, once. Throws HostError; refuses to overwrite. */
  capture(bytes: Uint8Array | null): void;
  /** Puts the file in place of the baseline that there is, or of none, durably and in one step. Throws HostError. */
  replace(bytes: Uint8Array): void;
}

export interface Target {
  /** The path that errors and the proof name. */
  readonly path: string;
  read(): TargetState;
  /**
   * Replaces (null: removes) the file, atomically and durably, and keeps the old one beside it for `takeBack`.
   * Mode, owner and attributes of the old file stay. Throws HostError with nothing changed; once it returns, the new content survives a power cut.
   * @param planned sha256 of the file that is to go, null for none: where it is another one by now, fileKeepsChanging is thrown. Undefined: whatever is there
   */
  replace(bytes: Uint8Array | null, planned?: string | null): Promise<void>;
  /** Puts back what `replace` took away, by one rename, and makes it durable. */
  takeBack(): void;
  /** Drops the kept old file. */
  settle(): void;
  /** Removes what an interrupted `replace` left: temp files and kept links. */
  sweep(): void;
}

/** The last bytes of each policy file, by path, that were read without an error. */
export interface LastAccepted {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly digest: string;
  /** ISO 8601, when these bytes were first accepted. */
  readonly since: string;
}

/** What is stored, and what is wrong with the store; it does not stop anything. */
export interface AcceptedReading {
  /** By path. */
  readonly files: ReadonlyMap<string, LastAccepted>;
  readonly damage: Finding | null;
}

export interface AcceptedStore {
  /** Empty where there is no state yet. Throws HostError where the state may not be read, or not be trusted. */
  read(): AcceptedReading;
  /** Makes the store hold exactly these; does nothing if it already does, or if it cannot be read now. Durable. */
  write(accepted: ReadonlyMap<string, LastAccepted>): void;
}

export interface GenerationStore {
  /** Newest first. Records that cannot be read are left out. Reads them all, and there can be thousands: for who needs all. */
  list(): readonly GenerationRecord[];
  /**
   * The same, each read when it is reached.
   * @param mustRead the numbers whose record is not left out where the disk does not give it back: then HostError is thrown
   */
  walk(mustRead?: (number: number) => boolean): IteratorObject<GenerationRecord>;
  /** The newest generation with the text of that digest (null: no file); null if there is none. */
  newestOf(digest: string | null): GenerationRecord | null;
  /** Every number that is there, newest first, also of records that cannot be read. */
  numbers(): readonly number[];
  /** One record; null if there is none, or none that can be read. */
  read(number: number): GenerationRecord | null;
  /** The generation that was last put in force; null before the first. */
  current(): GenerationRecord | null;
  /** Writes record and texts durably, with the next number, before registries.conf is touched. */
  begin(generation: NewGeneration): GenerationRecord;
  /** Completes a record: outcome, proof. Durable. */
  patch(number: number, patch: RecordPatch): void;
  /** Says anew where the text of a generation came from, which its record does not know. */
  explain(number: number, sources: Pick<GenerationRecord, 'policies' | 'origins' | 'provenance'>): void;
  /** Null: what is on disk is none of the generations. */
  setCurrent(number: number | null): void;
  /**
   * The text stored under a digest; null if it is not there or does not have that digest.
   * @param mustRead HostError is thrown where the disk does not give it back; else that is null too
   */
  text(digest: string, mustRead?: boolean): Uint8Array | null;
  /** Forgets what is neither among the newest `keep` nor as young, nor needed otherwise. A failure is logged, and no more. */
  prune(keep: number, youngerThan: Date): void;
}

export interface PinStore {
  read(): Pin | null;
  write(pin: Pin): void;
  clear(): void;
}

export interface Lock {
  /** Runs `work` while holding the lock that daemon and CLI share. Throws HostError naming the holder after `timeoutMs`. */
  hold<T>(timeoutMs: number, work: () => Promise<T>): Promise<T>;
}

/** A program besides CRI-O that reads the same files, at every call. */
export interface Reader {
  readonly name: 'podman' | 'skopeo';
  readonly version: string;
}

/** What of registries.conf.d the runtime goes for, in load order. */
export interface DropInDirectory {
  readonly files: readonly FileText[];
  /** Paths of links that lead nowhere: an old runtime loads no configuration because of them. */
  readonly dangling: readonly string[];
}

/** The files of registries.conf.d that the runtime reads. */
export interface DropIns {
  /**
   * An error among the findings: the runtime cannot read the directory, and loads no configuration at all.
   * @param told the directory that the runtime was told to read; null for the usual one
   */
  read(told: string | null): DropInDirectory & { readonly findings: readonly Finding[] };
}

/** An image that must be pullable, and who says so, fit for a sentence: a setting, or a file. */
export interface NeededImage {
  readonly image: string;
  readonly by: string;
}

/** What the node cannot do without; the findings are warnings about files that do not tell. */
export interface NeededImages {
  readonly images: readonly NeededImage[];
  readonly findings: readonly Finding[];
}

/** What CRI-O has credentials for unless a pod brings its own. Of the credentials themselves nothing is known. */
export interface RegistryLogins {
  /** `global_auth_file`, as CRI-O calls it. */
  readonly file: string;
  /** Registries, with or without a path. They are compared, and never shown. */
  readonly scopes: readonly string[];
}

export type LogSeverity = 'error' | 'warning' | 'notice' | 'info' | 'debug';

export interface Log {
  (severity: LogSeverity, message: string): void;
  /** Whether lines of that severity are kept, where the log knows: what costs much to say is not said to nobody. */
  readonly isOn?: (severity: LogSeverity) => boolean;
}

/** Everything that one node is to the agent. */
export interface Host {
  readonly clock: Clock;
  readonly log: Log;
  readPolicies(): readonly PolicyDirectory[];
  readonly baseline: BaselineStore;
  readonly target: Target;
  readonly dropIns: DropIns;
  readonly accepted: AcceptedStore;
  readonly generations: GenerationStore;
  readonly pin: PinStore;
  readonly lock: Lock;
  /** Null where there is no CRI-O to reload: under --root. */
  readonly crio: Crio | null;
  /** What the files of CRI-O and of MicroShift say that this node needs. */
  readNeededImages(): NeededImages;
  /** Null where CRI-O has no file of credentials, or none that can be read. */
  readRegistryLogins(): RegistryLogins | null;
  /** Whether the Machine Config Operator manages this node. */
  isMcoNode(): boolean;
  /** Writes the events of one reconcile into the audit trail. Never throws. */
  audit(events: readonly AuditEvent[]): Promise<void>;
  /** Shows everybody on the node how it is. Never throws. */
  publish(status: PublishedStatus): void;
  /** sha256 in hex. */
  digest(bytes: Uint8Array | string): string;
  /** The version of icspd, and the boot that it runs in (null where the kernel does not tell). */
  readonly version: string;
  readonly bootId: string | null;
  /** The deployment of an image-based OS that is booted; null where there is none. */
  readonly deployment: string | null;
  /** When a newer icspd first left a state of its own here, which this version cannot read; null if none did. */
  newerStateSince(): Date | null;
}
