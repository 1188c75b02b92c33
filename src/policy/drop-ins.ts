// Which files of the policy directories count, and which of two with the same name wins.
import type { Finding } from '../finding.ts';

/** What stands under a name in a policy directory. `mask` is a symlink whose text is /dev/null. */
export type EntryType =
  | 'file'
  | 'mask'
  | 'directory'
  | 'fifo'
  | 'socket'
  | 'device'
  | 'dangling link'
  | 'unreadable';

/** One name in a policy directory, looked at and, if it may count, read. */
export interface DirectoryEntry {
  readonly name: string;
  readonly path: string;
  readonly type: EntryType;
  /** The bytes; null where the entry is no file, its name does not count, or it could not be read. */
  readonly content: Uint8Array | null;
  /** sha256 of the content, in hex. */
  readonly digest: string | null;
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
