// Writes that survive a power cut: the data is on disk before its name, and the name before the call returns.
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fchmodSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { quote } from '../escape.ts';
import { attempt, attemptIfThere, errnoOf } from './errno.ts';
import { HostError } from '../host-error.ts';
import { temporaryBeside } from './leftovers.ts';

const newFile = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;

/**
 * Creates a file that nobody else can read yet, and returns its descriptor. Fails if anything has that name.
 * @param shown the name that the operator knows, for errors
 */
export function createPrivate(path: string, shown = path): number {
  return attempt('create', shown, () => openSync(path, newFile, 0o600));
}

/** Writes every byte of a new file, each at its place: pwrite(2) may take fewer than it is given, on a full disk without an error. */
export function writeAll(fd: number, path: string, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) {
    const taken = attempt('write', path, () => writeSync(fd, bytes, done, bytes.length - done, done));
    if (taken === 0) {
      const help = 'look at the file system (df, findmnt) and at the messages of the kernel (journalctl -k)';
      throw new HostError('ioFailed', `cannot write ${quote(path)}: no more bytes are taken`, help, { path });
    }
    done += taken;
  }
}

/** Makes the names in a directory durable: fsync of a file does not cover its name (fsync(2)). */
export function syncDirectory(path: string): void {
  attempt('sync', path, () => {
    const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
    try {
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
  });
}

/** Makes the directory durably, with `mode` whatever the umask, and parents that are missing with theirs. Throws HostError. */
export function makeDirectory(path: string, mode: number, parentMode = 0o755): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path), parentMode, parentMode);
  attempt('make the directory', path, () => {
    try {
      mkdirSync(path, mode);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
    chmodSync(path, mode);
  });
  syncDirectory(dirname(path));
}

/**
 * Puts a file under a temporary name beside `path` (or in `directory`), durable but for its name, and lets `finish` give it
 * its own.
 */
export function writeBeside(
  path: string,
  bytes: Uint8Array,
  mode: number,
  finish: (temporary: string) => void,
  directory?: string,
): void {
  const temporary = temporaryBeside(path, directory);
  // Errors name the file that is meant, not one by a random name that is gone when somebody looks.
  const fd = createPrivate(temporary, path);
  try {
    try {
      writeAll(fd, path, bytes);
      attempt('set the mode of', path, () => fchmodSync(fd, mode));
      attempt('sync', path, () => fsyncSync(fd));
    } finally {
      closeSync(fd);
    }
    finish(temporary);
  } catch (error) {
    discard(temporary);
    throw error;
  }
  syncDirectory(dirname(path));
}

/**
 * Replaces or creates `path` atomically. Throws HostError; the old content is whole until the new one is.
 * @param directory for the temporary file, on the same file system; without it that of `path`
 */
export function writeDurably(
  path: string,
  bytes: Uint8Array | string,
  mode: number,
  directory?: string,
): void {
  const finish = (temporary: string): void => attempt('replace', path, () => renameSync(temporary, path));
  writeBeside(path, Buffer.from(bytes), mode, finish, directory);
}

/** Removes `path`, if it is there, for good. */
export function removeDurably(path: string): void {
  const isRemoved = attemptIfThere('remove', path, () => {
    unlinkSync(path);
    return true;
  });
  if (isRemoved === true) syncDirectory(dirname(path));
}

/** Removes a temporary file after an error that matters more; if even this fails the next sweep gets it. */
export function discard(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    return;
  }
}
