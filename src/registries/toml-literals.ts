// Numbers, dates and commas that @iarna/toml accepts though the TOML library of CRI-O does not.
import { quote } from '../escape.ts';

/** What is refused, and its offset. */
export interface RefusedLiteral {
  readonly name: 'confNumber' | 'confSyntax';
  /** Where it begins in the text. */
  readonly index: number;
  readonly message: string;
  readonly help: string;
}

// Comments, strings and headers of tables are skipped whole; what is left is a bare word (a key, if = follows) or a
// comma before a brace.
const token =
  /^[ \t]*\[\[?[^[\],\n]*\]\]?[ \t\r]*(?=#|$)|#[^\n]*|"""(?:[^"\\]|\\[^]|"(?!""))*"{3,5}|'''(?:[^']|'(?!''))*'{3,5}|"(?:[^"\\\n]|\\[^\n])*"|'[^'\n]*'|(,)[ \t]*\}|([^\s,[\]{}#"'=]+)([ \t]*=)?|[^]/gm;

/**
 * A value that begins like a number or a date, or the comma. Hardly any registries.conf has one, so that the slow walk
 * is rare.
 */
const suspect = /[=,[][ \t]*[+-]?[0-9]|^[ \t]*[+-]?[0-9]|,[ \t]*\}/m;

const integer =
  /^(?:[+-]?(?:0|[1-9](?:_?[0-9])*)|0x[0-9A-Fa-f](?:_?[0-9A-Fa-f])*|0o[0-7](?:_?[0-7])*|0b[01](?:_?[01])*)$/;
const float = /^[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?$/;
const date =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?$/;

const timeOfDay = /^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?$/;

/** The first of them; null if there is none. */
export function findRefusedLiteral(text: string): RefusedLiteral | null {
  if (!suspect.test(text)) return null;
  for (const { 1: comma, 2: word, 3: equals, index } of text.matchAll(token)) {
    if (comma !== undefined) {
      const message = 'the inline table ends with a comma, which CRI-O before 1.36 refuses';
      return { name: 'confSyntax', index, message, help: 'remove the comma' };
    }
    if (word === undefined || !/^[+-]?[0-9]/.test(word)) continue;
    // What looks like a key but has a colon is a time of day.
    if (equals !== undefined && !word.includes(':')) continue;
    const refused = judgeLiteral(word, text.charAt(index + word.length));
    if (refused !== null) return { ...refused, index };
  }
  return null;
}

function judgeLiteral(word: string, next: string): Omit<RefusedLiteral, 'index'> | null {
  if (integer.test(word) || float.test(word)) {
    if (integer.test(word) ? fitsInt64(word) : Number.isFinite(Number(word.replaceAll('_', '')))) return null;
    const message = `the number ${quote(word)} does not fit into 64 bits`;
    return { name: 'confNumber', message, help: 'write a smaller number, or a string' };
  }
  const day = date.exec(word)?.[1];
  if (day !== undefined && isInCalendar(day)) return null;
  const time = timeOfDay.exec(word);
  if (time !== null) {
    // The parser swallows the character behind a time without fraction, whatever it is.
    if (time[1] !== undefined || next === ' ' || next === '\t') return null;
    const message = `the time of day ${quote(word)} is written in a form that icspd does not read`;
    const help =
      'write the date or time as a string; icspd does not read all of their forms, though CRI-O may';
    return { name: 'confSyntax', message, help };
  }
  const message = `${quote(word)} is neither a number nor a date`;
  return { name: 'confSyntax', message, help: 'correct it, or write it as a string' };
}

function fitsInt64(word: string): boolean {
  const digits = word.replaceAll('_', '').replace(/^\+/, '');
  const value = digits.startsWith('-') ? -BigInt(digits.slice(1)) : BigInt(digits);
  return BigInt.asIntN(64, value) === value;
}

/** The parser makes a day of March out of 2020-02-30. */
function isInCalendar(day: string): boolean {
  const parsed = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}
