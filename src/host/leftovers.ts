// Names of the files that icspd keeps beside another for a moment, and their removal after an interruption.
import { randomBytes } from 'node:crypto';
import { readdirSync, unlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Paths } from '../paths.ts';
import { attempt, attemptIfThere } from './errno.ts';
import { resolvePath } from './resolve-path.ts';

const leftover = /^\..+\.icspd-(?:[0-9a-f]{16}|previous)$/;

/** A new name in the same directory, or in `directory` on the same file system, so that a rename to `path` is atomic. */
export function temporaryBeside(path: string, directory = dirname(path)): string {
  return join(directory, basename(beside(path, randomBytes(8).toString('hex'))));
}

/** Where the file that is being replaced is kept until the replacement has proven itself. */
export function previousBeside(path: string): string {
  return beside(path, 'previous');
}

function beside(path: string, suffix: string): string {
  return join(dirname(path), `.${basename(path)}.icspd-${suffix}`);
}

/**
 * Removes what an interrupted write left in the directory; a link is removed, not followed, and a directory of such a name
 * is none of ours. Only for who holds the lock. Throws HostError.
 */
export function sweepDirectory(directory: string): void {
  const entries =
    attemptIfThere('list', directory, () => readdirSync(directory, { withFileTypes: true })) ?? [];
  for (const { name } of entries.filter((entry) => leftover.test(entry.name) && !entry.isDirectory())) {
    const path = join(directory, name);
    attempt('remove', path, () => unlinkSync(path));
  }
}

/** Removes what interrupted writes left in /etc/icspd and in the state. Only for who holds the lock. Throws HostError. */
export function sweepOwnDirectories(paths: Pick<Paths, 'root' | 'configDir' | 'schemaDir'>): void {
  for (const path of [paths.configDir, paths.schemaDir]) sweepDirectory(resolvePath(path, paths.root).path);
}
