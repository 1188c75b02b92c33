// Looks at one name in a policy directory, and reads what may count as a policy file.
import { lstatSync, readlinkSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { quote } from '../escape.ts';
import { finding, FINDINGS, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import {
  isPolicyFileName,
  maxPolicyBytes,
  type DirectoryEntry,
  type EntryType,
  type FileFacts,
} from '../policy/drop-ins.ts';
import { attempt, attemptIfThere } from './errno.ts';
import { HostError, toFinding } from '../host-error.ts';
import { kindOf } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';
import { readJudged } from './trusted-file.ts';
import { distrustFinding, judgeLink, judgeWay, type Distrust, type Trust } from './trust.ts';

/** The directory that is listed: its name, where it really is, and what is wrong with all that is in it. */
export interface Folder {
  readonly path: string;
  readonly realPath: string;
  readonly distrust: Distrust | null;
  readonly budget: Budget;
  /** Is called for what is gone by now. */
  readonly miss: () => void;
}

/** How much more of the policy files' contents may be kept; what is read is taken off. */
export interface Budget {
  leftBytes: number;
}

/** A symlink with this text masks the same name in earlier directories; the text counts, so also under --root. */
const maskText = '/dev/null';

const unread = { content: null, digest: null, findings: [] } as const;

/** Null if it is gone by now. Never throws because of what stands there. */
export function lookAtEntry(
  name: string,
  entry: Parameters<typeof kindOf>[0],
  folder: Folder,
  trust: Trust,
): DirectoryEntry | null {
  const path = join(folder.path, name);
  const realPath = join(folder.realPath, name);
  try {
    if (!isPolicyFileName(name)) return { ...unread, name, path, type: typeOf(entry) };
    if (!entry.isSymbolicLink() && !entry.isFile()) return { ...unread, name, path, type: typeOf(entry) };
    const place = { name, path, realPath };
    const found = entry.isFile()
      ? readEntry(place, folder.distrust, folder.budget, trust)
      : lookAtLink(place, folder, trust);
    if (found === null) folder.miss();
    return found;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    const findings = [toFinding(error, 'unreadableFile', path)];
    return { ...unread, name, path, type: 'unreadable', findings };
  }
}

interface Place {
  readonly name: string;
  readonly path: string;
  readonly realPath: string;
}

function lookAtLink(place: Place, folder: Folder, trust: Trust): DirectoryEntry | null {
  const { name, path, realPath } = place;
  const text = attemptIfThere('read the link', realPath, () => readlinkSync(realPath));
  if (text === null) return null;
  if (text === maskText) {
    const stats = attempt('look at', realPath, () => lstatSync(realPath));
    const distrust = folder.distrust ?? judgeLink({ path: realPath, stats }, trust);
    return { ...unread, name, path, type: 'mask', findings: findingsOf(distrust, path, trust) };
  }
  const way = resolvePath(realPath, trust.root);
  const distrust = folder.distrust ?? judgeWay(way, trust);
  if (way.stats?.isFile() === true) {
    return readEntry({ name, path, realPath: way.path }, distrust, folder.budget, trust);
  }
  const type = way.stats === null ? 'dangling link' : typeOf(way.stats);
  // Who can write on the way can have taken the file away, or put something else in its place.
  return { ...unread, name, path, type, findings: findingsOf(distrust, path, trust) };
}

function findingsOf(distrust: Distrust | null, path: string, trust: Trust): readonly Finding[] {
  return distrust === null ? [] : [distrustFinding(distrust, path, trust)];
}

function readEntry(
  { name, path, realPath }: Place,
  wayDistrust: Distrust | null,
  budget: Budget,
  trust: Trust,
): DirectoryEntry | null {
  const maxBytes = Math.min(maxPolicyBytes, budget.leftBytes);
  const reading = readJudged(path, realPath, wayDistrust, trust, maxBytes);
  switch (reading.state) {
    case 'missing':
      return null;
    case 'refused': {
      const isOverBudget = maxBytes < maxPolicyBytes && reading.findings[0].id === FINDINGS.fileTooLarge.id;
      const findings = isOverBudget ? [overBudget(path)] : reading.findings;
      return { ...unread, name, path, type: 'file', findings };
    }
    case 'read': {
      const { bytes, digest } = reading.file;
      budget.leftBytes -= bytes.length;
      const { findings } = reading;
      return { name, path, type: 'file', content: bytes, digest, facts: factsOf(reading.stats), findings };
    }
  }
}

function factsOf({ uid, gid, mode, mtimeMs, ctimeMs }: Stats): FileFacts {
  return { uid, gid, mode: mode & 0o7777, modifiedAtMs: mtimeMs, changedAtMs: ctimeMs };
}

function overBudget(path: string): Finding {
  const message = `${quote(path)} is not read, since the policy files read before it fill the memory that they may take together`;
  const help = 'remove the policy files that are not needed; all together may have 64 MiB';
  return finding('fileTooLarge', wholeFile(path), message, help);
}

/** A link whose name does not count is not followed; nobody asks what it leads to. */
function typeOf(entry: Parameters<typeof kindOf>[0]): EntryType {
  const kind = kindOf(entry);
  return kind === 'link' ? 'file' : kind;
}
