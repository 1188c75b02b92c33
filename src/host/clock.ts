// The time of the running system.
import type { Clock } from '../agent/ports.ts';

/** The longest delay of a Node timer; a longer one would fire at once. */
const maxDelayMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  // Rounded up: what systemd stamps later in the same microsecond is not taken for later than this.
  monotonicUs: () => Number(process.hrtime.bigint() / 1000n) + 1,
  after(ms, callback) {
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), maxDelayMs));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
