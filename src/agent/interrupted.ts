// Finishes or undoes what an earlier process began, by looking at the file, not by believing the record.
import { putInForce } from './current-generation.ts';
import { digestOnDisk } from './observation.ts';
import type { Host } from './ports.ts';
import type { GenerationRecord } from './record.ts';

/** As far back as is looked for an apply of this deployment: longer histories, all of others, must not slow each reconcile. */
const longestLookBack = 200;

/**
 * Settles an apply of this deployment that was cut off, in this boot or an earlier one: if its text is on disk it counts as
 * applied, with its reload still owed; if not, it never happened. Either way no temp file and no link of it stays.
 * One of another deployment has its file there: it waits until that one is booted again.
 */
export function settleInterrupted(host: Host): void {
  host.target.sweep();
  const begun = findBegun(host);
  if (begun === null) return;
  if (begun.isOnDisk) putInForce(host, begun.record);
  else host.generations.patch(begun.record.number, { outcome: 'refused', proof: 'none' });
}

/** The apply whose text is on disk, but whose end is not recorded: it is under way, or was cut off. Null where there is none. */
export function findUnderWay(host: Host): GenerationRecord | null {
  const begun = findBegun(host);
  return begun?.isOnDisk === true ? begun.record : null;
}

function findBegun(host: Host): { readonly record: GenerationRecord; readonly isOnDisk: boolean } | null {
  const latest = host.generations.walk().take(longestLookBack);
  const newest = latest.find(({ deployment }) => isHere(host, deployment));
  if (newest?.outcome !== 'pending') return null;
  const target = host.target.read();
  if (target.state === 'unusable') return null;
  const isOnDisk = digestOnDisk({ target }) === newest.digest && hasItsBaseline(host, newest);
  return { record: newest, isOnDisk };
}

/** Where either is not known there is but one. */
function isHere(host: Host, deployment: string | null): boolean {
  return deployment === null || host.deployment === null || deployment === host.deployment;
}

/** Where the baseline was to be replaced first, the same text on disk may be what was there before. */
function hasItsBaseline({ baseline }: Host, { baselineChange, baselineDigest }: GenerationRecord): boolean {
  if (baselineChange === undefined) return true;
  const found = baseline.read();
  return found.state === 'captured' && found.file.digest === baselineDigest;
}
