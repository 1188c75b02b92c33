// A CRI-O that does not start on the file in force gets one that it starts on, and nobody has to be there.
import test, { type ExecutionContext } from 'ava';
import type { JournalLine, UnitState } from '../../src/agent/crio-ports.ts';
import { makeFakeClock, type FakeClock } from '../fake-clock.ts';
import {
  digestMirrorSet,
  makeCrio,
  makeNode,
  startRefusal,
  type ScratchNode,
  type ScriptedCrio,
} from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';
const baseline = 'unqualified-search-registries = ["own.example"]\n';

interface Scene {
  readonly node: ScratchNode;
  readonly crio: ScriptedCrio;
  readonly clock: FakeClock;
  /** CRI-O was started anew, and ended with these words. */
  readonly fails: (...words: readonly JournalLine[]) => void;
  readonly isUp: () => void;
  readonly put: (mirror: string) => Promise<void>;
}

/** Two generations that CRI-O took, a and b. */
async function setUp(t: ExecutionContext): Promise<Scene> {
  const crio = makeCrio();
  const clock = makeFakeClock();
  const node = makeNode({ crio, clock });
  t.teardown(() => node.dispose());
  const mainStarted = (): Pick<UnitState, 'mainStartedAtMs' | 'mainStartedMonotonicUs'> => {
    clock.advance(1_000);
    return { mainStartedAtMs: clock.now().getTime(), mainStartedMonotonicUs: clock.monotonicUs() };
  };
  const started = (): Pick<UnitState, 'startedAtMs' | 'startedMonotonicUs'> => {
    clock.advance(1_000);
    return { startedAtMs: clock.now().getTime(), startedMonotonicUs: clock.monotonicUs() };
  };
  const scene: Scene = {
    node,
    crio,
    clock,
    fails(...words) {
      crio.state = { ...crio.state, active: 'activating', ...mainStarted() };
      crio.lastWordsAre = words;
      clock.advance(1_000);
    },
    isUp() {
      crio.state = { ...crio.state, active: 'active', ...mainStarted(), ...started() };
      crio.lastWordsAre = [];
      clock.advance(1_000);
    },
    async put(mirror) {
      node.write(policy, digestMirrorSet('quay.io/team', `${mirror}.example/team`));
      t.is((await node.apply()).outcome, 'applied');
      clock.advance(1_000);
    },
  };
  node.write('/etc/containers/registries.conf', baseline);
  await scene.put('a');
  await scene.put('b');
  return scene;
}

test('a file that the restarted CRI-O refuses is exchanged for the last one that this version took', async (t) => {
  const { node, fails, isUp } = await setUp(t);
  fails(startRefusal(node.agent.settings.registriesConf));
  const { outcome, proof, findings } = await node.apply();
  t.deepEqual([outcome, proof], ['rolled-back', 'refused']);
  t.true(findings.some(({ id, message }) => id === 'ICSP397' && message.includes('does not start')));
  t.regex(node.conf() ?? '', /a\.example/);
  t.is(node.host.generations.current()?.number, 1);
  isUp();
  // Not tried again, and what was put back is not blamed for what was said of the other.
  t.is((await node.apply()).outcome, 'rolled-back');
  t.regex(node.conf() ?? '', /a\.example/);
});

test('for another version of CRI-O nothing of before is taken to be good but the baseline', async (t) => {
  const { node, crio, fails } = await setUp(t);
  crio.version = () => Promise.resolve('1.99.0');
  fails(startRefusal(node.agent.settings.registriesConf));
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(node.conf(), baseline);
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(node.conf(), baseline);
});

test('new policies are tried again', async (t) => {
  const { node, fails, isUp, put } = await setUp(t);
  fails(startRefusal(node.agent.settings.registriesConf));
  t.is((await node.apply()).outcome, 'rolled-back');
  isUp();
  await put('c');
  t.regex(node.conf() ?? '', /c\.example/);
});

test('a file that is newer than the last try of CRI-O is not judged by it', async (t) => {
  const { node, crio, fails } = await setUp(t);
  fails(startRefusal(node.agent.settings.registriesConf));
  crio.state = { ...crio.state, mainStartedAtMs: 1, mainStartedMonotonicUs: 1 };
  t.is((await node.apply()).outcome, 'unchanged');
  t.regex(node.conf() ?? '', /b\.example/);
});

test('a drop-in that keeps CRI-O from starting is named, and our file stays', async (t) => {
  const { node, fails, isUp } = await setUp(t);
  const other = '/etc/containers/registries.conf.d/x.conf';
  const words = `validating runtime config: invalid registries: loading drop-in registries configuration "${other}": no`;
  const [line] = [startRefusal(other)];
  fails({ ...line, message: line.message.replace(/msg=.*/, `msg=${JSON.stringify(words)}`) });
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'degraded');
  t.true(findings.some(({ id, file }) => id === 'ICSP398' && file === other));
  t.regex(node.conf() ?? '', /b\.example/);
  isUp();
  t.deepEqual([(await node.apply()).outcome, (await node.apply()).outcome], ['applied', 'unchanged']);
});

const unproven: readonly (readonly [string, (line: JournalLine) => JournalLine])[] = [
  ['another process', (line) => ({ ...line, pid: 1 })],
  ['another transport', (line) => ({ ...line, transport: 'syslog' })],
  ['an error, not the end', (line) => ({ ...line, message: line.message.replace('fatal', 'error') })],
];
for (const [who, forge] of unproven) {
  test(`words of ${who} take nothing back`, async (t) => {
    const { node, fails } = await setUp(t);
    fails(forge(startRefusal(node.agent.settings.registriesConf)));
    const { outcome, isCrioDown } = await node.apply();
    t.deepEqual([outcome, isCrioDown], ['unchanged', true]);
    t.regex(node.conf() ?? '', /b\.example/);
  });
}

test('what waits for other reasons does not keep a refused file in force', async (t) => {
  const { node, fails } = await setUp(t);
  const parked = { ...node.agent, settings: { ...node.agent.settings, allowMcoNode: true } };
  fails(startRefusal(node.agent.settings.registriesConf));
  node.write('/etc/icspd/baseline.conf', 'not = [toml\n');
  const { outcome } = await node.applyAs(parked);
  t.is(outcome, 'rolled-back');
  t.regex(node.conf() ?? '', /a\.example/);
});

test('a taking back that was cut off is gone on with', async (t) => {
  const { node, crio, fails } = await setUp(t);
  fails(startRefusal(node.agent.settings.registriesConf));
  const broken = {
    ...node.agent,
    host: {
      ...node.host,
      target: { ...node.host.target, replace: () => Promise.reject(new Error('cut off')) },
    },
  };
  await node.applyAs(broken).catch(() => undefined);
  t.regex(node.conf() ?? '', /b\.example/);
  t.is((await node.apply()).outcome, 'rolled-back');
  t.regex(node.conf() ?? '', /a\.example/);
  t.is(crio.reloads, 2);
});
