// What the record of a generation says when it begins.
import { describeBaseline } from './new-baseline.ts';
import type { WriteStep } from './plan.ts';
import type { NewGeneration } from './record.ts';
import type { Turn } from './settle.ts';
import { describeSources } from './sources.ts';

/** Texts, baseline and sources included: with it both what was there and what comes are kept. */
export function describeGeneration(
  { agent: { host }, request, seen, plan }: Turn,
  step: Pick<WriteStep, 'bytes' | 'digest' | 'baseline'>,
): NewGeneration {
  const previous = seen.target.state === 'file' ? seen.target.file : null;
  return {
    startedAt: host.clock.now().toISOString(),
    reason: request.reason,
    actor: request.actor,
    digest: step.digest,
    previousDigest: previous?.digest ?? null,
    inputsDigest: plan.inputsDigest,
    crioVersion: seen.crioVersion,
    icspdVersion: host.version,
    bootId: host.bootId,
    deployment: host.deployment,
    changes: plan.changes.map(({ sentence }) => sentence),
    ...describeSources(seen, plan),
    ...describeBaseline(seen, step.baseline, (bytes) => host.digest(bytes)),
    text: step.bytes,
    previousText: previous?.bytes ?? null,
  };
}
