// Whether icspd may replace registries.conf, and what stands in the way, with the command that clears it.
import { lstatSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import { quote, shellWord } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { attemptIfThere, errnoOf } from './errno.ts';
import { HostError } from '../host-error.ts';
import { previousBeside } from './leftovers.ts';
import { kindOf } from './read-file.ts';
import type { Resolved } from './resolve-path.ts';
import { judgeWay, type Trust } from './trust.ts';

/**
 * Throws HostError unless nobody else can change a directory or link on the way: who can, can put another file in the place of
 * registries.conf, and of what root is writing beside it.
 */
export function judgePlace(path: string, way: Resolved, trust: Trust): void {
  const distrust = judgeWay(way, trust);
  if (distrust === null) return;
  throw new HostError(
    'targetReplaceable',
    `${quote(path)} is not safe where it is: ${distrust.message}`,
    distrust.help,
    { path },
  );
}

/**
 * Throws HostError unless `path` is a regular file of the trusted user (on a node: root:root, the only owner that can be set from inside the
 * sandbox of the service) that has no name beyond this one and the one that icspd keeps.
 */
export function judgeTarget(path: string, stats: Stats, trust: Trust): void {
  if (!stats.isFile()) {
    const help = `move it away: mv ${shellWord(path)} ${shellWord(`${path}.away`)}`;
    throw new HostError(
      'targetNotRegular',
      `${quote(path)} is not a regular file but a ${kindOf(stats)}`,
      help,
      {
        path,
      },
    );
  }
  judgeOwner(path, stats, trust);
  const known = isKept(path, stats) ? 2 : 1;
  if (stats.nlink <= known) return;
  const find = `find ${shellWord(posix.dirname(path))} -xdev -inum ${stats.ino}`;
  throw new HostError(
    'targetHardLinked',
    `${quote(path)} has ${stats.nlink - known} more hard links, which would keep the old content`,
    `remove the other names (${find}), or make it a file of its own: cp -p ${shellWord(path)} ${shellWord(`${path}.own`)} && mv ${shellWord(`${path}.own`)} ${shellWord(path)}`,
    { path },
  );
}

function judgeOwner(path: string, stats: Stats, trust: Trust): void {
  const isNode = trust.root === '/';
  if (stats.uid === trust.uid && (!isNode || stats.gid === 0)) return;
  const owner = isNode ? 'root:root' : String(trust.uid);
  throw new HostError(
    'targetNotOwned',
    `${quote(path)} belongs to ${stats.uid}:${stats.gid}, not to ${owner}`,
    `chown ${owner} ${shellWord(path)}`,
    { path },
  );
}

/**
 * Throws HostError if users or groups have entries of their own in the ACL, be it to read: whether the next rendering should
 * have them is not icspd's to decide.
 */
export function judgeAcl(path: string, hasNamedEntries: (path: string) => boolean): void {
  if (!hasNamedEntries(path)) return;
  throw new HostError(
    'targetHasAcl',
    `${quote(path)} has ACL entries for named users or groups`,
    `take them away: setfacl --remove-all ${shellWord(path)} (getfacl shows them)`,
    { path },
  );
}

/** Whether the one further name is the link that an interrupted or unsettled replacement left. */
function isKept(path: string, stats: Stats): boolean {
  const previous = previousBeside(path);
  const kept = attemptIfThere('look at', previous, () => lstatSync(previous));
  return kept !== null && kept.ino === stats.ino && kept.dev === stats.dev;
}

/** Write bits for group or others; they are not carried over to the next rendering. */
export function writableByOthers(path: string, stats: Stats): Finding | null {
  if ((stats.mode & 0o022) === 0) return null;
  const octal = (stats.mode & 0o7777).toString(8).padStart(4, '0');
  return finding(
    'targetWritableByOthers',
    wholeFile(path),
    `${quote(path)} can be written by others than its owner (mode ${octal}); the next rendering will not be`,
    `chmod go-w ${shellWord(path)}`,
  );
}

/** Says what an errno means for this file in particular; other errors come back as they are. */
export function explain(error: unknown, path: string): unknown {
  const code = error instanceof HostError ? errnoOf(error.cause) : null;
  // A file that is mounted over can neither be renamed (EBUSY) nor linked to from outside of its mount (EXDEV).
  if (code === 'EBUSY' || code === 'EXDEV') {
    return new HostError(
      'targetBindMounted',
      `cannot replace ${quote(path)}: it is a mount point (${code})`,
      `mount its directory instead of the file; findmnt ${shellWord(path)} shows the mount`,
      { path, cause: error },
    );
  }
  if (code === 'EPERM') {
    return new HostError(
      'targetImmutable',
      `cannot replace ${quote(path)}: it or its directory is immutable, append-only, or cannot have hard links (EPERM)`,
      `chattr -i -a ${shellWord(path)} ${shellWord(posix.dirname(path))}`,
      { path, cause: error },
    );
  }
  return error;
}
