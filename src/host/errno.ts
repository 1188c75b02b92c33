// What each errno means to an operator: a cause, and a remedy that names the path.
import { constants } from 'node:os';
import { dirname } from 'node:path';
import type { FindingName } from '../finding.ts';
import { quote, shellWord } from '../escape.ts';
import { HostError } from '../host-error.ts';

interface Meaning {
  readonly findingName: FindingName;
  readonly cause: string;
  readonly help: (path: string) => string;
}

const full = (cause: string): Meaning => ({
  findingName: 'diskFull',
  cause,
  help: (path) =>
    `free some there (df -h ${shellWord(dirname(path))}; df -i ${shellWord(dirname(path))}); the daemon then goes on by itself`,
});

const unusable = (cause: string): Meaning => ({
  findingName: 'pathUnusable',
  cause,
  help: (path) => `look at each part of the path (namei -l ${shellWord(path)}) and correct it`,
});

const exhausted = (cause: string): Meaning => ({
  findingName: 'ioFailed',
  cause,
  help: () => 'find what uses it up, or raise the limit; the daemon then goes on by itself',
});

const meanings: Readonly<Record<string, Meaning>> = {
  ENOSPC: full('the file system has no space or no inodes left'),
  EDQUOT: full('the disk quota is used up'),
  EIO: {
    findingName: 'ioFailed',
    cause: 'the disk reports an I/O error',
    help: () => 'look at the messages of the kernel (journalctl -k -p err) and check the disk',
  },
  EROFS: {
    findingName: 'readOnlyFileSystem',
    cause: 'the file system is read-only',
    help: (path) =>
      `make ${quote(dirname(path))} writable (findmnt -T ${shellWord(dirname(path))}), also in ReadWritePaths of icspd.service`,
  },
  EACCES: {
    findingName: 'accessDenied',
    cause: 'permission denied',
    help: (path) =>
      `run icspd as root; if it does, look for denials (ausearch -m avc -ts recent) and at namei -l ${shellWord(path)}`,
  },
  EPERM: {
    findingName: 'accessDenied',
    cause: 'operation not permitted',
    help: (path) =>
      `run icspd as root; if it does, take immutable attributes away (lsattr -d ${shellWord(path)} ${shellWord(dirname(path))}; chattr -i …)`,
  },
  EBUSY: {
    findingName: 'pathUnusable',
    cause: 'it is a mount point or in use',
    help: (path) => `unmount it (findmnt ${shellWord(path)}) and mount its directory instead`,
  },
  ENOENT: {
    findingName: 'pathMissing',
    cause: 'no such file or directory',
    help: (path) => `create what is missing (namei -l ${shellWord(path)})`,
  },
  ENOTDIR: unusable('a part of the path is not a directory'),
  EISDIR: unusable('it is a directory'),
  ENOTEMPTY: unusable('the directory is not empty'),
  EEXIST: unusable('it exists already'),
  ELOOP: unusable('its links lead in a circle, or it is a link where none may be'),
  ENAMETOOLONG: unusable('the path is too long'),
  EXDEV: unusable('it lies on another mount'),
  ENXIO: unusable('it is a socket, or a device that is not there'),
  EMFILE: exhausted('the process has too many open files'),
  ENFILE: exhausted('the node has too many open files'),
  ENOMEM: exhausted('the node has no memory left'),
};

/** The errno's name, such as `ENOSPC`; null if the error does not come from a system call. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return null;
  // libuv has no name for some that the kernel has, EDQUOT among them: then the code is a sentence, and the number has to tell.
  const number = 'errno' in error ? Number(error.errno) : 0;
  const known = Object.entries(constants.errno).find(([, value]) => value === -number);
  return known?.[0] ?? (typeof error.code === 'string' ? error.code : null);
}

/**
 * Makes a HostError of a failed system call; what is no such failure comes back as it is.
 * @param doing the verb of the sentence `cannot <doing> <path>`
 */
export function translate(error: unknown, doing: string, path: string): unknown {
  const code = errnoOf(error);
  if (code === null) return error;
  const meaning = meanings[code] ?? {
    findingName: 'ioFailed',
    cause: 'the system call failed',
    help: () => `look at errno(3) for ${quote(code)}, and at the messages of the kernel (journalctl -k)`,
  };
  const message = `cannot ${doing} ${quote(path)}: ${meaning.cause} (${code})`;
  return new HostError(meaning.findingName, message, meaning.help(path), { path, cause: error });
}

/** Runs system calls on `path`; throws HostError where they fail. */
export function attempt<T>(doing: string, path: string, calls: () => T): T {
  try {
    return calls();
  } catch (error) {
    throw translate(error, doing, path);
  }
}

/** As `attempt`, but null where the path does not exist. */
export function attemptIfThere<T>(doing: string, path: string, calls: () => T): T | null {
  try {
    return calls();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw translate(error, doing, path);
  }
}
