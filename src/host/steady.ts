// Reads several files as they were at one moment: what was changed while they were read is read again.
import { lstatSync, readdirSync, statSync, type BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { errnoOf } from './errno.ts';

export interface Steady<T> {
  readonly value: T;
  /** Even in the last try something was gone that had been listed, maybe to a name that was not. */
  readonly isTorn: boolean;
}

/** A node where files change without end still gets an answer. */
const maxTries = 5;

/**
 * Reads until nothing changed between the beginning and the end, a few times at most. A file that is renamed after its
 * directory was listed is found under neither name, and what moves from one file to another may be found in neither.
 * @param glance tells in a text what stands there, without reading it
 * @param read calls `miss` when something is gone that was listed
 */
export function readSteadily<T>(glance: () => string, read: (miss: () => void) => T): Steady<T> {
  let before = glance();
  for (let tries = 1; ; tries += 1) {
    const last = { isTorn: false };
    const value = read(() => {
      last.isTorn = true;
    });
    const after = glance();
    const isSteady = !last.isTorn && after === before;
    if (isSteady || tries === maxTries) return { value, ...last };
    before = after;
  }
}

/**
 * The identity and the times of a directory, of its names and, where the name counts, of the file. Never throws.
 * @param directory without a link
 */
export function glanceAt(directory: string, counts: (name: string) => boolean): string {
  return orError(() => {
    const own = identify(statSync(directory, { bigint: true }));
    const names = readdirSync(directory).sort();
    return [own, ...names.map((name) => (counts(name) ? glanceAtFile(name, directory) : name))].join('\0');
  });
}

/** A link counts as well as what it leads to. */
function glanceAtFile(name: string, directory: string): string {
  return orError(() => {
    const path = join(directory, name);
    const stats = lstatSync(path, { bigint: true });
    const target = stats.isSymbolicLink() ? orError(() => identify(statSync(path, { bigint: true }))) : '';
    return `${name} ${identify(stats)} ${target}`;
  });
}

function identify({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

function orError(look: () => string): string {
  try {
    return look();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null) throw error;
    return errno;
  }
}
