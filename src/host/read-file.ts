// Reads a regular file through one descriptor, so that owner, mode, size and content are those of one moment.
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { quote } from '../escape.ts';
import { attempt } from './errno.ts';
import { HostError } from '../host-error.ts';

type Kinds = 'isFile' | 'isDirectory' | 'isFIFO' | 'isSocket' | 'isSymbolicLink';

export interface FileReading {
  readonly bytes: Uint8Array;
  readonly stats: Stats;
}

/** Of any registries.conf: 10 000 sources with three mirrors each make 3.6 MB. */
export const maxConfBytes = 64 * 1024 * 1024;

// Not blocking: a FIFO that takes the place of the file after the look at it must not hold us up.
const safely = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Reads the whole file at `path`, which holds no link (resolvePath).
 * Throws HostError: it is no regular file, is larger than `maxBytes`, cannot be read, or changed while it was read, twice.
 * @param judge sees owner and mode before anything else is judged or read; it throws to refuse
 */
export function readRegularFile(
  path: string,
  maxBytes: number,
  judge: (stats: Stats) => void = () => undefined,
): FileReading {
  // Opening alone can have effects on a device, so look first.
  const stats = attempt('look at', path, () => lstatSync(path));
  judge(stats);
  refuseOthers(path, stats);
  const reading = readOnce(path, maxBytes, judge) ?? readOnce(path, maxBytes, judge);
  if (reading !== null) return reading;
  throw new HostError(
    'fileKeepsChanging',
    `${quote(path)} changes while it is read`,
    'write the file under another name and rename it into place',
    { path },
  );
}

/** Null if the file changed meanwhile. */
function readOnce(path: string, maxBytes: number, judge: (stats: Stats) => void): FileReading | null {
  const fd = attempt('open', path, () => openSync(path, safely));
  try {
    const stats = attempt('look at', path, () => fstatSync(fd));
    judge(stats);
    refuseOthers(path, stats);
    if (stats.size > maxBytes) throw tooLarge(path, stats.size, maxBytes);
    const bytes = attempt('read', path, () => readUpTo(fd, stats.size));
    const after = attempt('look at', path, () => fstatSync(fd));
    const isSame = after.ctimeMs === stats.ctimeMs && after.size === bytes.length;
    return isSame ? { bytes, stats } : null;
  } finally {
    closeSync(fd);
  }
}

function readUpTo(fd: number, size: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(size);
  let done = 0;
  while (done < size) {
    const got = readSync(fd, bytes, done, size - done, null);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

function refuseOthers(path: string, stats: Stats): void {
  if (stats.isFile()) return;
  throw new HostError(
    'pathUnusable',
    `${quote(path)} is not a regular file but a ${kindOf(stats)}`,
    `put a regular file in the place of ${quote(path)}`,
    { path },
  );
}

/** What stands there, in a word. */
export function kindOf(
  stats: Pick<Stats, Kinds>,
): 'file' | 'directory' | 'fifo' | 'socket' | 'device' | 'link' {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  if (stats.isFIFO()) return 'fifo';
  if (stats.isSocket()) return 'socket';
  return stats.isSymbolicLink() ? 'link' : 'device';
}

function tooLarge(path: string, size: number, maxBytes: number): HostError {
  return new HostError(
    'fileTooLarge',
    `${quote(path)} has ${size} bytes, more than the ${maxBytes} that are read`,
    'split the file into smaller ones',
    { path },
  );
}
