// The JSON of a generation's record, and what makes it a valid one.
import type { GenerationRecord } from '../agent/record.ts';
import {
  has,
  isDigest,
  isInteger,
  isObject,
  isText,
  isTime,
  listOf,
  oneOf,
  orNull,
  parseJson,
  type Check,
} from './json-checks.ts';

/** The record as it is in record.json; the origins have a file of their own, since they can be megabytes. */
export type StoredRecord = Omit<GenerationRecord, 'origins'>;
export type Origins = GenerationRecord['origins'];

/** Who asked; also part of a pin. */
export const isActor = has({
  uid: isInteger,
  loginUid: orNull(isInteger),
  tty: orNull(isText),
  command: isText,
});

const recordChecks: Readonly<Record<keyof StoredRecord, Check>> = {
  number: isInteger,
  startedAt: isTime,
  writtenAt: orNull(isTime),
  outcome: oneOf('pending', 'applied', 'unchanged', 'parked', 'held', 'refused', 'rolled-back', 'degraded'),
  proof: oneOf('applied', 'started-after', 'none', 'pending', 'refused', 'blocked-elsewhere'),
  reason: isText,
  actor: isActor,
  digest: orNull(isDigest),
  previousDigest: orNull(isDigest),
  baselineDigest: orNull(isDigest),
  inputsDigest: isText,
  policies: listOf(has({ path: isText, digest: isDigest })),
  crioVersion: orNull(isText),
  icspdVersion: isText,
  bootId: orNull(isText),
  changes: listOf(isText),
};

/** The object that the text holds, unknown keys included; null if it is no valid record of that number. */
export function parseRecord(bytes: Uint8Array, number: number): StoredRecord | null {
  const value = parseJson(bytes);
  return isRecord(value) && value.number === number ? value : null;
}

/** The origins that the text holds; none if it is not valid, so that each table counts as unexplained. */
export function parseOrigins(bytes: Uint8Array | null): Origins {
  const value = bytes === null ? null : parseJson(bytes);
  return isOrigins(value) ? value : {};
}

function isRecord(value: unknown): value is StoredRecord {
  return has(recordChecks)(value);
}

const isOrigin = has({ file: isText, line: isInteger, kind: isText, name: isText });

function isOrigins(value: unknown): value is Origins {
  return isObject(value) && Object.values(value).every(listOf(isOrigin));
}
