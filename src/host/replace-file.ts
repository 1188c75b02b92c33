// Replaces a file atomically and durably, and keeps the way back.
import {
  closeSync,
  fchmodSync,
  fstatSync,
  fsyncSync,
  linkSync,
  lstatSync,
  readSync,
  renameSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import { dirname } from 'node:path';
import { quote, shellWord } from '../escape.ts';
import {
  createPrivate,
  discard,
  makeDirectory,
  removeDurably,
  syncDirectory,
  writeAll,
} from './durable-file.ts';
import { attempt, attemptIfThere, errnoOf, translate } from './errno.ts';
import { copyAttributes, setDefaultLabel } from './file-attributes.ts';
import { HostError } from '../host-error.ts';
import { previousBeside, temporaryBeside } from './leftovers.ts';

/** The way back from a replacement. */
export interface WayBack {
  /** Restores what was there before, durably. One rename, which needs no space. */
  takeBack(): void;
  /** Gives the way back up: the replacement stays. */
  settle(): void;
}

const forOthersToWrite = 0o022;

/**
 * Makes `path` hold `bytes` (null: nothing). At each instant it holds all of the old or all of the new; once this returns the new survives a power cut.
 * Owner, mode, attributes and label of the old file stay, except for write bits of group and others. A new file gets 0644, a new directory 0755.
 * @param path a regular file or nothing; no link
 * @param lookAgain called right before the one rename that counts; it throws where what is there must not be replaced
 * Throws HostError with nothing changed.
 */
export async function replaceFile(
  path: string,
  bytes: Uint8Array | null,
  lookAgain: () => void = () => undefined,
): Promise<WayBack> {
  const old = attemptIfThere('look at', path, () => lstatSync(path));
  if (bytes === null) {
    lookAgain();
    return old === null ? standStill : removeFile(path);
  }
  makeDirectory(dirname(path), 0o755);
  const temporary = temporaryBeside(path);
  // Errors name the file that is meant, not one by a random name that is gone when somebody looks.
  const fd = createPrivate(temporary, path);
  try {
    await writeTemporary(fd, temporary, bytes, path, old);
    if (old !== null) keepLink(path);
    refuseSwapped(fd, temporary);
    moveInto(path, temporary, old !== null, lookAgain);
  } catch (error) {
    discard(temporary);
    throw error;
  } finally {
    closeSync(fd);
  }
  return confirm(path, old === null ? backToNothing(path) : backToLink(path));
}

async function writeTemporary(
  fd: number,
  temporary: string,
  bytes: Uint8Array,
  path: string,
  old: Stats | null,
): Promise<void> {
  writeAll(fd, path, bytes);
  if (old === null) {
    await setDefaultLabel(temporary);
    attempt('set the mode of', path, () => fchmodSync(fd, 0o644));
  } else {
    await takeAttributes(fd, temporary, path, old);
  }
  attempt('sync', path, () => fsyncSync(fd));
  compare(fd, path, bytes);
}

/** Write bits for others are not even set for an instant: who opened the file then could write to it for ever. */
async function takeAttributes(fd: number, temporary: string, path: string, old: Stats): Promise<void> {
  const isWritableByOthers = (old.mode & forOthersToWrite) !== 0;
  await copyAttributes(path, { fd, path: temporary }, !isWritableByOthers);
  if (!isWritableByOthers) return;
  const mode = old.mode & 0o7777 & ~forOthersToWrite;
  attempt('set the mode of', path, () => fchmodSync(fd, mode));
}

function compare(fd: number, path: string, bytes: Uint8Array): void {
  const found = Buffer.alloc(bytes.length);
  let done = 0;
  while (done < found.length) {
    const got = attempt('read back', path, () => readSync(fd, found, done, found.length - done, done));
    if (got === 0) break;
    done += got;
  }
  const { size } = attempt('look at', path, () => fstatSync(fd));
  if (size === bytes.length && found.equals(bytes)) return;
  throw new HostError(
    'readBackDiffers',
    `the new ${quote(path)} does not read back as it was written`,
    'check the disk and the file system; nothing was replaced',
    { path },
  );
}

/** What is renamed is what was written: nobody has put something else under the temporary name meanwhile. */
function refuseSwapped(fd: number, temporary: string): void {
  const written = attempt('look at', temporary, () => fstatSync(fd));
  const named = attempt('look at', temporary, () => lstatSync(temporary));
  if (written.ino === named.ino && written.dev === named.dev) return;
  const help = `look who else writes in ${quote(dirname(temporary))}; nothing was replaced`;
  const message = `${quote(temporary)} is no longer the file that was written`;
  throw new HostError('readBackDiffers', message, help, { path: temporary });
}

/** Keeps the old file under a second name, so that taking back needs no data to be written. */
function keepLink(path: string): void {
  const previous = previousBeside(path);
  refuseDirectory(previous);
  attemptIfThere('remove', previous, () => unlinkSync(previous));
  attempt('keep a second name of', path, () => linkSync(path, previous));
}

/** Anything else of that name is a leftover of ours, or as good as one; what is in a directory may be somebody's. */
function refuseDirectory(previous: string): void {
  const found = attemptIfThere('look at', previous, () => lstatSync(previous));
  if (found?.isDirectory() !== true) return;
  throw new HostError(
    'pathUnusable',
    `${quote(previous)} is a directory, where icspd keeps the old file while it proves the new one`,
    `move it away: mv ${shellWord(previous)} ${shellWord(`${previous}.away`)}`,
    { path: previous },
  );
}

function moveInto(path: string, temporary: string, isKept: boolean, lookAgain: () => void): void {
  try {
    lookAgain();
    attempt('replace', path, () => renameSync(temporary, path));
  } catch (error) {
    if (isKept) discard(previousBeside(path));
    throw error;
  }
}

function removeFile(path: string): WayBack {
  const previous = previousBeside(path);
  refuseDirectory(previous);
  attempt('remove', path, () => renameSync(path, previous));
  return confirm(path, backToLink(path));
}

/** Makes the change durable; where that fails, undoes it. */
function confirm(path: string, wayBack: WayBack): WayBack {
  try {
    syncDirectory(dirname(path));
    return wayBack;
  } catch (error) {
    undo(wayBack);
    throw error;
  }
}

function undo(wayBack: WayBack): void {
  try {
    wayBack.takeBack();
  } catch (error) {
    // The rename is done or not possible; that the directory cannot be synced is what the caller is told anyway.
    if (!(error instanceof HostError)) throw error;
  }
}

function backToLink(path: string): WayBack {
  const previous = previousBeside(path);
  return {
    takeBack() {
      try {
        renameSync(previous, path);
      } catch (error) {
        throw errnoOf(error) === 'ENOENT' ? linkGone(path, error) : translate(error, 'take back', path);
      }
      syncDirectory(dirname(path));
    },
    settle: () => void attemptIfThere('remove', previous, () => unlinkSync(previous)),
  };
}

function backToNothing(path: string): WayBack {
  return { takeBack: () => removeDurably(path), settle: () => undefined };
}

const standStill: WayBack = { takeBack: () => undefined, settle: () => undefined };

function linkGone(path: string, cause: unknown): HostError {
  return new HostError(
    'nothingToTakeBack',
    `the old ${quote(path)} is no longer kept beside it`,
    'bring it back from the history: icspd restore --previous',
    { path, cause },
  );
}
