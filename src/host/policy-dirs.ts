// Lists the policy directories.
import { isUtf8 } from 'node:buffer';
import { readdirSync, type Dirent } from 'node:fs';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { compareBytes } from '../byte-order.ts';
import { wholeFile } from '../origin.ts';
import { isPolicyFileName, type PolicyDirectory } from '../policy/drop-ins.ts';
import { attempt } from './errno.ts';
import { HostError, toFinding } from '../host-error.ts';
import { lookAtEntry, type Folder } from './policy-entry.ts';
import { resolvePath } from './resolve-path.ts';
import { glanceAt, readSteadily } from './steady.ts';
import { distrustFinding, judgeDirectory, judgeLabel, judgeWay, type Trust } from './trust.ts';

/**
 * Reads every policy directory; lowest precedence first, as given. A missing one is no error here: it matters only to what it contributed.
 * All are read as they were at one moment; where files come and go too fast for that, the directory counts as unreadable.
 * Never throws because of what it finds, never blocks on it, and opens nothing whose name does not count. Of all files together
 * `limits.bytes` are kept, those of the highest precedence first; a directory with more than `limits.names` is not read.
 * @param paths at or below the root of `trust`
 */
export function readPolicyDirectories(
  paths: readonly string[],
  trust: Trust,
  limits: Limits = usualLimits,
): PolicyDirectory[] {
  const glance = (): string => paths.map((path) => glanceAtPolicies(path, trust.root)).join('\n');
  const missed = new Set<string>();
  const { value, isTorn } = readSteadily(glance, (miss) => {
    missed.clear();
    const budget = { leftBytes: limits.bytes };
    const read = (path: string): PolicyDirectory => {
      const told = (): void => {
        missed.add(path);
        miss();
      };
      return readOrTell(path, () => readDirectory(path, trust, { budget, miss: told }, limits.names));
    };
    return paths.toReversed().map(read).reverse();
  });
  if (!isTorn) return value;
  return value.map((directory) =>
    missed.has(directory.path) ? unreadable(directory.path, keepsChanging(directory.path)) : directory,
  );
}

function readOrTell(path: string, read: () => PolicyDirectory): PolicyDirectory {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return unreadable(path, toFinding(error, 'policyDirUnreadable', path));
  }
}

function glanceAtPolicies(path: string, root: string): string {
  try {
    return glanceAt(resolvePath(path, root).path, isPolicyFileName);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return error.message;
  }
}

/** What one reading takes at most; the agent keeps it all in memory. */
export interface Limits {
  readonly bytes: number;
  readonly names: number;
}

const usualLimits: Limits = { bytes: 64 * 1024 * 1024, names: 10_000 };

function readDirectory(
  path: string,
  trust: Trust,
  reading: Pick<Folder, 'budget' | 'miss'>,
  maxNames: number,
): PolicyDirectory {
  const way = resolvePath(path, trust.root);
  if (way.stats === null) return { path, state: 'missing', entries: [], findings: [] };
  if (!way.stats.isDirectory()) return unreadable(path, notADirectory(path));
  const labelled = trust.containerFiles(way.path);
  const distrust =
    judgeWay(way, trust) ??
    judgeDirectory({ path: way.path, stats: way.stats }, trust, false) ??
    judgeLabel(way.path, '', labelled);
  const folder = { path, realPath: way.path, distrust, ...reading };
  const listed = attempt('list', path, () =>
    readdirSync(way.path, { encoding: 'buffer', withFileTypes: true }),
  );
  if (listed.length > maxNames) return unreadable(path, tooManyNames(path, listed.length, maxNames));
  const entries = listed
    .map((entry): [string, Dirent<Buffer>] => [showName(entry.name), entry])
    .sort(([a], [b]) => compareBytes(a, b))
    .flatMap(([name, entry]) => {
      const ofEntry = { ...folder, distrust: distrust ?? judgeLabel(path, name, labelled) };
      return lookAtEntry(name, entry, ofEntry, trust) ?? [];
    });
  if (distrust === null) return { path, state: 'listed', entries, findings: [] };
  // Who can write here can also take files away, so that what is missing tells nothing either.
  const state = trust.isEnforced ? 'unreadable' : 'listed';
  return { path, state, entries, findings: [distrustFinding(distrust, path, trust)] };
}

/** The name; where it is not UTF-8 with `\xNN` for each byte beyond ASCII, which makes it one that does not count. */
function showName(name: Buffer): string {
  if (isUtf8(name)) return name.toString('utf8');
  return name.toString('latin1').replace(/[^\0-\x7f]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

function notADirectory(path: string): Finding {
  const help = `put a directory in the place of ${quote(path)}; an empty one means that there are no policies`;
  return finding('policyDirUnreadable', wholeFile(path), `${quote(path)} is not a directory`, help);
}

function tooManyNames(path: string, count: number, maxNames: number): Finding {
  const message = `${quote(path)} has ${count} names, more than the ${maxNames} that are read`;
  const help = 'move away what is no policy file, and put several policies into one file';
  return finding('policyDirUnreadable', wholeFile(path), message, help);
}

function keepsChanging(path: string): Finding {
  const message = `files of ${quote(path)} are renamed or removed each time that it is read`;
  const help = 'find what changes them all the time; the daemon then goes on by itself';
  return finding('policyDirUnreadable', wholeFile(path), message, help);
}

function unreadable(path: string, reason: Finding): PolicyDirectory {
  return { path, state: 'unreadable', entries: [], findings: [reason] };
}
