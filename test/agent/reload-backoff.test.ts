// How often a CRI-O that cannot reload is asked to: ever less by the daemon, at once where there is a reason to.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { addToTotals, noTotals } from '../../src/agent/metrics.ts';
import { makeReadingCache } from '../../src/agent/reading-cache.ts';
import type { Agent, Reconciliation } from '../../src/agent/reconciliation.ts';
import { openHost } from '../../src/host/host.ts';
import { makeFakeClock, type FakeClock } from '../fake-clock.ts';
import {
  applied,
  crioLine,
  digestMirrorSet,
  makeCrio,
  makeNode,
  type ScratchNode,
  type ScriptedCrio,
} from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';
const resyncMs = 300_000;
const blocked = crioLine('error', 'Unable to reload configuration: log_level "loudest"');

interface Scene {
  readonly node: ScratchNode;
  readonly crio: ScriptedCrio;
  readonly clock: FakeClock;
  /** One look of the daemon's. */
  readonly look: (agent?: Agent) => Promise<Reconciliation>;
}

/** A node whose CRI-O has just failed to reload for the first time, for a reason that is not ours. */
async function setUp(t: ExecutionContext): Promise<Scene> {
  const clock = makeFakeClock();
  const crio = makeCrio();
  const node = makeNode({ crio, clock, settings: { resyncMs } });
  t.teardown(() => node.dispose());
  crio.answer = [blocked];
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const look = (agent = node.agent): Promise<Reconciliation> => node.applyAs(agent, { isPatient: true });
  const first = await look();
  t.like(first, { outcome: 'degraded', proof: 'blocked-elsewhere', reloadDueMs: 2_000 });
  return { node, crio, clock, look };
}

/** The same node as another process finds it. */
function restarted({ agent, host }: ScratchNode): Agent {
  const { generations } = openHost(agent.paths, agent.settings, () => undefined);
  return { ...agent, readings: makeReadingCache(), host: { ...host, generations } };
}

test('files may change as often as they like: a reload that failed is not tried again before it is due', async (t) => {
  const { crio, clock, look } = await setUp(t);
  for (let event = 0; event < 19; event += 1) {
    clock.advance(100);
    await look();
  }
  t.is(crio.reloads, 1);
  clock.advance(100);
  await look();
  t.is(crio.reloads, 2);
});

test('each failure doubles the wait, up to the time between two looks, and a reload that is proven ends it', async (t) => {
  const { crio, clock, look, node } = await setUp(t);
  const waits: (number | undefined)[] = [];
  for (let failures = 2; failures <= 10; failures += 1) {
    clock.advance(waits.at(-1) ?? 2_000);
    waits.push((await look()).reloadDueMs);
    t.is(crio.reloads, failures);
  }
  t.deepEqual(waits, [4_000, 8_000, 16_000, 32_000, 64_000, 128_000, 256_000, resyncMs, resyncMs]);
  crio.answer = [applied];
  clock.advance(resyncMs);
  t.like(await look(), { outcome: 'applied', proof: 'applied', reloadDueMs: undefined });
  t.is(node.host.generations.current()?.reloadFailures, null);
  t.is((await look()).outcome, 'unchanged');
});

test('while it waits, what was told of the failure is told, and no failure is counted', async (t) => {
  const { clock, look } = await setUp(t);
  clock.advance(500);
  const waiting = await look();
  t.like(waiting, { outcome: 'degraded', proof: null, reloadDueMs: 1_500 });
  t.regex(waiting.findings.find(({ id }) => id === 'ICSP398')?.message ?? '', /loudest/);
  t.is(addToTotals(noTotals, waiting, 1).reloadFailures, 0);
});

test('a daemon that is restarted in the middle waits on, and goes on counting', async (t) => {
  const { node, crio, clock, look } = await setUp(t);
  clock.advance(2_000);
  await look();
  clock.advance(3_000);
  t.like(await look(restarted(node)), { outcome: 'degraded', proof: null, reloadDueMs: 1_000 });
  t.is(crio.reloads, 2);
  clock.advance(1_000);
  t.is((await look(restarted(node))).reloadDueMs, 8_000);
  t.is(crio.reloads, 3);
});

test('a clock that was set back does not make it wait until it has caught up', async (t) => {
  const { node, crio, look } = await setUp(t);
  const earlier = makeFakeClock(Date.parse('2025-01-01T00:00:00Z'));
  const agent = { ...node.agent, host: { ...node.host, clock: earlier } };
  t.is((await look(agent)).reloadDueMs, 4_000);
  t.is(crio.reloads, 2);
  t.is((await look(agent)).proof, null);
  t.is(crio.reloads, 2);
});

test('a clock that jumps ahead ends the wait', async (t) => {
  const { crio, clock, look } = await setUp(t);
  clock.advance(10 * 365 * 86_400_000);
  await look();
  t.is(crio.reloads, 2);
});

test('who orders an apply does not wait, and the next failure counts', async (t) => {
  const { node, crio } = await setUp(t);
  t.is((await node.apply()).reloadDueMs, 4_000);
  t.is(crio.reloads, 2);
});

const changes: readonly (readonly [what: string, change: (scene: Scene) => Partial<Agent>])[] = [
  [
    'policy',
    ({ node }) => {
      node.write('/etc/icsp.d/b.json', digestMirrorSet('quay.io/other', 'mirror.example/other'));
      return {};
    },
  ],
  [
    'wording of a policy',
    ({ node }) => {
      node.write(policy, `${digestMirrorSet('quay.io/team', 'mirror.example/team')}\n`);
      return {};
    },
  ],
  [
    'baseline',
    ({ node }) => {
      rmSync(join(node.root, '/etc/icspd'), { recursive: true });
      node.write('/etc/icspd/baseline.conf', 'unqualified-search-registries = ["own.example"]\n');
      return {};
    },
  ],
  [
    'drop-in',
    ({ node }) => {
      node.write('/etc/containers/registries.conf.d/x.conf', '');
      return {};
    },
  ],
  ['setting', ({ node }) => ({ settings: { ...node.agent.settings, reloadTimeoutMs: 60_000 } })],
  [
    'version of CRI-O',
    ({ crio }) => {
      crio.version = () => Promise.resolve('1.36.4');
      return {};
    },
  ],
];
for (const [what, change] of changes) {
  test(`another ${what}: the reload is tried at once`, async (t) => {
    const scene = await setUp(t);
    const { node, crio, look } = scene;
    const agent = { ...node.agent, ...change(scene) };
    t.is((await look(agent)).reloadDueMs, 2_000);
    t.is(crio.reloads, 2);
  });
}

test('a CRI-O that was restarted has read the file: nothing is left to wait for', async (t) => {
  const { node, crio, clock, look } = await setUp(t);
  clock.advance(1_000);
  crio.state = { ...crio.state, startedAtMs: clock.now().getTime() };
  t.like(await look(), { outcome: 'applied', proof: 'started-after', reloadDueMs: undefined });
  t.is(crio.reloads, 1);
  t.is(node.host.generations.current()?.reloadFailures, null);
});

test('a reload command that fails is waited for in the same way', async (t) => {
  const { crio, clock, look } = await setUp(t);
  let asked = 0;
  crio.reload = () => {
    asked += 1;
    return Promise.reject(new Error('no bus'));
  };
  clock.advance(2_000);
  t.like(await look(), { outcome: 'degraded', proof: 'pending', reloadDueMs: 4_000 });
  clock.advance(3_999);
  await look();
  t.is(asked, 1);
});

test('systemd that does not answer is no failed reload: the wait neither grows nor ends', async (t) => {
  const { node, crio, clock, look } = await setUp(t);
  const before = node.host.generations.current()?.reloadFailures;
  crio.unit = () => Promise.reject(new Error('no bus'));
  t.like(await look(), { outcome: 'degraded', reloadDueMs: 2_000 });
  clock.advance(2_000);
  t.like(await look(), { outcome: 'degraded', reloadDueMs: undefined });
  t.deepEqual(node.host.generations.current()?.reloadFailures, before);
  t.is(crio.reloads, 1);
});

test('what a newer icspd left in the record stays where a reload fails again', async (t) => {
  const { node, clock, look } = await setUp(t);
  const path = '/var/lib/icspd/v1/generations/1/record.json';
  const read = (): Readonly<Record<string, unknown>> =>
    JSON.parse(readFileSync(join(node.root, path), 'utf8')) as Readonly<Record<string, unknown>>;
  node.write(path, JSON.stringify({ ...read(), later: 'word' }));
  clock.advance(2_000);
  await look();
  t.like(read(), { later: 'word', reloadFailures: { failures: 2 } });
});

test('a CRI-O that does not say what it loaded is warned about once, and not reloaded again', async (t) => {
  const { crio, clock, look } = await setUp(t);
  crio.answer = [];
  clock.advance(2_000);
  const silent = await look();
  t.like(silent, { outcome: 'applied', proof: 'none', reloadDueMs: undefined });
  t.is(silent.findings.filter(({ id }) => id === 'ICSP396').length, 1);
  for (let looks = 0; looks < 3; looks += 1) {
    clock.advance(resyncMs);
    const later = await look();
    t.deepEqual([later.outcome, later.findings.filter(({ id }) => id === 'ICSP396')], ['unchanged', []]);
  }
  t.is(crio.reloads, 2);
});
