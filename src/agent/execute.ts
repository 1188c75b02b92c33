// Carries a plan out: the record first, then the baseline, the file and the hold, so that nothing is lost wherever this is cut off.
import { HostError } from '../host-error.ts';
import { logChanges } from './change-log.ts';
import { putInForce } from './current-generation.ts';
import { establishBaseline, type NewBaseline } from './new-baseline.ts';
import { describeGeneration } from './new-generation.ts';
import { digestOnDisk } from './observation.ts';
import type { WriteStep } from './plan.ts';
import type { GenerationRecord } from './record.ts';
import { settleWritten, type Settled, type Turn } from './settle.ts';
import { stampWritten } from './written.ts';

/**
 * Writes what the plan says, and makes CRI-O load it. Throws HostError; `progress` says then whether the file was written.
 * @returns the record of the write, and what came of it
 */
export async function executeWrite(
  turn: Turn,
  step: WriteStep,
): Promise<{ readonly record: GenerationRecord; readonly settled: Settled }> {
  const { agent, request, seen, plan } = turn;
  const { host } = agent;
  // The record first: with it the old baseline and the old file are kept, whatever happens next.
  const record = host.generations.begin(describeGeneration(turn, step));
  establishOrRefuse(turn, record, step.baseline);
  try {
    await replaceAndHold(turn, step);
  } catch (error) {
    // What failed is the news; a record that stays pending is settled by the next reconcile.
    ignoreHostErrors(() => host.generations.patch(record.number, { outcome: 'refused', proof: 'none' }));
    throw error;
  }
  const written = stampWritten(host);
  await request.onSettled();
  logChanges(host.log, { record, plan, before: seen.target, after: step.bytes, path: host.target.path });
  return { record, settled: await settleWritten(turn, record, written) };
}

function ignoreHostErrors(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
  }
}

/** Replaces the file and begins the hold that was ordered: both or none. From here on the hold survives an impatient Ctrl-C. */
async function replaceAndHold(
  { agent: { host }, seen, plan, pinBefore, progress }: Turn,
  step: WriteStep,
): Promise<void> {
  const { pin } = plan.wanted;
  await host.target.replace(step.bytes, digestOnDisk(seen));
  progress.isWritten = true;
  if (pin === null || pin === pinBefore) return;
  try {
    host.pin.write(pin);
  } catch (error) {
    host.target.takeBack();
    progress.isWritten = false;
    throw error;
  }
}

/** What is on disk is right as soon as it is the baseline: nothing else has to be written. */
export function takeAsBaseline(turn: Turn, baseline: NewBaseline): void {
  const { host } = turn.agent;
  const onDisk = turn.seen.target.state === 'file' ? turn.seen.target.file : null;
  const text = { bytes: onDisk?.bytes ?? null, digest: onDisk?.digest ?? null, baseline };
  const record = host.generations.begin(describeGeneration(turn, text));
  establishOrRefuse(turn, record, baseline);
  putInForce(host, record);
}

function establishOrRefuse(
  { agent: { host } }: Turn,
  { number }: GenerationRecord,
  baseline: NewBaseline | null,
): void {
  try {
    establishBaseline(host, baseline);
  } catch (error) {
    host.generations.patch(number, { outcome: 'refused', proof: 'none' });
    throw error;
  }
}
