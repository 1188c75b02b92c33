// Who sets the clock between a write and a start of CRI-O changes nothing of what came first.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { stampWritten, isStartedSince } from '../../src/agent/written.ts';
import type { GenerationRecord } from '../../src/agent/record.ts';
import { makeFakeClock } from '../fake-clock.ts';
import { digestMirrorSet, makeCrio, makeNode, startRefusal } from './scratch-node.ts';

const hourMs = 3_600_000;
const steps = [
  { set: 'is set by nobody', ms: 0 },
  { set: 'is set back by hours', ms: -5 * hourMs },
  { set: 'is set forward by hours', ms: 5 * hourMs },
  { set: 'is set back by years, as without a battery', ms: -20 * 365 * 24 * hourMs },
] as const;

/** A node with two generations that CRI-O took, then a try of CRI-O that fails, with the clock set in between. */
async function refuseAfterStep(ms: number, order: 'write, step, try' | 'try, step, write', forget = false) {
  const crio = makeCrio();
  const clock = makeFakeClock();
  const node = makeNode({ crio, clock });
  const put = async (mirror: string): Promise<void> => {
    node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', `${mirror}.example/team`));
    await node.apply();
    clock.advance(1_000);
  };
  const fail = (): void => {
    const { state } = crio;
    const stamp = { mainStartedAtMs: clock.now().getTime(), mainStartedMonotonicUs: clock.monotonicUs() };
    crio.state = { ...state, active: 'activating', ...stamp };
    crio.lastWordsAre = [startRefusal(node.agent.settings.registriesConf)];
    clock.advance(1_000);
  };
  const step = (): void => {
    clock.step(ms);
    clock.advance(1_000);
  };
  await put('a');
  if (order === 'write, step, try') {
    await put('b');
    if (forget) {
      const record = node.host.generations.current();
      node.host.generations.patch(record?.number ?? 0, { writtenInBoot: null });
    }
    step();
    fail();
  } else {
    fail();
    step();
    await put('b');
  }
  const { outcome } = await node.apply();
  const conf = node.conf();
  node.dispose();
  return { outcome, conf };
}

for (const { set, ms } of steps) {
  test(`the clock ${set} after the write: a CRI-O that then does not start on the file gets the one before`, async (t) => {
    const { outcome, conf } = await refuseAfterStep(ms, 'write, step, try');
    t.is(outcome, 'rolled-back');
    t.regex(conf ?? '', /a\.example/);
  });

  test(`the clock ${set} before the write: what CRI-O said of the file before takes nothing back`, async (t) => {
    const { outcome, conf } = await refuseAfterStep(ms, 'try, step, write');
    t.not(outcome, 'rolled-back');
    t.regex(conf ?? '', /b\.example/);
  });
}

test('for the record of an older icspd the time of day decides', async (t) => {
  const { outcome, conf } = await refuseAfterStep(0, 'write, step, try', true);
  t.is(outcome, 'rolled-back');
  t.regex(conf ?? '', /a\.example/);
});

const at = '2026-01-01T00:00:00.000Z';
const before = { atMs: Date.parse(at) - 1, monotonicUs: 1_000 };
const later = { atMs: Date.parse(at) + 1, monotonicUs: 3_000 };
const never = { atMs: 0, monotonicUs: null };
const inBoot = { at, bootId: 'now', monotonicUs: 2_000 };

const comparisons: readonly {
  readonly title: string;
  readonly start: { readonly atMs: number; readonly monotonicUs: number | null };
  readonly written: Pick<GenerationRecord, 'writtenAt' | 'writtenInBoot'>;
  readonly expected: boolean;
}[] = [
  { title: 'later', start: later, written: { writtenAt: at, writtenInBoot: inBoot }, expected: true },
  { title: 'before', start: before, written: { writtenAt: at, writtenInBoot: inBoot }, expected: false },
  {
    title: 'in the very microsecond',
    start: { ...later, monotonicUs: 2_000 },
    written: { writtenAt: at, writtenInBoot: inBoot },
    expected: false,
  },
  { title: 'never', start: never, written: { writtenAt: at, writtenInBoot: inBoot }, expected: false },
  {
    title: 'while nothing is written for certain',
    start: later,
    written: { writtenAt: null, writtenInBoot: inBoot },
    expected: false,
  },
  {
    title: 'earlier by the time of day, in a later boot',
    start: { atMs: 1, monotonicUs: 1 },
    written: { writtenAt: at, writtenInBoot: { ...inBoot, bootId: 'before' } },
    expected: true,
  },
  {
    title: 'never in a later boot',
    start: never,
    written: { writtenAt: at, writtenInBoot: { ...inBoot, bootId: 'before' } },
    expected: false,
  },
  {
    title: 'later, of which systemd tells the time of day only',
    start: { ...later, monotonicUs: null },
    written: { writtenAt: at, writtenInBoot: inBoot },
    expected: true,
  },
  {
    title: 'later than what an older icspd wrote',
    start: { ...later, monotonicUs: 1 },
    written: { writtenAt: at },
    expected: true,
  },
  {
    title: 'before what an older icspd wrote again, which left our stamp as it was',
    start: { ...before, monotonicUs: 9_000 },
    written: { writtenAt: at, writtenInBoot: { ...inBoot, at: '2025-01-01T00:00:00.000Z' } },
    expected: false,
  },
];
for (const { title, start, written, expected } of comparisons) {
  test(`a start ${title}: ${expected ? 'it had the file' : 'it did not have the file'}`, (t) => {
    t.is(isStartedSince(start, written, 'now'), expected);
  });
}

test('where the kernel tells no boot, the time of day decides', (t) => {
  const clock = makeFakeClock(Date.parse(at));
  const written = stampWritten({ clock, bootId: null });
  t.deepEqual(written, { writtenAt: at, writtenInBoot: null });
  t.true(isStartedSince({ ...later, monotonicUs: 0 }, written, null));
});

test('keys that a newer icspd put into the record survive the stamp, which is read back as it was written', async (t) => {
  const node = makeNode({ crio: makeCrio(), clock: makeFakeClock() });
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'a.example/team'));
  await node.apply();
  const { generations } = node.host;
  const path = join(node.agent.paths.schemaDir, 'generations/1/record.json');
  const read = (): Record<string, unknown> =>
    JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  writeFileSync(path, JSON.stringify({ ...read(), ofTomorrow: [1] }));
  const stamp = stampWritten(node.host);
  generations.patch(1, stamp);
  t.like(generations.read(1), stamp);
  t.deepEqual(read()['ofTomorrow'], [1]);
});
