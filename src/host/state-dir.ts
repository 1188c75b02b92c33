// /var/lib/icspd/v1: reads and writes below it, trusted, private and durable.
import { existsSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import type { Paths } from '../paths.ts';
import { quote, shellWord } from '../escape.ts';
import { makeDirectory, syncDirectory, writeDurably } from './durable-file.ts';
import { attempt, attemptIfThere } from './errno.ts';
import { HostError } from '../host-error.ts';
import { sweepDirectory } from './leftovers.ts';
import { maxConfBytes, readRegularFile } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';
import { judgeDirectory, judgeWay, type Trust } from './trust.ts';

/** Names are relative to the directory of this schema version. All methods throw HostError. */
export interface StateReader {
  /** Null where there is no such file. One that is larger than `maxBytes` is not read: nothing that icspd writes is. */
  read(name: string, maxBytes?: number): Uint8Array | null;
  /**
   * As `read`, null also where no icspd wrote what is there, or the disk cannot give it back: for what can be missed.
   * @param mustRead what the disk cannot give back is an error all the same: it is not lost
   */
  readSound(name: string, mustRead?: boolean): Uint8Array | null;
  /** The names in a directory; none where it is missing. */
  list(name: string): readonly string[];
}

/** The methods that write are for who holds the lock. */
export interface StateDir extends StateReader {
  /** For many reads at once: the way to the state is judged when this is called, and no more. */
  look(): StateReader;
  /** Replaces the file atomically, creates directories (0700), and returns once both would survive a power cut. */
  write(name: string, bytes: Uint8Array | string): void;
  /** Keeps what is damaged as `name`.damaged, in the place of what was kept there before; durable. */
  setAside(name: string): void;
  /** Removes files, or directories with all that is in them, from `directory`; durable. */
  remove(directory: string, names: readonly string[]): void;
}

export type StatePaths = Pick<Paths, 'root' | 'stateDir' | 'schemaDir'>;

/** Opens the state; nothing is read or created before it is asked for. */
export function openState(paths: StatePaths, trust: Trust): StateDir {
  const look = (): StateReader => readerOf(locate(paths, trust));
  return {
    look,
    read: (name, maxBytes) => look().read(name, maxBytes),
    readSound: (name, mustRead) => look().readSound(name, mustRead),
    list: (name) => look().list(name),
    write(name, bytes) {
      makePrivateDirectory(paths.stateDir, paths.root);
      makePrivateDirectory(paths.schemaDir, paths.root);
      const place = locate(paths, trust);
      const path = posix.join(place, name);
      makeDirectory(posix.dirname(path), 0o700, 0o700);
      // All in one place, so that sweeping it is enough, however many directories there are.
      sweepDirectory(place);
      // A rename replaces anything but a directory.
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true) setAside(path);
      writeDurably(path, bytes, 0o600, place);
    },
    setAside: (name) => setAside(posix.join(locate(paths, trust), name)),
    remove(directory, names) {
      if (names.length === 0) return;
      const holder = posix.join(locate(paths, trust), directory);
      for (const path of names.map((name) => posix.join(holder, name))) {
        attempt('remove', path, () => rmSync(path, { recursive: true, force: true }));
      }
      if (existsSync(holder)) syncDirectory(holder);
    },
  };
}

/** Whether an error says that the file itself is bad, and not that it may not be read. */
export function isDamage(error: unknown): error is HostError {
  const names: readonly string[] = ['stateUnreadable', 'ioFailed', 'fileKeepsChanging'];
  return error instanceof HostError && names.includes(error.findingName);
}

function setAside(path: string): void {
  const kept = `${path}.damaged`;
  attempt('set aside', path, () => {
    rmSync(kept, { recursive: true, force: true });
    renameSync(path, kept);
  });
  syncDirectory(posix.dirname(path));
}

function readerOf(place: string): StateReader {
  const read = (name: string, maxBytes = maxConfBytes): Uint8Array | null =>
    readFile(posix.join(place, name), maxBytes);
  return {
    read,
    readSound(name, mustRead = false) {
      try {
        return read(name);
      } catch (error) {
        if (isDamage(error) && !(mustRead && error.findingName !== 'stateUnreadable')) return null;
        throw error;
      }
    },
    list(name) {
      const path = posix.join(place, name);
      return attemptIfThere('list', path, () => readdirSync(path)) ?? [];
    },
  };
}

function readFile(path: string, maxBytes: number): Uint8Array | null {
  try {
    return readRegularFile(path, maxBytes).bytes;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.findingName === 'pathMissing') return null;
    const isForeign = error.findingName === 'fileTooLarge' || error.findingName === 'pathUnusable';
    if (!isForeign) throw error;
    const help = `look at it (ls -l ${shellWord(path)}), and move it away: it is none that the agent wrote`;
    throw new HostError('stateUnreadable', error.message, help, { path, cause: error });
  }
}

/** Makes the directory, 0700, where `path` leads inside the root; its parents get 0755. */
function makePrivateDirectory(path: string, root: string): void {
  makeDirectory(resolvePath(path, root).path, 0o700);
}

/** Where the state really is. What others could have written is never read: it decides what is rolled back to. */
function locate(paths: StatePaths, trust: Trust): string {
  const way = resolvePath(paths.schemaDir, paths.root);
  const { path, stats } = way;
  const distrust =
    judgeWay(way, trust) ?? (stats === null ? null : judgeDirectory({ path, stats }, trust, false));
  if (distrust === null) return path;
  throw new HostError(
    'untrustedState',
    `the state in ${quote(paths.schemaDir)} cannot be trusted: ${distrust.message}`,
    distrust.help,
    { path: paths.schemaDir },
  );
}
