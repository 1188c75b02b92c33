// Forgets old generations, and the texts that nothing names any more.
import { unseal } from '../registries/seal.ts';
import { parseRecord, type RawRecord } from './generation-record.ts';
import { digest } from './digest.ts';
import { isDigest, isObject, parseJson } from './json-checks.ts';
import type { StateDir, StateReader } from './state-dir.ts';

/** What stays in any case: the one in force, the newest `keep`, and everything begun at `youngerThan` or later. */
interface Kept {
  readonly current: number | null;
  readonly keep: number;
  readonly youngerThan: Date;
}

interface Entry {
  readonly number: number;
  readonly bytes: Uint8Array;
  /** Null where it cannot be read, which also ends its stay once it is not among the newest. */
  readonly record: RawRecord | null;
}

/** A long history is gone through once in so many applies: its length must not slow each of them. */
const stride = 100;

const pinName = 'pin.json';

/**
 * Also kept: what the pin names, the last generation that icspd applied before each change of its version, to which
 * `restore --before-upgrade` goes back, and the last that names a text that was not ours: it is nowhere else. Throws HostError where something cannot be read; then nothing is removed.
 * @param numbers newest first
 */
export function pruneGenerations(state: StateDir, numbers: readonly number[], kept: Kept): void {
  const [newest] = numbers;
  if (newest === undefined) return;
  if (numbers.length > kept.keep + stride && newest % stride !== 0) return;
  const look = state.look();
  const entries = numbers.map((number) => readEntry(look, number));
  const pin = look.read(pinName) ?? new Uint8Array();
  const lasting = new Set([kept.current, pinnedIn(pin), ...lastOfEachVersion(entries)]);
  // The highest number stays in any case: the next one is counted from it.
  const dated = entries.slice(Math.max(1, kept.keep)).filter(({ number, record }) => {
    const isYoung = record !== null && Date.parse(record.startedAt) >= kept.youngerThan.getTime();
    return !isYoung && !lasting.has(number);
  });
  const evidence = lastWithForeign(look, entries, new Set(dated));
  const old = dated.filter((entry) => !evidence.has(entry));
  const gone = new Set(old);
  const named = digestsIn([pin, ...entries.filter((entry) => !gone.has(entry)).map(({ bytes }) => bytes)]);
  const unnamed = look.list('texts').filter((text) => !named.has(text));
  // Records first: cut off in between, texts that nothing names are left, and go the next time.
  state.remove(
    'generations',
    old.map(({ number }) => String(number)),
  );
  state.remove('texts', unnamed);
}

function readEntry(look: StateReader, number: number): Entry {
  const bytes = look.read(`generations/${number}/record.json`) ?? new Uint8Array();
  return { number, bytes, record: parseRecord(bytes, number) };
}

function pinnedIn(pin: Uint8Array): number | null {
  const value = parseJson(pin);
  return isObject(value) && typeof value['generation'] === 'number' ? value['generation'] : null;
}

/** Also before a downgrade: whichever version came after another, what the other had applied last. */
function lastOfEachVersion(entries: readonly Entry[]): readonly number[] {
  const applied = entries.filter(({ record }) => record?.outcome === 'applied');
  const isLast = ({ record }: Entry, at: number): boolean =>
    applied[at - 1]?.record?.icspdVersion !== record?.icspdVersion;
  return applied.filter(isLast).map(({ number }) => number);
}

/**
 * Of those that are dated, the newest that names each text of somebody else's, where no entry that stays names it. Throws HostError
 * where the disk does not give a text back now: it may be such a one.
 */
function lastWithForeign(
  look: StateReader,
  entries: readonly Entry[],
  dated: ReadonlySet<Entry>,
): ReadonlySet<Entry> {
  const staying = entries.filter((entry) => !dated.has(entry));
  const named = new Set(staying.flatMap(({ record }) => textsOf(record)));
  const kept = new Set<Entry>();
  for (const entry of dated) {
    const texts = textsOf(entry.record).filter((text) => !named.has(text));
    if (texts.some((text) => isForeign(look.readSound(`texts/${text}`, true)))) kept.add(entry);
    // Of ours no further look is needed, either.
    for (const text of texts) named.add(text);
  }
  return kept;
}

function textsOf(record: RawRecord | null): readonly string[] {
  if (record === null) return [];
  const { digest: written, previousDigest, baselineDigest, baselineChange } = record;
  const texts = [written, previousDigest, baselineDigest, baselineChange?.from ?? null];
  return texts.filter((text) => text !== null).filter(isDigest);
}

/** Not a rendering as icspd wrote it: the administrator's own, somebody else's, or ours with an edit. */
function isForeign(bytes: Uint8Array | null): boolean {
  if (bytes === null) return false;
  const sealed = unseal(new TextDecoder().decode(bytes));
  if (sealed === null) return true;
  return digest(sealed.body) !== sealed.digest;
}

/**
 * Every digest that a record or the pin mentions anywhere, also under keys that a newer version put there and in a
 * record that is damaged: rather a text too many than one too few.
 */
function digestsIn(files: readonly Uint8Array[]): ReadonlySet<string> {
  const digests = new Set<string>();
  for (const bytes of files) {
    for (const [found] of new TextDecoder().decode(bytes).matchAll(/\b[0-9a-f]{64}\b/g)) digests.add(found);
  }
  return digests;
}
