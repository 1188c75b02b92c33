// Reads a file only if nobody but root can change it.
import type { FileText } from '../agent/ports.ts';
import type { Finding } from '../finding.ts';
import { digest } from './digest.ts';
import { HostError, toFinding } from '../host-error.ts';
import { readRegularFile } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';
import { distrustFinding, judgeFile, judgeWay, type Distrust, type Trust } from './trust.ts';

/** A file that is read; `findings` are warnings only. A refused one has the error that refuses it. */
export type TrustedReading =
  | { readonly state: 'read'; readonly file: FileText; readonly findings: readonly Finding[] }
  | { readonly state: 'refused'; readonly findings: readonly [Finding] }
  | { readonly state: 'missing' };

/**
 * Reads `path` under the rules of `trust`. Never throws because of the file, never blocks.
 * @param maxBytes a larger file is refused unread
 */
export function readTrusted(path: string, trust: Trust, maxBytes: number): TrustedReading {
  try {
    const way = resolvePath(path, trust.root);
    const distrust = judgeWay(way, trust);
    if (way.stats !== null) return readJudged(path, way.path, distrust, trust, maxBytes);
    // Who can write the directory can also have taken the file away.
    if (distrust === null || !trust.isEnforced) return { state: 'missing' };
    return { state: 'refused', findings: [distrustFinding(distrust, path, trust)] };
  } catch (error) {
    return refusedBy(error, path);
  }
}

/**
 * As readTrusted, for a file to which the way is known.
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
    const { bytes, stats } = readRegularFile(realPath, maxBytes);
    const distrust = wayDistrust ?? judgeFile(realPath, stats, trust);
    const file = { path, bytes, digest: digest(bytes) };
    if (distrust === null) return { state: 'read', file, findings: [] };
    const news = distrustFinding(distrust, path, trust);
    return trust.isEnforced
      ? { state: 'refused', findings: [news] }
      : { state: 'read', file, findings: [news] };
  } catch (error) {
    return refusedBy(error, path);
  }
}

function refusedBy(error: unknown, path: string): TrustedReading {
  if (!(error instanceof HostError)) throw error;
  // Removed after it was listed or looked at.
  if (error.findingName === 'pathMissing') return { state: 'missing' };
  const isKnown = error.findingName === 'fileTooLarge' || error.findingName === 'fileKeepsChanging';
  return {
    state: 'refused',
    findings: [toFinding(error, isKnown ? error.findingName : 'unreadableFile', path)],
  };
}
