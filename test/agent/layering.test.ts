// drift = "layer": icspd beside Ansible, Butane or a package that writes registries.conf as well.
import { appendFileSync, readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { Settings } from '../../src/config.ts';
import { makeFakeClock, type FakeClock } from '../fake-clock.ts';
import { digestMirrorSet, makeCrio, makeNode, type ScratchNode } from './scratch-node.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/a.json';
const own = '# mine\nunqualified-search-registries = ["own.example"]\n';
const minuteMs = 60_000;

interface Beside {
  readonly node: ScratchNode;
  readonly clock: FakeClock;
  /** What Ansible writes: a template with this word in it. */
  readonly ansible: (word: string) => string;
}

/** A node with one policy in force over the file that Ansible wrote first. */
async function open(t: ExecutionContext, settings: Partial<Settings> = { drift: 'layer' }): Promise<Beside> {
  const clock = makeFakeClock();
  const node = makeNode({ clock, crio: makeCrio(), settings });
  t.teardown(() => node.dispose());
  const ansible = (word: string): string => {
    const text = `# Ansible managed\nunqualified-search-registries = ["${word}.example"]\n`;
    node.write(conf, text);
    return text;
  };
  node.write(conf, own);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'applied');
  return { node, clock, ansible };
}

function baselineOf({ agent }: ScratchNode): string {
  return readFileSync(agent.paths.baseline, 'utf8');
}

function kept({ host }: ScratchNode, text: string): boolean {
  const found = host.generations.text(host.digest(text));
  return found !== null && Buffer.from(found).toString() === text;
}

function names({ events }: ScratchNode): readonly string[] {
  return events.map(({ name }) => name);
}

test('what somebody puts there becomes the baseline, the policies are layered on it, and the old one is kept', async (t) => {
  const { node, ansible } = await open(t);
  const text = ansible('one');
  const { outcome, record } = await node.apply();
  t.is(outcome, 'applied');
  t.is(baselineOf(node), text);
  t.regex(node.conf() ?? '', /one\.example[^]*mirror\.example\/team/);
  t.true(kept(node, own));
  t.true(kept(node, text));
  t.deepEqual(record?.baselineChange, { by: 'layer', from: node.host.digest(own) });
  t.true(names(node).includes('layered'));
  t.is((await node.apply()).outcome, 'unchanged');
});

test('Ansible may write its file again and again: the policies are back each time, for as long as it is the same', async (t) => {
  const { node, clock, ansible } = await open(t);
  for (let run = 0; run < 10; run += 1) {
    ansible('same');
    t.is((await node.apply()).outcome, 'applied');
    t.regex(node.conf() ?? '', /same\.example[^]*mirror\.example\/team/);
    clock.advance(minuteMs);
  }
  t.is(names(node).filter((name) => name === 'layered').length, 1);
});

test('after the third new file within an hour layering stops, with one event that names owner and time, and goes on after the hour', async (t) => {
  const { node, clock, ansible } = await open(t);
  for (const word of ['one', 'two', 'three']) {
    ansible(word);
    t.is((await node.apply()).outcome, 'applied');
    clock.advance(minuteMs);
  }
  const before = baselineOf(node);
  const fourth = ansible('four');
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'refused');
  const why = findings.find(({ id }) => id === 'ICSP361');
  const { uid, gid } = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  t.true(why?.message.includes(`of ${uid}:${gid} (uid:gid) and from ${new Date().getUTCFullYear()}-`));
  t.deepEqual([node.conf(), baselineOf(node)], [fourth, before]);
  await node.apply();
  const stops = node.events.filter(({ name }) => name === 'layering-stopped');
  t.deepEqual(new Set(stops.map(({ key }) => key)), new Set(['layering-stopped']));
  clock.advance(57 * minuteMs);
  t.is((await node.apply()).outcome, 'applied');
  t.regex(node.conf() ?? '', /four\.example/);
});

test('what was layered by a clock that was ahead does not count after it was set back', async (t) => {
  const { node, clock, ansible } = await open(t);
  for (const word of ['one', 'two', 'three']) {
    ansible(word);
    await node.apply();
  }
  clock.advance(-5 * 60 * minuteMs);
  ansible('four');
  t.is((await node.apply()).outcome, 'applied');
});

test('the same file again is put under the policies also while new ones are not layered', async (t) => {
  const { node, ansible } = await open(t);
  for (const word of ['one', 'two', 'three']) {
    ansible(word);
    await node.apply();
  }
  ansible('three');
  t.is((await node.apply()).outcome, 'applied');
});

test('with no policy in force the new file stays byte for byte, is the baseline, and the one before is kept', async (t) => {
  const { node, ansible } = await open(t);
  node.remove(policy);
  await node.apply();
  t.is(node.conf(), own);
  const text = ansible('one');
  const { outcome, proof } = await node.apply();
  t.deepEqual([outcome, proof], ['applied', 'applied']);
  t.deepEqual([node.conf(), baselineOf(node)], [text, text]);
  t.true(kept(node, own));
  t.is((await node.apply()).outcome, 'unchanged');
});

test('where there was no file before, the stamp that says so gives way to the baseline', async (t) => {
  const node = makeNode({ settings: { drift: 'layer' } });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  t.is(node.host.baseline.read().state, 'absent');
  node.write(conf, own);
  const { outcome, record } = await node.apply();
  t.is(outcome, 'applied');
  t.deepEqual(record?.baselineChange, { by: 'layer', from: null });
  node.remove('/etc/icspd/baseline.conf');
  t.is(node.host.baseline.read().state, 'none');
});

test('a rendering that was edited by hand is not layered', async (t) => {
  const { node } = await open(t);
  appendFileSync(node.agent.paths.registriesConf, '\n[[registry]]\nlocation = "by-hand.example"\n');
  t.is((await node.apply()).outcome, 'refused');
  t.is(baselineOf(node), own);
});

test('a file that CRI-O refuses, or that others can write, is no baseline', async (t) => {
  const { node, ansible } = await open(t);
  node.write(conf, '[[registry]]\nprefix = "a.example"\n');
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'refused');
  t.true(findings.some(({ id }) => id === 'ICSP360'));
  ansible('one');
  node.chmod(conf, 0o666);
  t.is((await node.apply()).outcome, 'refused');
  t.is(baselineOf(node), own);
  node.chmod(conf, 0o644);
  t.is((await node.apply()).outcome, 'applied');
});

test('observe layers nothing, and a node of the Machine Config Operator keeps its file and its baseline', async (t) => {
  const { node, ansible } = await open(t);
  const text = ansible('one');
  const observing = { ...node.agent, settings: { ...node.agent.settings, apply: 'observe' as const } };
  t.is((await node.applyAs(observing)).outcome, 'parked');
  node.write('/etc/machine-config-daemon/currentconfig', '{}');
  t.is((await node.apply()).outcome, 'refused');
  t.deepEqual([node.conf(), baselineOf(node)], [text, own]);
});

test('what the operator orders comes before the setting: drift is discarded, and kept', async (t) => {
  const { node, ansible } = await open(t);
  const text = ansible('one');
  t.is((await node.apply({ discardDrift: true })).outcome, 'applied');
  t.is(baselineOf(node), own);
  t.notRegex(node.conf() ?? '', /one\.example/);
  t.true(kept(node, text));
});

test('a hold stands: the new file becomes the baseline, and what is held is put back over it', async (t) => {
  const { node, ansible } = await open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'new.example/team'));
  await node.apply();
  t.is((await node.apply({ hold: { goal: 'previous', forMs: null } })).outcome, 'applied');
  const held = node.conf();
  ansible('one');
  await node.apply();
  t.is(node.conf(), held);
  t.is((await node.apply({ hold: 'resume' })).outcome, 'applied');
  t.regex(node.conf() ?? '', /one\.example[^]*new\.example/);
});

for (const step of ['begin', 'baseline', 'file'] as const) {
  test(`cut off before the ${step} is written, the next reconcile layers all the same, and nothing is lost`, async (t) => {
    const { node, ansible } = await open(t);
    const text = ansible('one');
    const cut = (): never => {
      throw new Error('cut off');
    };
    const { host } = node.agent;
    const generations = { ...host.generations, patch: cut };
    const cutOff = {
      begin: { ...host, generations: { ...generations, begin: cut } },
      baseline: { ...host, generations, baseline: { ...host.baseline, replace: cut } },
      file: { ...host, generations, target: { ...host.target, replace: cut } },
    }[step];
    await node.applyAs({ ...node.agent, host: cutOff });
    t.is(node.conf(), text);
    t.is((await node.apply()).outcome, 'applied');
    t.is(baselineOf(node), text);
    t.regex(node.conf() ?? '', /one\.example[^]*mirror\.example\/team/);
    t.true(kept(node, own));
    t.is((await node.apply()).outcome, 'unchanged');
  });
}

test('cut off between record and baseline, where the text stays the same, the file is not taken for ours', async (t) => {
  const { node, ansible } = await open(t);
  node.remove(policy);
  await node.apply();
  const text = ansible('one');
  const cut = (): never => {
    throw new Error('cut off');
  };
  const { host } = node.agent;
  const dead = {
    ...host,
    generations: { ...host.generations, patch: cut },
    baseline: { ...host.baseline, replace: cut },
  };
  await node.applyAs({ ...node.agent, host: dead });
  await node.apply();
  t.deepEqual([node.conf(), baselineOf(node)], [text, text]);
});
