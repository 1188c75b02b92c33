// One entry of `journalctl -o json`, and how the pieces of a long line become one line again.
import { Buffer } from 'node:buffer';
import type { JournalLine } from '../agent/crio-ports.ts';

/** A line, or a piece of one. */
export interface JournalEntry {
  readonly bytes: Buffer;
  readonly pid: number;
  readonly transport: string;
  readonly priority: number;
  /** The stream to journald that it came over; '' for other transports. */
  readonly stream: string;
  /** The line was longer than journald takes (LineMax=, 48 KiB): the next entry of the stream goes on with it. */
  readonly isContinued: boolean;
}

/** The fields that `parseEntry` needs, for `--output-fields`. */
export const entryFields = ['MESSAGE', '_PID', '_TRANSPORT', 'PRIORITY', '_STREAM_ID', '_LINE_BREAK'];

/** Reads one line of `journalctl -o json --all`; null for what is not an entry with one message. */
export function parseEntry(text: string): JournalEntry | null {
  const fields = parseObject(text);
  const bytes = messageBytes(fields?.['MESSAGE']);
  if (fields === null || bytes === null) return null;
  const field = (name: string): string => {
    const value = fields[name];
    return typeof value === 'string' ? value : '';
  };
  return {
    bytes,
    pid: Number(field('_PID')) || 0,
    transport: field('_TRANSPORT'),
    // systemd.journal-fields(7): 6 is what a stream has by default.
    priority: /^[0-7]$/.test(field('PRIORITY')) ? Number(field('PRIORITY')) : 6,
    stream: field('_STREAM_ID'),
    isContinued: field('_LINE_BREAK') === 'line-max',
  };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** A message is a string, or an array of bytes where it is not printable UTF-8; several messages in one entry count as none. */
function messageBytes(value: unknown): Buffer | null {
  if (typeof value === 'string') return Buffer.from(value);
  const isBytes = Array.isArray(value) && value.every((byte) => typeof byte === 'number');
  return isBytes ? Buffer.from(value) : null;
}

interface OpenLine {
  readonly first: JournalEntry;
  readonly pieces: Buffer[];
  length: number;
  isOfOneProcess: boolean;
}

/** LineMax= of journald.conf unless somebody set it. */
const usualPieceBytes = 48 * 1024;

/** More white space than this in a row is in no line that is looked for. */
const maxStripped = 4;

/** A longer line is cut: 10 000 sources with 3 mirrors make 5 MB. */
const maxLineBytes = 16 * 1024 * 1024;

/**
 * Puts lines together again that journald split. The returned function takes entry after entry and gives the line
 * that the entry completes, or null. So no piece from the middle of a line is ever taken for a line of its own.
 */
export function joinLines(): (entry: JournalEntry) => JournalLine | null {
  const open = new Map<string, OpenLine>();
  return (entry) => {
    const line = open.get(entry.stream) ?? { first: entry, pieces: [], length: 0, isOfOneProcess: true };
    line.isOfOneProcess &&= line.first.pid === entry.pid;
    if (line.length < maxLineBytes) line.pieces.push(entry.bytes);
    line.length += entry.bytes.length;
    if (entry.isContinued && entry.stream !== '') {
      open.set(entry.stream, line);
      return null;
    }
    open.delete(entry.stream);
    const { pid, transport, priority } = line.first;
    const message = Buffer.concat(restoreSpaces(line.pieces)).toString('utf8');
    return { message, pid: line.isOfOneProcess ? pid : 0, transport, priority };
  };
}

/**
 * Gives back to each piece but the last the spaces at its end: journald takes white space off the end of every piece
 * (systemd, `stdout_stream_line`). All were cut at the same length, so what one has less than the longest was stripped; where
 * the longest is just short of the usual length, it has lost some itself.
 */
function restoreSpaces(pieces: readonly Buffer[]): readonly Buffer[] {
  const longest = Math.max(0, ...pieces.slice(0, -1).map(({ length }) => length));
  const isShort = longest < usualPieceBytes && usualPieceBytes - longest <= maxStripped;
  const full = isShort ? usualPieceBytes : longest;
  return pieces.map((piece, index) => {
    const lost = index === pieces.length - 1 ? 0 : full - piece.length;
    return lost > 0 && lost <= maxStripped ? Buffer.concat([piece, Buffer.alloc(lost, ' ')]) : piece;
  });
}
