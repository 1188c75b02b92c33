// Waits until a burst of hints is over, but never longer than a maximum: one oc-mirror run is one reload.
import type { Clock } from './ports.ts';

export interface QuietPeriod {
  /** Something may have changed. */
  hint(): void;
  cancel(): void;
}

/**
 * Calls `onQuiet` once `quietMs` have passed without a hint, at the latest `maxMs` after the first hint of the burst.
 * Invariant: after a hint, `onQuiet` is called within `maxMs`, unless cancelled.
 */
export function makeQuietPeriod(
  clock: Clock,
  { quietMs, maxMs }: { readonly quietMs: number; readonly maxMs: number },
  onQuiet: () => void,
): QuietPeriod {
  let burstBeganMs: number | null = null;
  let cancelTimer: (() => void) | null = null;

  const end = (): void => {
    burstBeganMs = null;
    cancelTimer = null;
    onQuiet();
  };
  return {
    hint() {
      const nowMs = clock.now().getTime();
      burstBeganMs ??= nowMs;
      cancelTimer?.();
      const leftMs = burstBeganMs + maxMs - nowMs;
      cancelTimer = clock.after(Math.max(0, Math.min(quietMs, leftMs)), end);
    },
    cancel() {
      cancelTimer?.();
      cancelTimer = null;
      burstBeganMs = null;
    },
  };
}
