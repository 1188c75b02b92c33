// The bytes of one policy file as text that knows its lines.
import type { Place } from '../origin.ts';

const maxExcerptLength = 200;

/** A policy file's text. Offsets are UTF-16 code units from its start, a byte order mark not counted. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** The offset at which each line begins, ascending. */
  readonly lineStarts: readonly number[];
}

/** Decodes UTF-8, with or without a byte order mark; null if the bytes are anything else. */
export function decodeSource(file: string, bytes: Uint8Array): SourceText | null {
  try {
    return indexLines(file, new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return null;
  }
}

function indexLines(file: string, text: string): SourceText {
  const lineStarts = [0];
  for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) lineStarts.push(end + 1);
  return { file, text, lineStarts };
}

/** The 1-based line of an offset. */
export function lineAt({ lineStarts }: SourceText, offset: number): number {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return low + 1;
}

/** The 1-based column of an offset. */
export function columnAt(source: SourceText, offset: number): number {
  return offset - (source.lineStarts[lineAt(source, offset) - 1] ?? 0) + 1;
}

/**
 * The place of an offset.
 * @param isShown whether the line may be quoted: only where the document is of a kind of ours
 */
export function placeAt(source: SourceText, offset: number, isShown: boolean): Place {
  const line = lineAt(source, offset);
  const column = columnAt(source, offset);
  return { file: source.file, line, column, excerpt: isShown ? excerptOf(source, line, column) : null };
}

/** What may be a password with a space in it, which cannot be told from two words and so not be redacted. */
const spacedPassword = /:\S.*\s\S*@/;

/** The line, cut to what a terminal shows; null where the cut would leave out the column, or half of a password. */
function excerptOf(source: SourceText, line: number, column: number): string | null {
  const start = source.lineStarts[line - 1] ?? 0;
  const end = source.lineStarts[line] ?? source.text.length;
  const text = source.text.slice(start, end).replace(/\r?\n$/, '');
  if (text.length <= maxExcerptLength) return spacedPassword.test(text) ? null : text;
  return column > maxExcerptLength || text.includes('@') ? null : `${text.slice(0, maxExcerptLength)}…`;
}
