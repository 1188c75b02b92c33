// The daemon: hints, a timer and signals in; reconciles out, one at a time. Level-triggered: what happened does not matter, only that something may have.
import type { Clock, Log } from './ports.ts';
import { makeQuietPeriod } from './quiet-period.ts';
import type { Reconciliation } from './reconciliation.ts';

/** What the loop needs around it. */
export interface LoopPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly notifier: Notifier;
  /** Runs one reconcile; `onSettled` as in Request. Never throws. */
  reconcile(reason: string, onSettled: () => Promise<void>): Promise<Reconciliation>;
  /** Starts watching; hints come until `close`. */
  watch(onHint: () => void): Promise<Watch>;
  /** Rereads icspd.conf. */
  reloadSettings(): Promise<LoopTimes>;
}

/** systemd's side of a Type=notify service, sd_notify(3). */
export interface Notifier {
  ready(): Promise<unknown>;
  status(text: string): Promise<unknown>;
  keepAlive(): Promise<unknown>;
  stopping(): Promise<unknown>;
  /** Asks for that much more time to start, from now on. */
  extendStart(ms: number): Promise<unknown>;
}

export interface Watch {
  /** Arms again what was recreated, swapped or missing. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Milliseconds. `keepAliveMs` null: no watchdog. */
export interface LoopTimes {
  readonly resyncMs: number;
  readonly quietPeriodMs: number;
  readonly quietPeriodMaxMs: number;
  readonly keepAliveMs: number | null;
  /** A turn that takes longer is stuck: the watchdog is no longer fed, and systemd restarts the daemon. */
  readonly longestTurnMs: number;
}

/** How the daemon is told things from outside. */
export interface Loop {
  /** SIGHUP: settings and policies are read again. */
  reload(): void;
  /** SIGTERM: what runs is finished, then `done` resolves. */
  stop(): void;
  readonly done: Promise<void>;
}

const firstRetryMs = 2_000;
/** A start that takes long, as with thousands of policies on a slow disk, asks for more time so often, by so much each. */
const startSteps = 9;
const startStepMs = 5_000;
const startGrantMs = 15_000;

/** Starts the daemon's loop. The first reconcile is the one that makes the unit ready. */
export function startLoop(ports: LoopPorts, initialTimes: LoopTimes): Loop {
  const { clock, log, notifier } = ports;
  const inbox = makeInbox();
  let times = initialTimes;
  let quiet = makeQuiet();
  let cancelTick: (() => void) | null = null;
  let retryMs = firstRetryMs;
  let turnBeganMs: number | null = null;
  let isReady = false;
  let isStopped = false;

  function makeQuiet(): ReturnType<typeof makeQuietPeriod> {
    const { quietPeriodMs: quietMs, quietPeriodMaxMs: maxMs } = times;
    return makeQuietPeriod(clock, { quietMs, maxMs }, () => inbox.put('files changed'));
  }

  /**
   * A pending or failed reload, a CRI-O that is down, and a look that the host made fail, as by a full disk, are looked at
   * again soon, then ever later; a hold when its time is over; otherwise the next look is the resync.
   */
  function scheduleNext(result: Reconciliation): void {
    const { proof, outcome, plan, hold, isCrioDown = false, reloadDueMs = retryMs } = result;
    const isReloadOwed =
      result.reloadDueMs !== undefined ||
      proof === 'pending' ||
      proof === 'blocked-elsewhere' ||
      outcome === 'degraded';
    const hasHostFailed = outcome === 'refused' && plan === null;
    const isOwed = isReloadOwed || isCrioDown || hasHostFailed;
    const usualMs = isOwed ? Math.min(reloadDueMs, times.resyncMs) : jitter(times.resyncMs);
    retryMs = isOwed ? retryMs * 2 : firstRetryMs;
    const until = hold?.until ?? null;
    const holdMs = until === null ? Infinity : Date.parse(until) - clock.now().getTime();
    const reason = holdMs <= usualMs ? 'hold over' : isOwed ? 'once more' : 'resync';
    cancelTick?.();
    cancelTick = clock.after(Math.max(0, Math.min(usualMs, holdMs)), () => inbox.put(reason));
  }

  function keepAlive(): void {
    if (times.keepAliveMs === null || isStopped) return;
    // All that a turn does counts: also settings that are not read to the end, and a watch that does not arm.
    const isStuck = turnBeganMs !== null && clock.now().getTime() - turnBeganMs > times.longestTurnMs;
    if (!isStuck) void notifier.keepAlive();
    clock.after(times.keepAliveMs, keepAlive);
  }

  /** Apart from the loop, which would hold the result, and all that was read for it, until the next one. */
  async function look(reason: Reason): Promise<void> {
    const result = await ports.reconcile(reason, async () => {
      if (isReady) return;
      isReady = true;
      await notifier.ready();
    });
    await notifier.status(statusLine(result));
    scheduleNext(result);
  }

  /** Bounded: CRI-O waits for the start, and must not wait for ever. A process that hangs asks for nothing. */
  function extendStart(stepsLeft: number): void {
    if (isReady || isStopped || stepsLeft === 0) return;
    void notifier.extendStart(startGrantMs);
    clock.after(startStepMs, () => extendStart(stepsLeft - 1));
  }

  async function run(): Promise<void> {
    let watch: Watch | null = null;
    keepAlive();
    clock.after(startStepMs, () => extendStart(startSteps));
    for (let reason: Reason | null = 'start'; reason !== null; reason = await inbox.take()) {
      turnBeganMs = clock.now().getTime();
      if (reason === 'reload') {
        times = await ports.reloadSettings();
        quiet.cancel();
        quiet = makeQuiet();
        await watch?.close();
        watch = null;
      }
      // Watching begins before looking, so that nothing that happens in between is missed.
      watch ??= await ports.watch(() => quiet.hint());
      await watch.check();
      await look(reason);
      turnBeganMs = null;
    }
    cancelTick?.();
    quiet.cancel();
    await watch?.close();
    log('info', 'stopped');
  }

  return {
    reload: () => inbox.put('reload'),
    stop() {
      isStopped = true;
      void notifier.stopping();
      inbox.close();
    },
    done: run(),
  };
}

type Reason = 'start' | 'reload' | 'files changed' | 'resync' | 'once more' | 'hold over';

/** Reasons to look, each at most once: a look answers them all. */
function makeInbox(): { put(reason: Reason): void; take(): Promise<Reason | null>; close(): void } {
  const waiting = new Set<Reason>();
  let isClosed = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    wake?.();
    wake = null;
  };
  return {
    put(reason) {
      waiting.add(reason);
      ring();
    },
    close() {
      isClosed = true;
      ring();
    },
    async take() {
      while (!isClosed && waiting.size === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (isClosed) return null;
      const [first] = waiting.has('reload') ? (['reload'] as const) : waiting;
      waiting.clear();
      return first ?? null;
    },
  };
}

/** ±10 %, so that the nodes of a fleet do not all look at the same second. */
function jitter(ms: number): number {
  return Math.round(ms * (0.9 + Math.random() * 0.2));
}

function statusLine({ outcome, record, findings }: Reconciliation): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const trouble = errors === 0 ? '' : `; ${errors} error${errors === 1 ? '' : 's'}, see icspd status`;
  return `${outcome}${record === null ? '' : `, generation ${record.number}`}${trouble}`;
}
