// A clock that moves only when a test says so.
import type { Clock } from '../src/agent/ports.ts';

export interface FakeClock extends Clock {
  /** Lets time pass; what falls due is called in its order. */
  advance(ms: number): void;
  /** Somebody sets the time of day, forward or back: no time passes. */
  step(ms: number): void;
}

export function makeFakeClock(startMs = Date.parse('2026-01-01T00:00:00Z')): FakeClock {
  let nowMs = startMs;
  let setByMs = 0;
  let timers: { readonly atMs: number; readonly callback: () => void }[] = [];
  return {
    now: () => new Date(nowMs + setByMs),
    monotonicUs: () => (nowMs - startMs) * 1_000 + 1,
    after(ms, callback) {
      const timer = { atMs: nowMs + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const endMs = nowMs + ms;
      for (;;) {
        const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0];
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        nowMs = Math.max(nowMs, next.atMs);
        next.callback();
      }
      nowMs = endMs;
    },
    step(ms) {
      setByMs += ms;
    },
  };
}
