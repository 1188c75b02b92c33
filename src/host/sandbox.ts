// Whether the unit's sandbox still leads to the directories that icspd writes to. ReadWritePaths= binds the directory that was
// there at the start: where it is replaced, its name leads to the read-only file system around it, and only a restart helps.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from './errno.ts';

/**
 * Remembers the directories as they are now.
 * @returns which of them has been replaced since by one that lies on a read-only file system; null where none has
 */
export function watchSandbox(
  directories: readonly string[],
  isReadOnly: (path: string) => boolean = liesOnReadOnly,
): () => string | null {
  const atStart = new Map(directories.map((path) => [path, identify(path)]));
  return () => {
    const isLost = (path: string): boolean => identify(path) !== atStart.get(path) && isReadOnly(path);
    return directories.find(isLost) ?? null;
  };
}

/** `dev:ino`; null where there is none. */
function identify(path: string): string | null {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return null;
  }
}

/** access(2) tells EROFS also to root. What is not there would have to be made in the directory above. */
function liesOnReadOnly(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return false;
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOENT' && path !== dirname(path)) return liesOnReadOnly(dirname(path));
    return code === 'EROFS';
  }
}
