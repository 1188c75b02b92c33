// The history below v1: one record per apply, each text once by its digest, and the number that is in force.
import type { GenerationStore, Log } from '../agent/ports.ts';
import type { GenerationRecord } from '../agent/record.ts';
import { quote } from '../escape.ts';
import { digest } from './digest.ts';
import {
  parseDetails,
  parseRecord,
  readWords,
  renameFiles,
  type Details,
  type RawRecord,
  type StoredRecord,
} from './generation-record.ts';
import { HostError } from '../host-error.ts';
import { isDigest, parseJson } from './json-checks.ts';
import { underRoot, withoutRoot } from '../paths.ts';
import { pruneGenerations } from './prune-generations.ts';
import { maxConfBytes } from './read-file.ts';
import { openState, type StateDir, type StatePaths, type StateReader } from './state-dir.ts';
import type { Trust } from './trust.ts';

const recordOf = (number: number): string => `generations/${number}/record.json`;
const textOf = (sha256: string): string => `texts/${sha256}`;
const currentName = 'current';

/**
 * Opens the history; creates nothing before the first generation. What a reconcile asks of it costs the same however long
 * it is, but for the names in one directory.
 */
export function openGenerations(
  paths: StatePaths,
  trust: Trust,
  log: Log = () => undefined,
): GenerationStore {
  const state = openState(paths, trust);
  // By the names that the files have once the tree below the root runs: an image is made in one place and booted in another.
  const toSystem = (path: string): string => withoutRoot(path, paths.root);
  const fromSystem = (path: string): string => underRoot(path, paths.root);
  const read = (look: StateReader, number: number, mustRead = false): GenerationRecord | null =>
    readGeneration(look, number, fromSystem, mustRead);
  const walk = (mustRead?: (number: number) => boolean): Generator<GenerationRecord, undefined> =>
    walkThrough(state, read, mustRead);
  return {
    list: () => walk().toArray(),
    walk,
    newestOf(sha256) {
      // Texts are stored before their record: where there is no text, there is no record that names it.
      if (sha256 !== null && readText(state, sha256) === null) return null;
      return walk().find((record) => record.digest === sha256) ?? null;
    },
    numbers: () => numbersIn(state),
    read: (number) => read(state, number),
    current() {
      const number = currentIn(state);
      return number === null ? null : read(state, number);
    },
    begin({ text, previousText, evidence, policies, changes, origins, provenance, ...inputs }) {
      // Texts first: a record never names one that is not there.
      for (const bytes of [text, previousText, ...evidence]) if (bytes !== null) keepText(state, bytes);
      const numbers = numbersIn(state);
      const number = nextNumber(state, numbers);
      const details: Details = { policies, changes, origins, provenance };
      const record: Omit<StoredRecord, 'detailsDigest'> = {
        ...inputs,
        number,
        writtenAt: null,
        outcome: 'pending',
        proof: 'pending',
      };
      const detailsDigest = keepDetails(state, number, renameFiles(details, toSystem), log);
      state.write(recordOf(number), toJson({ ...record, detailsDigest }));
      forgetRepeated(state, record, numbers);
      return { ...record, ...details };
    },
    patch(number, patch) {
      const raw = readRaw(state, number);
      if (raw === null) throw unreadable(paths, number);
      state.write(recordOf(number), toJson({ ...raw, ...patch }));
    },
    explain(number, { policies, origins, provenance }) {
      const record = readRaw(state, number);
      if (record === null) throw unreadable(paths, number);
      const { changes } = readDetails(state, record.detailsDigest);
      const details = renameFiles({ policies, changes, origins, provenance }, toSystem);
      const detailsDigest = keepDetails(state, number, details, log);
      state.write(recordOf(number), toJson({ ...record, detailsDigest }));
    },
    setCurrent(number) {
      if (number === null) state.remove('.', [currentName]);
      else state.write(currentName, `${number}\n`);
    },
    text: (sha256, mustRead) => readText(state, sha256, mustRead),
    prune(keep, youngerThan) {
      try {
        pruneGenerations(state, numbersIn(state), { current: currentIn(state), keep, youngerThan });
      } catch (error) {
        // What was applied stays applied; what is too much now is forgotten after a later apply.
        if (!(error instanceof HostError)) throw error;
        log('warning', `old generations are not forgotten: ${error.message}`);
      }
    },
  };
}

function* walkThrough(
  state: StateDir,
  read: (look: StateReader, number: number, mustRead: boolean) => GenerationRecord | null,
  mustRead: (number: number) => boolean = () => false,
): Generator<GenerationRecord, undefined> {
  const look = state.look();
  for (const number of numbersIn(look)) {
    const record = read(look, number, mustRead(number));
    if (record !== null) yield record;
  }
}

/** Numbers ever used that are still there, newest first; also of generations whose record cannot be read. */
function numbersIn(state: StateReader): number[] {
  const names = state.list('generations').filter((name) => /^[1-9]\d{0,14}$/.test(name));
  return names.map(Number).sort((a, b) => b - a);
}

/** 1 + the highest ever used: prune never removes the highest. */
function nextNumber(state: StateReader, numbers: readonly number[]): number {
  return 1 + Math.max(0, currentIn(state) ?? 0, ...numbers.slice(0, 1));
}

function currentIn(state: StateReader): number | null {
  const bytes = state.readSound(currentName);
  const number = bytes === null ? null : parseJson(bytes);
  return Number.isSafeInteger(number) ? Number(number) : null;
}

function readRaw(state: StateReader, number: number, mustRead = false): RawRecord | null {
  const bytes = state.readSound(recordOf(number), mustRead);
  return bytes === null ? null : parseRecord(bytes, number);
}

/** The details are read when somebody asks for them. */
function readGeneration(
  state: StateReader,
  number: number,
  rename: (path: string) => string,
  mustRead: boolean,
): GenerationRecord | null {
  const raw = readRaw(state, number, mustRead);
  if (raw === null) return null;
  const { detailsDigest, ...record } = readWords(raw);
  let loaded: Details | null = null;
  const load = (): Details => (loaded ??= renameFiles(readDetails(state, detailsDigest), rename));
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
    get provenance() {
      return load().provenance;
    },
  };
}

/**
 * Kept as a text, since a file that flaps brings the same ones again and again. Evidence only: the apply that it belongs to
 * goes on without (null).
 */
function keepDetails(state: StateDir, number: number, details: Details, log: Log): string | null {
  try {
    const text = Buffer.from(JSON.stringify(details));
    if (text.length > maxConfBytes) throw new RangeError(`${text.length} bytes are too many`);
    return keepText(state, text);
  } catch (error) {
    // A string that is too long for JavaScript is a RangeError.
    if (!(error instanceof HostError || error instanceof RangeError)) throw error;
    const { message } = error;
    log('warning', `generation ${number} is kept without its policies, changes and origins: ${message}`);
    return null;
  }
}

function readDetails(state: StateReader, sha256: string | null): Details {
  try {
    return parseDetails(sha256 === null ? null : readText(state, sha256));
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return parseDetails(null);
  }
}

function keepText(state: StateDir, bytes: Uint8Array): string {
  const sha256 = digest(bytes);
  if (readText(state, sha256) === null) state.write(textOf(sha256), bytes);
  return sha256;
}

function readText(state: StateReader, sha256: string, mustRead = false): Uint8Array | null {
  if (!isDigest(sha256)) return null;
  const bytes = state.readSound(textOf(sha256), mustRead);
  return bytes !== null && digest(bytes) === sha256 ? bytes : null;
}

type Attempt = Pick<StoredRecord, 'digest' | 'previousDigest' | 'inputsDigest'>;

/**
 * What fails before anything is written, as on a full disk, is tried again at each look: of such a row of records the first
 * and the last stay.
 * @param before the numbers there were, newest first
 */
function forgetRepeated(state: StateDir, attempt: Attempt, before: readonly number[]): void {
  const [last, first] = before.slice(0, 2).map((number) => readRaw(state, number));
  if (last === null || last === undefined || first === null || first === undefined) return;
  if (isSameFailure(last, attempt) && isSameFailure(first, attempt)) {
    state.remove('generations', [String(last.number)]);
  }
}

function isSameFailure(earlier: RawRecord, attempt: Attempt): boolean {
  const isFailure = earlier.outcome === 'refused' && earlier.writtenAt === null;
  const isSameChange = earlier.digest === attempt.digest && earlier.previousDigest === attempt.previousDigest;
  return isFailure && isSameChange && earlier.inputsDigest === attempt.inputsDigest;
}

function toJson(record: RawRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

function unreadable({ schemaDir }: StatePaths, number: number): HostError {
  const path = `${schemaDir}/${recordOf(number)}`;
  return new HostError(
    'stateUnreadable',
    `the record of generation ${number} cannot be read`,
    `look at ${quote(path)} and at the disk; the next apply makes a new record`,
    { path },
  );
}
