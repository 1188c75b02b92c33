import test from 'ava';
import { startLoop, type Loop, type LoopPorts, type LoopTimes } from '../../src/agent/loop.ts';
import type { Reconciliation } from '../../src/agent/reconciliation.ts';
import { makeFakeClock, type FakeClock } from '../fake-clock.ts';

const times: LoopTimes = {
  resyncMs: 300_000,
  quietPeriodMs: 50,
  quietPeriodMaxMs: 1_000,
  keepAliveMs: 60_000,
  longestTurnMs: 180_000,
};
const unchanged: Reconciliation = {
  outcome: 'unchanged',
  proof: null,
  record: null,
  plan: null,
  seen: null,
  hold: null,
  holdBefore: null,
  findings: [],
};

interface Scene {
  readonly clock: FakeClock;
  readonly loop: Loop;
  /** What happened, in order. */
  readonly story: string[];
  readonly hint: () => void;
  /** Lets time pass, and everything run that is due. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Lets promise callbacks run; no time passes on any clock. */
async function settle(): Promise<void> {
  for (let i = 0; i < 50; i += 1) await Promise.resolve();
}

async function start(
  answer: (reason: string) => Reconciliation | Promise<Reconciliation> = () => unchanged,
  initialTimes: LoopTimes = { ...times, keepAliveMs: null },
  beforeSettled: () => Promise<void> = () => Promise.resolve(),
): Promise<Scene> {
  const clock = makeFakeClock();
  const story: string[] = [];
  let hint = (): void => undefined;
  const say = (words: string): Promise<void> => {
    story.push(words);
    return Promise.resolve();
  };
  const ports: LoopPorts = {
    clock,
    log: () => undefined,
    notifier: {
      ready: () => say('READY'),
      status: () => Promise.resolve(),
      keepAlive: () => say('alive'),
      stopping: () => say('STOPPING'),
      extendStart: (ms) => say(`${ms} ms more`),
    },
    async reconcile(reason, onSettled) {
      story.push(reason);
      await beforeSettled();
      await onSettled();
      return answer(reason);
    },
    watch(onHint) {
      hint = onHint;
      return Promise.resolve({ check: () => Promise.resolve(), close: () => say('watch closed') });
    },
    reloadSettings: () => Promise.resolve(times),
  };
  const loop = startLoop(ports, initialTimes);
  await settle();
  return {
    clock,
    loop,
    story,
    hint: () => hint(),
    async pass(ms) {
      clock.advance(ms);
      await settle();
    },
  };
}

test('the first reconcile makes the unit ready, and only the first', async (t) => {
  const { story, pass, hint } = await start();
  hint();
  await pass(50);
  t.deepEqual(story, ['start', 'READY', 'files changed']);
});

test('a hundred hints within a second are at most three reconciles', async (t) => {
  const { story, pass, hint } = await start();
  for (let i = 0; i < 100; i += 1) {
    hint();
    await pass(10);
  }
  await pass(1_000);
  t.true(story.filter((what) => what === 'files changed').length <= 3);
});

test('a hint that comes during a reconcile is answered by one more, never by two at a time', async (t) => {
  let running = 0;
  let release: (() => void) | null = null;
  const { story, pass, hint } = await start(async (reason) => {
    if (reason !== 'files changed') return unchanged;
    running += 1;
    t.is(running, 1);
    await new Promise<void>((resolve) => (release = resolve));
    running -= 1;
    return unchanged;
  });
  const finish = async (): Promise<void> => {
    release?.();
    await settle();
  };
  hint();
  await pass(50);
  hint();
  await pass(200);
  hint();
  await pass(800);
  t.deepEqual(story.slice(2), ['files changed']);
  await finish();
  t.deepEqual(story.slice(2), ['files changed', 'files changed']);
  await finish();
  await pass(1_000);
  t.is(story.length, 4);
});

test('without any event it looks again after the resync time, give or take ten per cent', async (t) => {
  const { story, pass } = await start();
  await pass(269_000);
  t.false(story.includes('resync'));
  await pass(62_000);
  t.true(story.includes('resync'));
});

test('a reload that is owed is tried again soon, and ever later', async (t) => {
  const { story, pass } = await start(() => ({ ...unchanged, outcome: 'degraded' }));
  await pass(2_000);
  await pass(4_000);
  await pass(7_999);
  t.is(story.filter((what) => what === 'once more').length, 2);
  await pass(1);
  t.is(story.filter((what) => what === 'once more').length, 3);
});

test('a reload that failed is tried again when it is due, also by a daemon that has just started', async (t) => {
  const { story, pass } = await start(() => ({ ...unchanged, outcome: 'degraded', reloadDueMs: 64_000 }));
  await pass(63_999);
  t.deepEqual(story, ['start', 'READY']);
  await pass(1);
  t.deepEqual(story, ['start', 'READY', 'once more']);
});

test('SIGHUP reads the settings again, watches anew and reconciles', async (t) => {
  const { story, loop } = await start();
  loop.reload();
  await settle();
  t.deepEqual(story, ['start', 'READY', 'watch closed', 'reload']);
});

test('SIGTERM ends the loop once what runs is finished', async (t) => {
  const { story, loop } = await start();
  loop.stop();
  await loop.done;
  t.deepEqual(story, ['start', 'READY', 'STOPPING', 'watch closed']);
});

const held = { digest: null, generation: 1, reason: 'down', since: '2026-01-01T00:00:00.000Z' };

test('a look that a full disk made fail is taken again soon', async (t) => {
  const { story, pass } = await start(() => ({ ...unchanged, outcome: 'refused' }));
  await pass(2_000);
  t.deepEqual(story, ['start', 'READY', 'once more']);
});

test('the end of a hold is looked at when it comes, and not at the next resync', async (t) => {
  const actor = { uid: 0, loginUid: null, tty: null, command: 'test' };
  const hold = { ...held, actor, until: '2026-01-01T00:01:00.000Z', deployment: null };
  const { story, pass } = await start((reason) =>
    reason === 'hold over' ? unchanged : { ...unchanged, outcome: 'held', hold },
  );
  await pass(59_999);
  t.deepEqual(story, ['start', 'READY']);
  await pass(1);
  t.deepEqual(story, ['start', 'READY', 'hold over']);
  await pass(100_000);
  t.is(story.length, 3);
});

test('the watchdog is fed while nothing is stuck, however long the daemon runs', async (t) => {
  const { story, pass } = await start(() => unchanged, { ...times, keepAliveMs: 60_000 });
  await pass(240_000);
  t.is(story.filter((what) => what === 'alive').length, 5);
});

test('the watchdog is not fed any more while one reconcile takes longer than three minutes', async (t) => {
  const { story, pass } = await start(() => new Promise<Reconciliation>(() => undefined), {
    ...times,
    keepAliveMs: 60_000,
  });
  await pass(600_000);
  t.is(story.filter((what) => what === 'alive').length, 4);
});

test('a turn is stuck also where settings are not read to the end: the watchdog is not fed any more', async (t) => {
  const clock = makeFakeClock();
  let alive = 0;
  const nothing = (): Promise<void> => Promise.resolve();
  const loop = startLoop(
    {
      clock,
      log: () => undefined,
      notifier: {
        ready: nothing,
        status: nothing,
        stopping: nothing,
        extendStart: nothing,
        keepAlive: () => Promise.resolve((alive += 1)),
      },
      reconcile: async (_reason, onSettled) => {
        await onSettled();
        return unchanged;
      },
      watch: () => Promise.resolve({ check: nothing, close: nothing }),
      reloadSettings: () => new Promise<LoopTimes>(() => undefined),
    },
    times,
  );
  await settle();
  loop.reload();
  await settle();
  for (let minute = 0; minute < 10; minute += 1) {
    clock.advance(60_000);
    await settle();
  }
  t.is(alive, 4);
});

test('a start that takes long asks for more time, but not for ever', async (t) => {
  const { story, pass } = await start(
    () => unchanged,
    { ...times, keepAliveMs: null },
    () => new Promise<void>(() => undefined),
  );
  for (let second = 0; second < 300; second += 1) await pass(1_000);
  t.is(story.filter((what) => what === '15000 ms more').length, 9);
});

test('once it is ready, no more time is asked for', async (t) => {
  const { story, pass } = await start();
  for (let second = 0; second < 60; second += 1) await pass(1_000);
  t.false(story.includes('15000 ms more'));
});
