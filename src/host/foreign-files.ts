// Files of other programs, read as far as they can be: they stop nothing, and why one cannot be read is handed back.
import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { compareBytes } from '../byte-order.ts';
import { HostError } from '../host-error.ts';
import { attemptIfThere } from './errno.ts';
import { readRegularFile } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';

/** Real ones have a few kilobytes, and there are a handful. */
const maxFileBytes = 1024 * 1024;
const maxFiles = 100;

/** Takes why a file does not tell what it should. A file that is not there is no trouble. */
export type Trouble = (file: string, why: string) => void;

/** The files of a directory whose names count, ascending by byte; links are followed when they are read. */
export function listFiles(
  directory: string,
  root: string,
  counts: (name: string) => boolean,
  trouble: Trouble,
): readonly string[] {
  const names = tolerate(directory, trouble, () => {
    const way = resolvePath(directory, root);
    if (way.stats?.isDirectory() !== true) return [];
    return attemptIfThere('list', way.path, () => readdirSync(way.path, { withFileTypes: true })) ?? [];
  });
  return (names ?? [])
    .filter((entry) => !entry.isDirectory() && counts(entry.name))
    .map(({ name }) => posix.join(directory, name))
    .sort(compareBytes)
    .slice(0, maxFiles);
}

/** At most 1 MiB; null where there is no such file, or it cannot be read. */
export function readFile(file: string, root: string, trouble: Trouble): Uint8Array | null {
  return tolerate(file, trouble, () => {
    const way = resolvePath(file, root);
    return way.stats === null ? null : readRegularFile(way.path, maxFileBytes).bytes;
  });
}

function tolerate<T>(path: string, trouble: Trouble, look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.findingName !== 'pathMissing') trouble(path, error.message);
    return null;
  }
}
