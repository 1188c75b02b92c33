// When registries.conf was written, by a clock that people read and by one that nobody sets, and what has started since.
import type { GenerationRecord } from './record.ts';
import type { Host } from './ports.ts';

/** When the file held its text for certain. */
export type Written = Pick<GenerationRecord, 'writtenAt' | 'writtenInBoot'>;

/** When a process or a unit started, as in UnitState: 0 and null if it never did. */
export interface Start {
  readonly atMs: number;
  readonly monotonicUs: number | null;
}

/** The stamp of a file that is on disk by now. */
export function stampWritten({ clock, bootId }: Pick<Host, 'clock' | 'bootId'>): Written {
  const at = clock.now().toISOString();
  const monotonicUs = clock.monotonicUs();
  return { writtenAt: at, writtenInBoot: bootId === null ? null : { at, bootId, monotonicUs } };
}

/**
 * Whether what started had the file before it. Within a boot the clock decides that nobody sets: the other may have been set back
 * or forward in between. What runs has started in this boot, and so after all that was written in an earlier one. The time of day
 * has to do where a record is of an icspd that kept nothing else, where such a one stamped it last, or where systemd does not tell.
 * @param bootId the boot that runs
 */
export function isStartedSince(
  start: Start,
  { writtenAt, writtenInBoot = null }: Written,
  bootId: string | null,
): boolean {
  if (writtenAt === null) return false;
  const { monotonicUs } = start;
  if (writtenInBoot?.at === writtenAt && bootId !== null && monotonicUs !== null) {
    return writtenInBoot.bootId !== bootId || monotonicUs > writtenInBoot.monotonicUs;
  }
  return start.atMs > Date.parse(writtenAt);
}
