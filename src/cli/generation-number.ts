// The number of a generation, as a person names one.
import { quote } from '../escape.ts';
import { UsageError } from './command.ts';

/** Throws UsageError where the word is no number of a generation. */
export function readNumber(word: string): number {
  if (/^[1-9]\d{0,14}$/.test(word)) return Number(word);
  throw new UsageError(`a generation has a number such as 7, not ${quote(word)}; icspd history lists them`);
}
