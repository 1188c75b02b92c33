// Names of the files that icspd keeps beside another for a moment, and their removal after an interruption.
import { randomBytes } from 'node:crypto';
import { readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { attempt, attemptIfThere } from './errno.ts';

const leftover = /^\..+\.icspd-(?:[0-9a-f]{16}|previous)$/;

/** A new name in the same directory, so that a rename to `path` is atomic. */
export function temporaryBeside(path: string): string {
  return beside(path, randomBytes(8).toString('hex'));
}

/** Where the file that is being replaced is kept until the replacement has proven itself. */
export function previousBeside(path: string): string {
  return beside(path, 'previous');
}

function beside(path: string, suffix: string): string {
  return join(dirname(path), `.${basename(path)}.icspd-${suffix}`);
}

/** Removes what an interrupted write left in the directory. Only for who holds the lock. Throws HostError. */
export function sweepDirectory(directory: string): void {
  const names = attemptIfThere('list', directory, () => readdirSync(directory)) ?? [];
  for (const name of names.filter((each) => leftover.test(each))) {
    const path = join(directory, name);
    attempt('remove', path, () => unlinkSync(path));
  }
}
