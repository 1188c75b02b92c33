// Bytes → TOML table, refusing what the TOML library of any CRI-O refuses and ours lets through.
import { parse } from '@iarna/toml';
import { quote } from '../escape.ts';
import { finding, type Finding, type FindingName } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { TomlTable, TomlValue } from './model.ts';
import { findRefusedLiteral } from './toml-literals.ts';

/** The table, or why there is none. */
export type TomlResult =
  { readonly ok: true; readonly table: TomlTable } | { readonly ok: false; readonly finding: Finding };

/** Deeper nesting than any tool writes; bounds the recursion of everything that walks a table. */
const deepest = 64;

/** C0 except tab, LF and the CR of CRLF; DEL; and the byte order mark, which CRI-O before 1.28 refuses. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)|^\ufeff/;

/**
 * Reads TOML. Stricter than the parser where Go's is stricter: bytes that are not UTF-8, control characters even in
 * comments, and what toml-literals.ts finds.
 */
export function readToml(bytes: Uint8Array, file: string): TomlResult {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const help = `save the file as UTF-8, for instance with iconv -f latin1 -t utf-8`;
    return {
      ok: false,
      finding: finding('confNotUtf8', wholeFile(file), 'the file is not valid UTF-8', help),
    };
  }
  const character = forbidden.exec(text);
  if (character !== null) return refuseCharacter(character, text, file);
  const literal = findRefusedLiteral(text);
  if (literal !== null) return refuse(literal.name, text, literal.index, file, literal.message, literal.help);
  return parseText(text, file);
}

function parseText(text: string, file: string): TomlResult {
  try {
    const parsed: unknown = parse(text);
    if (!isKeptTable(parsed, 0)) {
      const message = `the tables or arrays are nested more than ${deepest} levels deep`;
      return {
        ok: false,
        finding: finding('confSyntax', wholeFile(file), message, 'flatten the nested values'),
      };
    }
    return { ok: true, table: parsed };
  } catch (error) {
    return { ok: false, finding: syntaxFinding(error, text, file) };
  }
}

function refuse(
  name: FindingName,
  text: string,
  index: number,
  file: string,
  message: string,
  help: string,
): TomlResult {
  const before = text.slice(0, index).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  const place = { file, line: before.length, column, excerpt: lineOf(text, before.length) };
  return { ok: false, finding: finding(name, place, message, help) };
}

function lineOf(text: string, line: number): string | null {
  return text.split('\n', line)[line - 1]?.replace(/\r$/, '') ?? null;
}

function refuseCharacter({ 0: character, index }: RegExpExecArray, text: string, file: string): TomlResult {
  const isMark = character === '\ufeff';
  const message = isMark
    ? 'the file begins with a byte order mark, which CRI-O before 1.28 refuses'
    : `the file has the control character ${quote(character)}, which TOML allows nowhere, not even in a comment`;
  const help = isMark ? "remove it: sed -i '1s/^\\xef\\xbb\\xbf//' FILE" : 'remove the character';
  return refuse('confCharacter', text, index, file, message, help);
}

/** The parser's first sentence at its place; its own excerpt is dropped. `line` and `col` of the error are 0-based. */
function syntaxFinding(error: unknown, text: string, file: string): Finding {
  if (!(error instanceof Error)) throw error;
  const line = 'line' in error && typeof error.line === 'number' ? error.line + 1 : null;
  const column = 'col' in error && typeof error.col === 'number' ? error.col + 1 : null;
  const [reason = ''] = error.message.split(' at row ', 1);
  const excerpt = line === null ? null : lineOf(text, line);
  const place = { file, line, column, excerpt };
  return finding(
    'confSyntax',
    place,
    `the file is not valid TOML: ${quote(reason)}`,
    helpFor(reason, text, line ?? 0),
  );
}

/** Forms that TOML 1.0, and so CRI-O, knows but this reader does not; it names the line behind a time of day. */
function helpFor(reason: string, text: string, line: number): string {
  if (reason.includes('single type')) {
    return 'give all elements of the array one type; icspd does not read mixed arrays, though CRI-O may';
  }
  const lines = [lineOf(text, line - 1), lineOf(text, line)];
  if (
    lines.some(
      (near) => near !== null && /=.*(?:\d\d:\d\d|\d{4}-\d\d-\d\d)/.test(near) && !/=\s*["']/.test(near),
    )
  ) {
    return 'write the date or time as a string; icspd does not read all of their forms, though CRI-O may';
  }
  return 'correct the line; containers-registries.conf(5) shows the format';
}

/** Whether the parsed value is a table whose values are all of TOML's types and nested no deeper than we walk. */
function isKeptTable(value: unknown, depth: number): value is TomlTable {
  return isPlainObject(value) && Object.values(value).every((item) => isKeptValue(item, depth + 1));
}

function isKeptValue(value: unknown, depth: number): value is TomlValue {
  if (depth > deepest) return false;
  if (Array.isArray(value)) return value.every((item) => isKeptValue(item, depth + 1));
  if (value instanceof Date) return true;
  if (typeof value === 'object') return isKeptTable(value, depth);
  return ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
