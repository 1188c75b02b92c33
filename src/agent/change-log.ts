// What an apply changed, in human words and as a unified diff, for the journal.
import type { Plan } from './plan.ts';
import type { Log, TargetState } from './ports.ts';
import type { GenerationRecord } from './record.ts';
import { diffTexts } from './text-diff.ts';

interface Applied {
  readonly record: GenerationRecord;
  readonly plan: Plan;
  readonly before: TargetState;
  readonly after: Uint8Array | null;
  readonly path: string;
}

/** Logs the semantic diff at notice and the unified diff at debug, where it is made only if somebody reads it. */
export function logChanges(log: Log, { record, plan, before, after, path }: Applied): void {
  log('notice', `generation ${record.number} written: ${path} (${record.reason})`);
  for (const change of plan.changes) log('notice', `  ${change.class}: ${change.sentence}`);
  if (log.isOn?.('debug') === false) return;
  const old = before.state === 'file' ? new TextDecoder().decode(before.file.bytes) : null;
  const text = after === null ? null : new TextDecoder().decode(after);
  log('debug', diffTexts(path, old, text).trimEnd());
}
