// One entry of `journalctl -o json`, and how the pieces of a long line become one line again.
import { Buffer } from 'node:buffer';
import type { JournalLine } from '../agent/ports.ts';

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
    const message = Buffer.concat(line.pieces).toString('utf8');
    return { message, pid: line.isOfOneProcess ? pid : 0, transport, priority };
  };
}
