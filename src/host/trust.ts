// Who can change a file: the one rule by which policy files, settings, baseline and state are trusted.
import { posix } from 'node:path';
import { finding, type Finding } from '../finding.ts';
import { quote, shellWord } from '../escape.ts';
import { wholeFile } from '../origin.ts';
import type { Passed, Resolved } from './resolve-path.ts';
import { findContainerFiles } from './selinux.ts';

/** Whom to trust, up to which directory, and what follows where that trust is missing. */
export interface Trust {
  /** The walk stops here; absolute links count from here. */
  readonly root: string;
  /** Whose files are trusted besides root's: root again, or, under --root, the caller. */
  readonly uid: number;
  /** Whether distrust refuses a file or, for what is named on the command line, is only a warning. */
  readonly isEnforced: boolean;
  /** The names in a directory that containers may write to, as their labels say; '' is the directory itself. */
  readonly containerFiles: (directory: string) => ReadonlySet<string>;
}

/** Why something is not trusted, and how to make it so. */
export interface Distrust {
  readonly message: string;
  readonly help: string;
}

interface Ownership {
  readonly uid: number;
  readonly mode: number;
}

const writableByOthers = 0o022;
const sticky = 0o1000;

/** The trust of a running node, or of a tree that the caller prepares with --root. */
export function trustUnder(root: string, isEnforced = true): Trust {
  const isNode = posix.resolve(root) === '/';
  const uid = isNode ? 0 : (process.geteuid?.() ?? 0);
  // In a tree that is prepared the labels are those of the builder, which may itself be a container.
  const containerFiles = isNode && isEnforced ? findContainerFiles : () => new Set<string>();
  return { root, uid, isEnforced, containerFiles };
}

/**
 * Judges the way to a file: each directory up to the root, each link, and each directory that a link leads through.
 * An ancestor may be sticky, since what trusted hands put there stays theirs; the directory that holds the file may not.
 * POSIX write ACLs need no look of their own: with one, the group bits are the mask (acl(5)), which must allow writing for it to take effect.
 */
export function judgeWay(way: Resolved, trust: Trust): Distrust | null {
  const holder = way.directories.at(-1);
  for (const directory of way.directories) {
    const isAncestor = directory.path !== holder?.path;
    const distrust = judgeDirectory(directory, trust, isAncestor);
    if (distrust !== null) return distrust;
  }
  for (const link of way.links) {
    const distrust = judgeLink(link, trust);
    if (distrust !== null) return distrust;
  }
  return null;
}

/** Judges one directory, without those above it. */
export function judgeDirectory({ path, stats }: Passed, trust: Trust, maySticky: boolean): Distrust | null {
  const isKeptApart = maySticky && (stats.mode & sticky) !== 0;
  return judgeOwner(path, stats, trust) ?? (isKeptApart ? null : judgeMode(path, stats, 'directory'));
}

/** Judges a file by owner and mode, without the way to it. */
export function judgeFile(path: string, stats: Ownership, trust: Trust): Distrust | null {
  return judgeOwner(path, stats, trust) ?? judgeMode(path, stats, 'file');
}

/** Judges a link by its owner; its mode says nothing (symlink(7)). */
export function judgeLink({ path, stats }: Passed, trust: Trust): Distrust | null {
  return judgeOwner(path, stats, trust);
}

/** Judges a file, or by '' the directory itself, by its label; `names` are those that containers may write to. */
export function judgeLabel(directory: string, name: string, names: ReadonlySet<string>): Distrust | null {
  if (!names.has(name)) return null;
  const path = posix.join(directory, name);
  return {
    message: `${quote(path)} is labelled container_file_t, so that containers may write to it`,
    help: `restorecon -v ${shellWord(path)}`,
  };
}

/** Distrust as news about `file`: an error where trust is enforced, else a warning. */
export function distrustFinding(distrust: Distrust, file: string, trust: Trust): Finding {
  const name = trust.isEnforced ? 'untrustedFile' : 'untrustedInput';
  return finding(name, wholeFile(file), distrust.message, distrust.help);
}

function judgeOwner(path: string, { uid }: Ownership, trust: Trust): Distrust | null {
  // Root can change what the caller owns, too; a tree that root unpacked is as trustworthy as the caller's own.
  if (uid === trust.uid || uid === 0) return null;
  const owner = trust.uid === 0 ? 'root' : `uid ${trust.uid} or root`;
  return {
    message: `${quote(path)} belongs to uid ${uid}, not to ${owner}`,
    help: `chown --no-dereference ${trust.uid === 0 ? 'root:root' : trust.uid} ${shellWord(path)}`,
  };
}

function judgeMode(path: string, { mode }: Ownership, what: 'directory' | 'file'): Distrust | null {
  if ((mode & writableByOthers) === 0) return null;
  const octal = (mode & 0o7777).toString(8).padStart(4, '0');
  return {
    message: `the ${what} ${quote(path)} can be written by others than its owner (mode ${octal})`,
    help: `chmod go-w ${shellWord(path)}`,
  };
}
