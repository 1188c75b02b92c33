// TOML values as text that every CRI-O reads: single-line basic strings, printable ASCII only.
import { isTomlList, type TomlTable, type TomlValue } from './model.ts';

/** A key as TOML: bare where it begins with a letter and needs no quotes, so that none looks like a number. */
export function emitKey(key: string): string {
  return /^[A-Za-z][A-Za-z0-9_-]*$/.test(key) ? key : emitString(key);
}

/** A basic string. Characters other than printable ASCII become escapes; a lone surrogate cannot be written in TOML. */
export function emitString(text: string): string {
  // The common case needs no escape; testing first keeps 40 000 locations cheap.
  if (!/[^ !#-[\]-~]/.test(text)) return `"${text}"`;
  return `"${text.replace(/[^ !#-[\]-~]/gu, escapeCharacter)}"`;
}

/** `key = value` for every entry, one line each. */
export function emitEntries(entries: readonly (readonly [string, TomlValue])[]): string {
  return entries.map(([key, value]) => `${emitKey(key)} = ${emitValue(value)}\n`).join('');
}

/** A value on one line: tables inline. */
export function emitValue(value: TomlValue): string {
  if (typeof value === 'string') return emitString(value);
  if (typeof value === 'number') return emitNumber(value);
  return typeof value === 'object' ? emitObject(value) : value.toString();
}

function emitObject(value: Date | readonly TomlValue[] | TomlTable): string {
  if (value instanceof Date) return value.toISOString();
  if (isTomlList(value)) return `[${value.map(emitInside).join(', ')}]`;
  const entries = Object.entries(value).map(([key, item]) => `${emitKey(key)} = ${emitInside(item)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

/** @iarna/toml wants white space behind a date inside an array or an inline table. */
function emitInside(value: TomlValue): string {
  return value instanceof Date ? `${emitValue(value)} ` : emitValue(value);
}

function escapeCharacter(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

/** Integers beyond 2^53 are read as bigint, so that a number of that size was a float and must stay one. */
function emitNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const text = String(value);
  return Number.isSafeInteger(value) || /[.e]/.test(text) ? text : `${text}.0`;
}
