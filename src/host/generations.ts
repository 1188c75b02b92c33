// The history below v1: one record per apply, each text once by its digest, and the number that is in force.
import type { GenerationStore, Log } from '../agent/ports.ts';
import type { GenerationRecord } from '../agent/record.ts';
import { quote } from '../escape.ts';
import { digest } from './digest.ts';
import { parseDetails, parseRecord, type Details, type StoredRecord } from './generation-record.ts';
import { HostError } from '../host-error.ts';
import { isDigest, parseJson } from './json-checks.ts';
import { pruneGenerations } from './prune-generations.ts';
import { maxConfBytes } from './read-file.ts';
import { openState, type StateDir, type StatePaths } from './state-dir.ts';
import type { Trust } from './trust.ts';

const recordOf = (number: number): string => `generations/${number}/record.json`;
const detailsOf = (number: number): string => `generations/${number}/details.json`;
const textOf = (sha256: string): string => `texts/${sha256}`;
const currentName = 'current';

/** Opens the history; creates nothing before the first generation. */
export function openGenerations(
  paths: StatePaths,
  trust: Trust,
  log: Log = () => undefined,
): GenerationStore {
  const state = openState(paths, trust);
  return {
    list: () => numbersIn(state).flatMap((number) => readGeneration(state, number) ?? []),
    current() {
      const number = currentIn(state);
      return number === null ? null : readGeneration(state, number);
    },
    begin({ text, previousText, policies, changes, origins, ...inputs }) {
      // Texts first: a record never names one that is not there.
      for (const bytes of [text, previousText]) if (bytes !== null) keepText(state, bytes);
      const number = nextNumber(state);
      const record: StoredRecord = {
        ...inputs,
        number,
        writtenAt: null,
        outcome: 'pending',
        proof: 'pending',
      };
      const details: Details = { policies, changes, origins };
      keepDetails(state, number, details, log);
      state.write(recordOf(number), toJson(record));
      return { ...record, ...details };
    },
    patch(number, patch) {
      const record = readRecord(state, number);
      if (record === null) throw unreadable(number);
      state.write(recordOf(number), toJson({ ...record, ...patch }));
    },
    setCurrent(number) {
      if (number === null) state.remove('.', [currentName]);
      else state.write(currentName, `${number}\n`);
    },
    text: (sha256) => readText(state, sha256),
    prune(keep, youngerThan) {
      const kept = { current: currentIn(state), keep, youngerThan };
      pruneGenerations(state, numbersIn(state), kept, (number) => readRecord(state, number));
    },
  };
}

/** Numbers ever used that are still there, newest first; also of generations whose record cannot be read. */
function numbersIn(state: StateDir): number[] {
  const names = state.list('generations').filter((name) => /^[1-9]\d{0,14}$/.test(name));
  return names.map(Number).sort((a, b) => b - a);
}

/** 1 + the highest ever used: prune never removes the highest. */
function nextNumber(state: StateDir): number {
  return 1 + Math.max(0, currentIn(state) ?? 0, ...numbersIn(state).slice(0, 1));
}

function currentIn(state: StateDir): number | null {
  const bytes = state.read(currentName);
  const number = bytes === null ? null : parseJson(bytes);
  return Number.isSafeInteger(number) ? Number(number) : null;
}

function readRecord(state: StateDir, number: number): StoredRecord | null {
  const bytes = state.read(recordOf(number));
  return bytes === null ? null : parseRecord(bytes, number);
}

/** The details are read when somebody asks for them. */
function readGeneration(state: StateDir, number: number): GenerationRecord | null {
  const record = readRecord(state, number);
  if (record === null) return null;
  let loaded: Details | null = null;
  const load = (): Details => (loaded ??= readDetails(state, number));
  return {
    ...record,
    get policies() {
      return load().policies;
    },
    get changes() {
      return load().changes;
    },
    get origins() {
      return load().origins;
    },
  };
}

/** Evidence only: the apply that it belongs to goes on without. */
function keepDetails(state: StateDir, number: number, details: Details, log: Log): void {
  try {
    const text = Buffer.from(JSON.stringify(details));
    if (text.length > maxConfBytes) throw new RangeError(`${text.length} bytes are too many`);
    state.write(detailsOf(number), text);
  } catch (error) {
    // A string that is too long for JavaScript is a RangeError.
    if (!(error instanceof HostError || error instanceof RangeError)) throw error;
    const { message } = error;
    log('warning', `generation ${number} is kept without its policies, changes and origins: ${message}`);
  }
}

function readDetails(state: StateDir, number: number): Details {
  try {
    return parseDetails(state.read(detailsOf(number)));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return parseDetails(null);
  }
}

function keepText(state: StateDir, bytes: Uint8Array): void {
  const sha256 = digest(bytes);
  if (readText(state, sha256) === null) state.write(textOf(sha256), bytes);
}

function readText(state: StateDir, sha256: string): Uint8Array | null {
  if (!isDigest(sha256)) return null;
  const bytes = state.read(textOf(sha256));
  return bytes !== null && digest(bytes) === sha256 ? bytes : null;
}

function toJson(record: StoredRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function unreadable(number: number): HostError {
  return new HostError(
    'stateUnreadable',
    `the record of generation ${number} cannot be read`,
    `look at ${quote(`/var/lib/icspd/v1/${recordOf(number)}`)} and at the disk; the next apply makes a new record`,
  );
}
