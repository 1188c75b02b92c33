// Reads a file only if nobody but root can change it.
import type { Stats } from 'node:fs';
import { posix } from 'node:path';
import type { FileText } from '../agent/ports.ts';
import type { Finding, FindingName } from '../finding.ts';
import { digest } from './digest.ts';
import { HostError, toFinding } from '../host-error.ts';
import { readRegularFile } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';
import { distrustFinding, judgeFile, judgeLabel, judgeWay, type Distrust, type Trust } from './trust.ts';

/** A file that is read; `findings` are warnings only. A refused one has the error that refuses it. */
export type TrustedReading =
  | {
      readonly state: 'read';
      readonly file: FileText;
      readonly stats: Stats;
      readonly findings: readonly Finding[];
    }
  | { readonly state: 'refused'; readonly findings: readonly [Finding] }
  | { readonly state: 'missing' };

/**
 * Reads `path` under the rules of `trust`. Never throws because of the file, never blocks.
 * @param maxBytes a larger file is refused unread
 */
export function readTrusted(path: string, trust: Trust, maxBytes: number): TrustedReading {
  try {
    const way = resolvePath(path, trust.root);
    const distrust = judgeWay(way, trust) ?? judgeLabels(way.path, trust);
    return readJudged(path, way.path, distrust, trust, maxBytes);
  } catch (error) {
    return refusedBy(error, path);
  }
}

/** Of the file and of the directory that holds it. */
function judgeLabels(realPath: string, { containerFiles }: Trust): Distrust | null {
  const directory = posix.dirname(realPath);
  const labelled = containerFiles(directory);
  return judgeLabel(directory, '', labelled) ?? judgeLabel(directory, posix.basename(realPath), labelled);
}

/**
 * As readTrusted, for a file to which the way is known. What is not trusted is not read, where trust is enforced, and its size
 * or type is no news: who can change those must not choose the reason of the refusal.
 * @param path the name that the operator knows
 * @param realPath where it leads, without a link
 * @param wayDistrust what is wrong with the way
 */
export function readJudged(
  path: string,
  realPath: string,
  wayDistrust: Distrust | null,
  trust: Trust,
  maxBytes: number,
): TrustedReading {
  try {
    const judge = (stats: Stats): Distrust | null => wayDistrust ?? judgeFile(realPath, stats, trust);
    // Who can write the directory can also have taken the file away.
    if (wayDistrust !== null) refuse(wayDistrust, path, trust);
    const { bytes, stats } = readRegularFile(realPath, maxBytes, (found) => {
      refuse(judge(found), path, trust);
    });
    const distrust = judge(stats);
    const file = { path, bytes, digest: digest(bytes) };
    const findings = distrust === null ? [] : [distrustFinding(distrust, path, trust)];
    return { state: 'read', file, stats, findings };
  } catch (error) {
    return refusedBy(error, path);
  }
}

/** Throws HostError where trust is missing and enforced. */
function refuse(distrust: Distrust | null, path: string, trust: Trust): void {
  if (distrust === null || !trust.isEnforced) return;
  throw new HostError('untrustedFile', distrust.message, distrust.help, { path });
}

/** What says more than that the file cannot be read. */
const known: ReadonlySet<FindingName> = new Set(['untrustedFile', 'fileTooLarge', 'fileKeepsChanging']);

function refusedBy(error: unknown, path: string): TrustedReading {
  if (!(error instanceof HostError)) throw error;
  // Removed after it was listed or looked at.
  if (error.findingName === 'pathMissing') return { state: 'missing' };
  const name = known.has(error.findingName) ? error.findingName : 'unreadableFile';
  return { state: 'refused', findings: [toFinding(error, name, path)] };
}
