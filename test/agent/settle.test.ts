// What stands after CRI-O refused a file, and what is kept of the past.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { makeFakeClock } from '../fake-clock.ts';
import { HostError } from '../../src/host-error.ts';
import type { Agent } from '../../src/agent/reconciliation.ts';
import { digestMirrorSet, makeCrio, makeNode, refusal, type ScratchNode } from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';
const dayMs = 24 * 3_600_000;

test('old generations are forgotten as new ones come, but for as many as are to be kept', async (t) => {
  const clock = makeFakeClock();
  const node = makeNode({ clock, settings: { historyKeep: 2 } });
  t.teardown(() => node.dispose());
  for (const mirror of ['a', 'b', 'c', 'd']) {
    node.write(policy, digestMirrorSet('quay.io/team', `${mirror}.example/team`));
    await node.apply();
    clock.advance(91 * dayMs);
  }
  t.deepEqual(
    node.host.generations.list().map(({ number }) => number),
    [4, 3],
  );
});

test('a pending file that CRI-O refuses is exchanged for the one before it, which is current again', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  await node.apply();
  const good = node.conf();
  const up = crio.state;
  crio.state = { ...up, active: 'inactive' };
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  t.is((await node.apply()).proof, 'pending');
  crio.state = up;
  crio.answer = [refusal(node)];
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(node.conf(), good);
  t.is(node.host.generations.current()?.number, 1);
});

test('while CRI-O is down a file is applied once, and then waits', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  const up = crio.state;
  crio.state = { ...up, active: 'inactive' };
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  const said = async (): Promise<readonly unknown[]> => {
    const { outcome, proof } = await node.apply();
    return [outcome, proof];
  };
  t.deepEqual(await said(), ['applied', 'pending']);
  t.deepEqual(await said(), ['unchanged', 'pending']);
  t.deepEqual(await said(), ['unchanged', 'pending']);
  t.is(node.events.filter(({ name }) => name === 'applied').length, 1);
  crio.state = up;
  t.deepEqual(await said(), ['applied', 'applied']);
  t.deepEqual(await said(), ['unchanged', null]);
});

test('a file that was absent before is absent again, and nothing is current', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  const up = crio.state;
  crio.state = { ...up, active: 'inactive' };
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  await node.apply();
  crio.state = up;
  crio.answer = [refusal(node)];
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(node.conf(), null);
  t.is(node.host.generations.current(), null);
});

test('a lost text is no reason to remove the file: the one that CRI-O took before stands in', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  const texts: (string | null)[] = [];
  for (const mirror of ['a', 'b']) {
    node.write(policy, digestMirrorSet('quay.io/team', `${mirror}.example/team`));
    await node.apply();
    texts.push(node.conf());
  }
  const up = crio.state;
  crio.state = { ...up, active: 'inactive' };
  node.write(policy, digestMirrorSet('quay.io/team', 'c.example/team'));
  const { record } = await node.apply();
  node.remove(`/var/lib/icspd/v1/texts/${record?.previousDigest ?? ''}`);
  crio.state = up;
  crio.answer = [refusal(node)];
  t.is((await node.apply()).outcome, 'rolled-back');
  t.deepEqual([node.conf()], texts.slice(0, 1));
});

test('a broken edit that was overwritten is not what comes back', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  await node.apply();
  const good = node.conf();
  writeFileSync(node.agent.paths.registriesConf, '[[registry]]\n');
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  crio.answer = [refusal(node)];
  t.is((await node.apply({ discardDrift: true })).outcome, 'rolled-back');
  t.is(node.conf(), good);
});

test('after a file was removed by hand, and the new one refused, the last that CRI-O took stands again', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  await node.apply();
  const good = node.conf();
  node.remove('/etc/containers/registries.conf');
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  crio.answer = [refusal(node)];
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(node.conf(), good);
});

/** The disk of the state fills up right after registries.conf was written. */
function withFullState({ agent }: ScratchNode): Agent {
  const fail = (): never => {
    throw new HostError('diskFull', 'no space is left', 'free some', { path: '/var/lib/icspd' });
  };
  const { host } = agent;
  return {
    ...agent,
    host: {
      ...host,
      generations: { ...host.generations, patch: fail, setCurrent: fail },
      pin: { ...host.pin, clear: fail },
    },
  };
}

test('a record that cannot be completed is told, takes nothing from what was applied, and is completed later', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  const { outcome, proof, findings } = await node.applyAs(withFullState(node));
  t.deepEqual([outcome, proof], ['applied', 'applied']);
  t.true(findings.some(({ id, severity }) => id === 'ICSP301' && severity === 'error'));
  t.is(node.host.generations.current(), null);
  t.is((await node.apply()).outcome, 'applied');
  t.like(node.host.generations.current(), { number: 1, outcome: 'applied', proof: 'applied' });
});

test('a refused file is taken back though nothing of it can be recorded', async (t) => {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  await node.apply();
  const good = node.conf();
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  crio.answer = [refusal(node)];
  const { outcome, findings } = await node.applyAs(withFullState(node));
  t.is(outcome, 'rolled-back');
  t.true(findings.some(({ id }) => id === 'ICSP301'));
  t.is(node.conf(), good);
  t.is(node.host.generations.current()?.number, 1);
});

test('what kept the file from being written is the news, though the record cannot say so either', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  const full = withFullState(node);
  const replace = (): Promise<never> =>
    Promise.reject(new HostError('readOnlyFileSystem', 'read-only', 'remount it'));
  const agent = { ...full, host: { ...full.host, target: { ...full.host.target, replace } } };
  const { outcome, findings } = await node.applyAs(agent);
  t.is(outcome, 'refused');
  t.deepEqual(
    findings.filter(({ severity }) => severity === 'error').map(({ id }) => id),
    ['ICSP302'],
  );
  t.is(node.conf(), null);
});

test('no reconcile reads the history further back than it has to, be it to change something or not', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  for (const mirror of ['a', 'b', 'c']) {
    node.write(policy, digestMirrorSet('quay.io/team', `${mirror}.example/team`));
    await node.apply();
  }
  // What cannot be read would end whoever gets that far.
  const oldest = join(node.agent.paths.schemaDir, 'generations/1/record.json');
  rmSync(oldest);
  mkdirSync(oldest);
  t.is((await node.apply()).outcome, 'unchanged');
  node.write(policy, digestMirrorSet('quay.io/team', 'd.example/team'));
  t.is((await node.apply()).outcome, 'applied');
});
