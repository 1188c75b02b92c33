// The JSON of a generation's record, and what makes it a valid one.
import type { GenerationRecord } from '../agent/record.ts';
import type { Severity } from '../finding.ts';
import {
  has,
  isDigest,
  isInteger,
  isText,
  isTime,
  listOf,
  mapOf,
  orMissing,
  orNull,
  parseJson,
  type Check,
} from './json-checks.ts';

/** What grows with the number of policies: megabytes on a large node, and few ask for it. It is kept among the texts. */
export type Details = Pick<GenerationRecord, 'policies' | 'changes' | 'origins' | 'provenance'>;

/** All else, as it is in record.json, and where the details are; null: they could not be kept. */
export type StoredRecord = Omit<GenerationRecord, keyof Details> & { readonly detailsDigest: string | null };

/** record.json as it was written: by a newer icspd perhaps, in words that this one does not know, or by an older one. */
export type RawRecord = Omit<StoredRecord, 'outcome' | 'proof' | 'deployment'> & {
  readonly outcome: string;
  readonly proof: string;
  readonly deployment?: string | null;
};

const outcomes = [
  'pending',
  'applied',
  'unchanged',
  'parked',
  'held',
  'refused',
  'rolled-back',
  'degraded',
] as const satisfies readonly StoredRecord['outcome'][];
const proofs = [
  'applied',
  'started-after',
  'none',
  'pending',
  'refused',
  'blocked-elsewhere',
] as const satisfies readonly StoredRecord['proof'][];

/** Who asked; also part of a pin. */
export const isActor = has({
  uid: isInteger,
  loginUid: orNull(isInteger),
  tty: orNull(isText),
  command: isText,
});

const severities = ['error', 'warning', 'notice'] as const satisfies readonly Severity[];

const isFinding = has({
  id: isText,
  severity: (value) => severities.some((word) => word === value),
  file: orNull(isText),
  line: orNull(isInteger),
  column: orNull(isInteger),
  message: isText,
  help: isText,
  excerpt: orNull(isText),
});

const isFailures = has({
  failures: isInteger,
  lastAt: isTime,
  inputsDigest: isText,
  finding: orNull(isFinding),
});

const recordChecks: Readonly<Record<keyof RawRecord, Check>> = {
  number: isInteger,
  startedAt: isTime,
  writtenAt: orNull(isTime),
  writtenInBoot: orMissing(orNull(has({ at: isTime, bootId: isText, monotonicUs: isInteger }))),
  outcome: isText,
  proof: isText,
  reason: isText,
  actor: isActor,
  digest: orNull(isDigest),
  previousDigest: orNull(isDigest),
  baselineDigest: orNull(isDigest),
  baselineChange: orMissing(has({ by: isText, from: orNull(isDigest) })),
  inputsDigest: isText,
  crioVersion: orNull(isText),
  icspdVersion: isText,
  bootId: orNull(isText),
  detailsDigest: orNull(isDigest),
  deployment: orMissing(orNull(isText)),
  reloadFailures: orMissing(orNull(isFailures)),
};

/** The object that the text holds, unknown keys included; null if it is no valid record of that number. */
export function parseRecord(bytes: Uint8Array, number: number): RawRecord | null {
  const value = parseJson(bytes);
  return isRecord(value) && value.number === number ? value : null;
}

/** The same details with other paths of policy files. */
export function renameFiles(
  { policies, changes, origins, provenance }: Details,
  rename: (path: string) => string,
): Details {
  return {
    policies: policies.map((policy) => ({ ...policy, path: rename(policy.path) })),
    changes,
    origins: mapValues(origins, (list) => list.map((origin) => ({ ...origin, file: rename(origin.file) }))),
    provenance:
      provenance === undefined
        ? undefined
        : {
            mirrors: mapValues(provenance.mirrors, (mirrors) =>
              mapValues(mirrors, (files) => files.map(rename)),
            ),
            search: provenance.search.map(rename),
          },
  };
}

function mapValues<A, B>(values: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, change(value)]));
}

/** The record in the words of this version: one of a newer icspd is `unknown`, and the rest of the record counts. */
export function readWords(raw: RawRecord): StoredRecord {
  return {
    ...raw,
    outcome: outcomes.find((word) => word === raw.outcome) ?? 'unknown',
    proof: proofs.find((word) => word === raw.proof) ?? 'unknown',
    deployment: raw.deployment ?? null,
  };
}

/** The details that the text holds; none if it is not valid, so that each table counts as unexplained. */
export function parseDetails(bytes: Uint8Array | null): Details {
  const value = bytes === null ? null : parseJson(bytes);
  return isDetails(value) ? value : { policies: [], changes: [], origins: {} };
}

function isRecord(value: unknown): value is RawRecord {
  return has(recordChecks)(value);
}

const isOrigin = has({ file: isText, line: isInteger, kind: isText, name: isText });

const isProvenance = has({ mirrors: mapOf(mapOf(listOf(isText))), search: listOf(isText) });

const detailChecks: Readonly<Record<keyof Details, Check>> = {
  policies: listOf(has({ path: isText, digest: isDigest })),
  changes: listOf(isText),
  origins: mapOf(listOf(isOrigin)),
  provenance: (value) => value === undefined || isProvenance(value),
};

function isDetails(value: unknown): value is Details {
  return has(detailChecks)(value);
}
