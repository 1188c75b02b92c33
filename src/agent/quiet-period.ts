// Waits until a burst of hints is over, but never longer than a maximum: one oc-mirror run is one reload.
import type { Clock } from './ports.ts';

export interface QuietPeriod {
  /** Something may have changed. */
  hint(): void;
  cancel(): void;
}

/** How much longer the wait is each time that hints go on: a hundred files that come slowly are three reloads, not a hundred. */
const patience = 4;

/**
 * Calls `onQuiet` once `quietMs` have passed without a hint, at the latest `maxMs` after the first hint of the burst. Where
 * hints go on within `maxMs` of a call, the next call waits for a longer quiet, up to `maxMs`.
 * Invariant: after a hint, `onQuiet` is called within `maxMs`, unless cancelled.
 */
export function makeQuietPeriod(
  clock: Clock,
  { quietMs, maxMs }: { readonly quietMs: number; readonly maxMs: number },
  onQuiet: () => void,
): QuietPeriod {
  let burstBeganMs: number | null = null;
  let cancelTimer: (() => void) | null = null;
  let calledAtMs = -Infinity;
  let waitMs = quietMs;

  const end = (): void => {
    burstBeganMs = null;
    cancelTimer = null;
    calledAtMs = clock.now().getTime();
    onQuiet();
  };
  return {
    hint() {
      const nowMs = clock.now().getTime();
      if (burstBeganMs === null) {
        burstBeganMs = nowMs;
        const isGoingOn = nowMs - calledAtMs < maxMs;
        waitMs = isGoingOn ? Math.min(waitMs * patience, maxMs) : quietMs;
      }
      cancelTimer?.();
      const leftMs = burstBeganMs + maxMs - nowMs;
      cancelTimer = clock.after(Math.max(0, Math.min(waitMs, leftMs)), end);
    },
    cancel() {
      cancelTimer?.();
      cancelTimer = null;
      burstBeganMs = null;
    },
  };
}
