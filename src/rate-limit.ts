// How often something may be told: so many times at once, then one more each time that a while has passed.

/** Tells the time. */
interface Clock {
  now(): Date;
}

/** A bucket of permissions. `refillMs`: after how long one comes back; there are never more than `burst`. */
export interface Rate {
  readonly burst: number;
  readonly refillMs: number;
}

export interface RateLimit {
  /** Takes a permission; false where there is none left. */
  take(): boolean;
  /** Whether nothing was taken lately, so that a new one would allow the same. */
  isFull(): boolean;
}

/** A limit that is full at first. A clock that is set back gives nothing, and takes nothing away. */
export function makeRateLimit(clock: Clock, { burst, refillMs }: Rate): RateLimit {
  let left = burst;
  let filledAtMs = clock.now().getTime();

  function refill(): void {
    const nowMs = clock.now().getTime();
    const gained = Math.max(0, Math.floor((nowMs - filledAtMs) / refillMs));
    left = Math.min(burst, left + gained);
    // What has passed of the time to the next one counts on.
    filledAtMs = left === burst || nowMs < filledAtMs ? nowMs : filledAtMs + gained * refillMs;
  }
  return {
    take() {
      refill();
      if (left === 0) return false;
      left -= 1;
      return true;
    },
    isFull() {
      refill();
      return left === burst;
    },
  };
}
