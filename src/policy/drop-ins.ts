// Which files of the policy directories count, and which of two with the same name wins.
import { escape, quote } from '../escape.ts';
import { type Finding, finding, FINDINGS } from '../finding.ts';
import { wholeFile } from '../origin.ts';

/** A policy file has at most 1 MiB; host code reads no more. */
export const maxPolicyBytes = 1024 * 1024;

/** What stands under a name in a policy directory. `mask` is a symlink whose text is /dev/null. */
export type EntryType =
  'file' | 'mask' | 'directory' | 'fifo' | 'socket' | 'device' | 'dangling link' | 'unreadable';

/** Of the descriptor that the content was read from. `mode` holds the permission bits; times in ms since the epoch. */
export interface FileFacts {
  readonly uid: number;
  readonly gid: number;
  readonly mode: number;
  readonly modifiedAtMs: number;
  readonly changedAtMs: number;
}

/** One name in a policy directory, looked at and, if it may count, read. */
export interface DirectoryEntry {
  readonly name: string;
  readonly path: string;
  readonly type: EntryType;
  /** The bytes; null where the entry is no file, its name does not count, or it could not be read. */
  readonly content: Uint8Array | null;
  /** sha256 of the content, in hex. */
  readonly digest: string | null;
  /** For the audit trail only; null or absent where nothing was read. */
  readonly facts?: FileFacts | null;
  /** Trust, size and I/O; an error refuses the file. */
  readonly findings: readonly Finding[];
}

/** One policy directory. `missing` and `unreadable` are not the same as empty: what it contributed stays in force. */
export interface PolicyDirectory {
  readonly path: string;
  readonly state: 'listed' | 'missing' | 'unreadable';
  readonly entries: readonly DirectoryEntry[];
  readonly findings: readonly Finding[];
}

/**
 * What becomes of one name. `counts`: it is read, or refused for its own findings. `masked`: a mask, or what one hides.
 * `overridden`: the same name in a later directory replaces it. `skipped`: it is no policy file.
 */
export interface SelectedFile {
  readonly path: string;
  readonly state: 'counts' | 'masked' | 'overridden' | 'skipped';
  /** Why it does not count; null if it does. */
  readonly reason: string | null;
  readonly entry: DirectoryEntry;
  readonly findings: readonly Finding[];
}

/** Whether a name may be a policy file's; host code opens no other. */
export function isPolicyFileName(name: string): boolean {
  return nameFault(name) === null;
}

/**
 * Decides for every name in the policy directories what becomes of it.
 * @param directories lowest precedence first
 * @param standsIn whether a path has last accepted bytes: an untrusted file replaces nothing, but those bytes go on
 * replacing what they did
 * @returns in the order of the directories and their entries, each path once
 */
export function selectPolicyFiles(
  directories: readonly PolicyDirectory[],
  standsIn: (path: string) => boolean = () => false,
): readonly SelectedFile[] {
  const winners = new Map<string, DirectoryEntry>();
  const selected = new Map<string, SelectedFile>();
  for (const directory of directories.toReversed()) {
    for (const entry of directory.entries.toReversed()) {
      // Two arguments of a command line may list the same path; the last one stands.
      if (selected.has(entry.path)) continue;
      const skipped = skipReason(entry);
      if (skipped !== null) {
        selected.set(entry.path, skip(entry, skipped));
        continue;
      }
      const winner = winners.get(entry.name);
      selected.set(entry.path, winner === undefined ? take(entry) : lose(entry, winner));
      if (winner === undefined && (isTrusted(entry) || standsIn(entry.path))) winners.set(entry.name, entry);
    }
  }
  return [...selected.values()].reverse();
}

function take(entry: DirectoryEntry): SelectedFile {
  const { path, findings } = entry;
  // An untrusted link to /dev/null is refused like an untrusted file.
  if (entry.type !== 'mask' || !isTrusted(entry))
    return { path, state: 'counts', reason: null, entry, findings };
  return { path, state: 'masked', reason: 'a link to /dev/null masks this name', entry, findings };
}

function lose(entry: DirectoryEntry, winner: DirectoryEntry): SelectedFile {
  const isMask = winner.type === 'mask';
  const reason = isMask ? `masked by ${escape(winner.path)}` : `overridden by ${escape(winner.path)}`;
  return { path: entry.path, state: isMask ? 'masked' : 'overridden', reason, entry, findings: [] };
}

/**
 * Trust is decided before precedence and masks. Other errors of a file (I/O, size) refuse it, and it replaces all the
 * same.
 */
function isTrusted({ findings }: DirectoryEntry): boolean {
  return !findings.some(({ id, severity }) => id === FINDINGS.untrustedFile.id && severity === 'error');
}

interface SkipReason {
  readonly reason: string;
  /**
   * Null where everybody expects that the file does not count: editors' and package managers' leftovers, mounts' own
   * links.
   */
  readonly help: string | null;
}

function skip(entry: DirectoryEntry, { reason, help }: SkipReason): SelectedFile {
  const { path } = entry;
  const message = `${quote(entry.name)} does not count as a policy file: ${reason}`;
  const findings = help === null ? [] : [finding('ignoredFile', wholeFile(path), message, help)];
  return { path, state: 'skipped', reason, entry, findings };
}

function skipReason(entry: DirectoryEntry): SkipReason | null {
  const fault = nameFault(entry.name);
  if (fault !== null) return fault;
  // Who can put anything there can also put a FIFO there: it is refused, and ends no last accepted bytes.
  if (!isTrusted(entry)) return null;
  const { type } = entry;
  switch (type) {
    case 'file':
    case 'mask':
    case 'unreadable':
      return null;
    case 'directory':
      return { reason: 'it is a directory', help: 'move its files directly into the policy directory' };
    case 'fifo':
    case 'socket':
    case 'device':
      return { reason: `it is a ${type}`, help: 'put a regular file in its place, or remove it' };
    case 'dangling link':
      return { reason: 'it is a link to nothing', help: 'remove the link, or make it point to a file' };
  }
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,200}\.(?:yaml|yml|json)$/;

function nameFault(name: string): SkipReason | null {
  if (namePattern.test(name)) return null;
  if (name.startsWith('.')) return { reason: 'its name begins with a dot', help: null };
  const leftover = /~$|\.(?:rpmnew|rpmsave|rpmorig|bak|tmp)$/.exec(name);
  if (leftover !== null) return { reason: `its name ends in ${leftover[0]}`, help: null };
  if (!/\.(?:yaml|yml|json)$/.test(name)) {
    return {
      reason: 'its name does not end in .yaml, .yml or .json',
      help: 'rename it if it is meant to count, else move it away',
    };
  }
  return {
    reason:
      'its name has other characters than letters, digits and . _ @ + -, begins with one of these, or is too long',
    help: 'rename it if it is meant to count, else move it away',
  };
}
