// The text to go back to when CRI-O refuses one: what stood before it, else what CRI-O was seen to take, else the baseline.
import { acceptableConf } from './acceptable-conf.ts';
import type { Agent } from './reconciliation.ts';
import type { GenerationRecord } from './record.ts';

/** `bytes` null: no file. `isPrevious`: it is what the refused text replaced. */
export interface EarlierText {
  readonly bytes: Uint8Array | null;
  readonly digest: string | null;
  readonly isPrevious: boolean;
}

/** Never a text that CRI-O would refuse as well, such as a broken edit that was overwritten; null where none is known. */
export function findEarlier(agent: Agent, refused: GenerationRecord): EarlierText | null {
  const { previousDigest } = refused;
  if (previousDigest !== null) {
    const bytes = acceptableText(agent, previousDigest);
    if (bytes !== null) return { bytes, digest: previousDigest, isPrevious: true };
  } else if (wasRightlyAbsent(agent, refused)) {
    return { bytes: null, digest: null, isPrevious: true };
  }
  return findProven(agent, refused) ?? readBaseline(agent, refused);
}

/**
 * For a CRI-O that does not start: what a CRI-O of this very version was seen to take, else the baseline. Neither is tried for
 * what it might be: each further try is ten seconds without a runtime.
 */
export function findSafe(
  agent: Agent,
  refused: GenerationRecord,
  crioVersion: string | null,
): EarlierText | null {
  const isOfVersion = (record: GenerationRecord): boolean => record.crioVersion === crioVersion;
  return findProven(agent, refused, isOfVersion) ?? readBaseline(agent, refused);
}

/** There was no file because there was to be none, and not because somebody had removed it. */
function wasRightlyAbsent({ host }: Agent, { number }: GenerationRecord): boolean {
  if (host.baseline.read().state !== 'absent') return false;
  const before = host.generations
    .walk()
    .find(
      (record) => record.number < number && (record.outcome === 'applied' || record.outcome === 'degraded'),
    );
  return before === undefined || before.digest === null;
}

function findProven(
  agent: Agent,
  refused: GenerationRecord,
  isCandidate: (record: GenerationRecord) => boolean = () => true,
): EarlierText | null {
  for (const record of agent.host.generations.walk()) {
    const { digest, outcome, proof } = record;
    const isProven = outcome === 'applied' && (proof === 'applied' || proof === 'started-after');
    if (!isProven || digest === null || digest === refused.digest || !isCandidate(record)) continue;
    const bytes = acceptableText(agent, digest);
    if (bytes !== null) return { bytes, digest, isPrevious: false };
  }
  return null;
}

/** Null also where it is the baseline that was refused. */
function readBaseline({ host, paths }: Agent, refused: GenerationRecord): EarlierText | null {
  const baseline = host.baseline.read();
  if (baseline.state === 'absent') return { bytes: null, digest: null, isPrevious: false };
  if (baseline.state !== 'captured') return null;
  const { bytes, digest } = baseline.file;
  if (digest === refused.digest) return null;
  return acceptableConf(bytes, paths.baseline) === null ? null : { bytes, digest, isPrevious: false };
}

function acceptableText({ host, paths }: Agent, digest: string): Uint8Array | null {
  const bytes = host.generations.text(digest);
  return bytes === null || acceptableConf(bytes, paths.registriesConf) === null ? null : bytes;
}
