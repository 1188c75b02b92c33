// Forgets old generations, and the texts that nothing names any more.
import type { StoredRecord } from './generation-record.ts';
import type { StateDir } from './state-dir.ts';

/** What stays: the one in force, the newest `keep`, and everything begun at `youngerThan` or later. */
interface Kept {
  readonly current: number | null;
  readonly keep: number;
  readonly youngerThan: Date;
}

/**
 * @param numbers newest first
 * @param read the record; null where it cannot be read, which also ends its stay once it is not among the newest
 */
export function pruneGenerations(
  state: StateDir,
  numbers: readonly number[],
  { current, keep, youngerThan }: Kept,
  read: (number: number) => StoredRecord | null,
): void {
  // The highest number stays in any case: the next one is counted from it.
  const old = numbers.slice(Math.max(1, keep)).filter((number) => {
    if (number === current) return false;
    const record = read(number);
    return record === null || Date.parse(record.startedAt) < youngerThan.getTime();
  });
  state.remove('generations', old.map(String));
  const named = namedDigests(
    state,
    numbers.filter((number) => !old.includes(number)),
  );
  const unnamed = state.list('texts').filter((text) => !named.has(text));
  state.remove('texts', unnamed);
}

/**
 * Every digest that a record or the pin mentions anywhere, also under keys that a newer version put there and in a
 * record that is damaged: rather a text too many than one too few.
 */
function namedDigests(state: StateDir, numbers: readonly number[]): ReadonlySet<string> {
  const names = ['pin.json', ...numbers.map((number) => `generations/${number}/record.json`)];
  const texts = names.map((name) => new TextDecoder().decode(state.read(name) ?? new Uint8Array()));
  return new Set(texts.flatMap((text) => text.match(/\b[0-9a-f]{64}\b/g) ?? []));
}
