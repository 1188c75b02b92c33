// A baseline that takes the place of the old one, and how it gets there: evidence first, so that nothing is lost wherever this is cut off.
import type { Host } from './ports.ts';
import type { NewGeneration } from './record.ts';
import type { Observation } from './observation.ts';

/** What becomes the baseline before anything else is written. `bytes` null: there was no registries.conf before icspd. */
export interface NewBaseline {
  readonly bytes: Uint8Array | null;
  readonly by: 'first contact' | 'layer' | 'adopt';
}

/** The observation as it will be once the new baseline stands. */
export function onNewBaseline(
  seen: Observation,
  { bytes }: NewBaseline,
  path: string,
  digest: (bytes: Uint8Array) => string,
): Observation {
  if (bytes === null) return { ...seen, baseline: { state: 'absent' } };
  return {
    ...seen,
    baseline: { state: 'captured', file: { path, bytes, digest: digest(bytes) }, findings: [] },
  };
}

/** What the record of a generation says of the baseline, and the texts that are kept with it: the one it rests on, and the one it replaces. */
export function describeBaseline(
  { baseline }: Observation,
  next: NewBaseline | null,
  digest: (bytes: Uint8Array) => string,
): Pick<NewGeneration, 'baselineDigest' | 'baselineChange' | 'evidence'> {
  const old = baseline.state === 'captured' ? baseline.file : null;
  if (next === null) {
    return { baselineDigest: old?.digest ?? null, evidence: old === null ? [] : [old.bytes] };
  }
  const texts = [old?.bytes ?? null, next.bytes].filter((bytes) => bytes !== null);
  const baselineDigest = next.bytes === null ? null : digest(next.bytes);
  if (next.by === 'first contact') return { baselineDigest, evidence: texts };
  return { baselineDigest, evidence: texts, baselineChange: { by: next.by, from: old?.digest ?? null } };
}

/** Puts the baseline in place, durably. Throws HostError. */
export function establishBaseline({ baseline }: Host, next: NewBaseline | null): void {
  if (next === null) return;
  const { state } = baseline.read();
  if (next.by === 'first contact' || state === 'none') baseline.capture(next.bytes);
  else if (next.bytes !== null || state !== 'absent') baseline.replace(next.bytes ?? new Uint8Array());
}
