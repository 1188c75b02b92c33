// icspd history: what was applied, when, by whom and why.
import type { GenerationStore, Host } from '../agent/ports.ts';
import type { GenerationRecord, Pin } from '../agent/record.ts';
import { finding, type Finding } from '../finding.ts';
import { findingOf, HostError } from '../host-error.ts';
import { UsageError, type Call } from './command.ts';
import { readNumber } from './generation-number.ts';
import { jsonFindings, type Output } from './output.ts';

/** Exit status: 0, or 1 where there is no such generation, or its file is no longer kept. */
export async function run(call: Call): Promise<number> {
  const [what, ...words] = call.positionals;
  const texts = (['text', 'replaced', 'old-baseline'] as const).filter((name) => call.options.has(name));
  const [text] = texts;
  if (text !== undefined && what !== 'show') throw new UsageError(`--${text} goes with history show N`);
  if (texts.length > 1)
    throw new UsageError(`history show prints one file: ${texts.map((each) => `--${each}`).join(' or ')}`);
  if (call.options.has('all') && what !== undefined) throw new UsageError('--all goes with the list alone');
  switch (what) {
    case undefined:
      return (await import('./history-list.ts')).list(call);
    case 'show':
      return (await import('./history-show.ts')).show(call, readNumbers(words, 1, 1)[0]);
    case 'diff':
      return (await import('./history-diff.ts')).diff(call, readNumbers(words, 1, 2));
    default:
      throw new UsageError('history takes show N, diff N [M], or nothing');
  }
}

function readNumbers(
  words: readonly string[],
  min: number,
  max: number,
): readonly [number, ...(readonly number[])] {
  const [first, ...others] = words.map(readNumber);
  if (first === undefined || words.length < min || words.length > max) {
    throw new UsageError(
      max === 1 ? 'history show takes one number' : 'history diff takes one number, or two',
    );
  }
  return [first, ...others];
}

/** What tells the generations apart that matter now. */
export interface Standing {
  /** The number that was last put in force. */
  readonly current: number | null;
  /** The one that is held: the one in force if it has the text of the hold, and else the one that the hold was given for. */
  readonly held: number | null;
  readonly hold: Pin | null;
  /** That the hold cannot be read. */
  readonly findings: readonly Finding[];
}

/** What is in force and what is held. Throws HostError where the state may not be read. */
export function readStanding({ generations, pin }: Host): Standing {
  const record = generations.current();
  const current = record?.number ?? null;
  try {
    const hold = pin.read();
    const held = hold !== null && record?.digest === hold.digest ? current : (hold?.generation ?? null);
    return { current, held, hold, findings: [] };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { current, held: null, hold: null, findings: [findingOf(error)] };
  }
}

/** `in force`, `held`, both or nothing. */
export function describeStanding(
  { number }: GenerationRecord,
  { current, held }: Standing,
): readonly ('in force' | 'held')[] {
  return [
    ...(number === current ? ['in force' as const] : []),
    ...(number === held ? ['held' as const] : []),
  ];
}

/** The record, or the finding that there is none. */
export function findRecord(generations: GenerationStore, number: number): GenerationRecord | Finding {
  const record = generations.read(number);
  if (record !== null) return record;
  const isThere = generations.numbers().includes(number);
  const sentence = isThere
    ? `the record of generation ${number} cannot be read`
    : `there is no generation ${number}`;
  return finding('noSuchGeneration', null, sentence, 'look at icspd history for those that there are');
}

/** Why a command has nothing to show. */
export function fail(output: Output, found: Finding): number {
  if (output.isJson) output.printJson('failure', { findings: jsonFindings([found]) });
  else output.printFindings([found]);
  return 1;
}
