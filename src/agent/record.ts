// What is remembered of each apply. The shapes are those of the JSON files below /var/lib/icspd/v1.
import type { Provenance } from '../compose/in-force.ts';
import type { Finding } from '../finding.ts';
import type { Origin } from '../origin.ts';

/** What reconcile did. */
export type Outcome = 'applied' | 'unchanged' | 'parked' | 'held' | 'refused' | 'rolled-back' | 'degraded';

/** What shows that CRI-O took the file. */
export type Proof = 'applied' | 'started-after' | 'none' | 'pending' | 'refused' | 'blocked-elsewhere';

/** Who asked. For acts of the daemon `command` is `run` and the trigger stands in `reason`. */
export interface Actor {
  readonly uid: number;
  readonly loginUid: number | null;
  readonly tty: string | null;
  readonly command: string;
}

/** One policy file as it went into a generation; digest of the bytes that were in force. */
export interface PolicyInput {
  readonly path: string;
  readonly digest: string;
}

/** A numbered, complete record of one apply. Digests are sha256 in hex; null where the file is absent. Times are ISO 8601. */
export interface GenerationRecord {
  readonly number: number;
  readonly startedAt: string;
  /** When registries.conf held the new text for certain; null until then. */
  readonly writtenAt: string | null;
  /** The same by the clock that nobody sets; records of older versions lack it. */
  readonly writtenInBoot?: WrittenInBoot | null | undefined;
  /** `unknown`: a word of a newer icspd. */
  readonly outcome: Outcome | 'pending' | 'unknown';
  readonly proof: Proof | 'unknown';
  readonly reason: string;
  readonly actor: Actor;
  readonly digest: string | null;
  readonly previousDigest: string | null;
  /** Of the baseline that the text rests on. */
  readonly baselineDigest: string | null;
  /** Only where the generation replaced the baseline as well. */
  readonly baselineChange?: BaselineChange;
  /** sha256 over everything that could make CRI-O judge the same text differently: drop-ins, CRI-O's version, settings. */
  readonly inputsDigest: string;
  readonly policies: readonly PolicyInput[];
  readonly crioVersion: string | null;
  readonly icspdVersion: string;
  readonly bootId: string | null;
  /** The OS deployment that it was made in; null where there are none, or an older icspd made the record. */
  readonly deployment: string | null;
  /** The semantic changes, one sentence each. */
  readonly changes: readonly string[];
  /** Scope → the entries behind it, for what a later version may not be able to read. */
  readonly origins: Readonly<Record<string, readonly Origin[]>>;
  /** What `origins` does not say: the files behind single mirrors and the search list. Records of older versions lack it. */
  readonly provenance?: Pick<Provenance, 'mirrors' | 'search'> | undefined;
  /** Null or missing: the last reload did not fail, or there was none since the text was written. */
  readonly reloadFailures?: ReloadFailures | null | undefined;
}

/** Reloads that did not make CRI-O load a text: kept with its generation, so that a restart of icspd does not begin anew. */
export interface ReloadFailures {
  /** In a row, with the same inputs; from 1. */
  readonly failures: number;
  /** When the last one had failed, ISO 8601. */
  readonly lastAt: string;
  /** sha256 over what somebody may change to mend it: policies, baseline, drop-ins, settings, CRI-O's version. */
  readonly inputsDigest: string;
  /** What was told of the last one, and holds until the next. */
  readonly finding: Finding | null;
}

/** A moment of one boot. An older icspd stamps `writtenAt` alone: this is about that moment only if `at` is the same. */
export interface WrittenInBoot {
  readonly at: string;
  readonly bootId: string;
  /** As in Clock. */
  readonly monotonicUs: number;
}

/** Why the baseline was replaced, and the digest of the one before; null: there was no file. */
export interface BaselineChange {
  readonly by: 'layer' | 'adopt';
  readonly from: string | null;
}

/** A record that has no number yet, with its texts. */
export interface NewGeneration extends Omit<
  GenerationRecord,
  'number' | 'writtenAt' | 'writtenInBoot' | 'outcome' | 'proof' | 'reloadFailures'
> {
  readonly text: Uint8Array | null;
  readonly previousText: Uint8Array | null;
  /** Further texts to keep as long as the record; each is named in it by its digest. */
  readonly evidence: readonly Uint8Array[];
}

export type RecordPatch = Partial<
  Pick<
    GenerationRecord,
    'writtenAt' | 'writtenInBoot' | 'outcome' | 'proof' | 'inputsDigest' | 'reloadFailures'
  >
>;

/** The operator's order to hold a text until `icspd resume` or until `until`. `digest` null: no file. */
export interface Pin {
  readonly digest: string | null;
  /** The generation that the operator named; null for the baseline. */
  readonly generation: number | null;
  readonly reason: string;
  readonly actor: Actor;
  readonly since: string;
  readonly until: string | null;
  /** The OS deployment that it belongs to; null where there are none. */
  readonly deployment: string | null;
}
