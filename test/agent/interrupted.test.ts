// What a reconcile finds that an earlier one left behind when it was cut off.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Agent } from '../../src/agent/reconciliation.ts';
import { digestMirrorSet, makeCrio, makeNode, type ScratchNode, type ScriptedCrio } from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';

function open(t: ExecutionContext): { node: ScratchNode; crio: ScriptedCrio } {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  return { node, crio };
}

const cut = (): never => {
  throw new Error('cut off');
};

/** Ends as a crash would: no word reaches the record any more. */
function cutOffBeforeWriting({ agent }: ScratchNode): Agent {
  const { host } = agent;
  return {
    ...agent,
    host: {
      ...host,
      target: { ...host.target, replace: cut },
      generations: { ...host.generations, patch: cut },
    },
  };
}

function cutOffAfterWriting({ agent }: ScratchNode): Agent {
  const { host } = agent;
  return {
    ...agent,
    host: { ...host, generations: { ...host.generations, patch: cut, setCurrent: cut } },
  };
}

test('cut off before the file was written, it never happened, and is done now', async (t) => {
  const { node, crio } = open(t);
  await node.applyAs(cutOffBeforeWriting(node));
  t.is(node.conf(), null);
  t.is(node.host.generations.list()[0]?.outcome, 'pending');
  t.is((await node.apply()).outcome, 'applied');
  t.deepEqual(
    node.host.generations.list().map(({ number, outcome }) => [number, outcome]),
    [
      [2, 'applied'],
      [1, 'refused'],
    ],
  );
  t.is(crio.reloads, 1);
});

test('cut off after the file was written, it counts, and only the reload is made up for', async (t) => {
  const { node, crio } = open(t);
  t.is((await node.applyAs(cutOffAfterWriting(node))).outcome, 'degraded');
  const written = node.conf();
  crio.reloads = 0;
  const { outcome, proof, record } = await node.apply();
  t.deepEqual([outcome, proof, record?.number], ['applied', 'applied', 1]);
  t.is(node.conf(), written);
  t.is(crio.reloads, 1);
  t.is(node.host.generations.list().length, 1);
  t.is((await node.apply()).outcome, 'unchanged');
  t.deepEqual(readdirSync(join(node.root, 'etc/containers')), ['registries.conf']);
});

test('cut off after the file was written, and the policy gone since: it is taken back', async (t) => {
  const { node } = open(t);
  await node.applyAs(cutOffAfterWriting(node));
  node.remove(policy);
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.conf(), null);
});

test('a file that somebody else made what it should be is made known to CRI-O', async (t) => {
  const { node, crio } = open(t);
  node.write('/etc/containers/registries.conf', '# mine\n');
  await node.apply();
  node.remove(policy);
  node.write('/etc/containers/registries.conf', '# mine\n');
  crio.reloads = 0;
  t.is((await node.apply()).proof, 'applied');
  t.is(crio.reloads, 1);
  t.is((await node.apply()).outcome, 'unchanged');
  t.is(crio.reloads, 1);
});

test('a whole /etc from before, as after an OS rollback: its generation is current again, and CRI-O reloaded', async (t) => {
  const { node, crio } = open(t);
  await node.apply();
  const older = node.conf() ?? '';
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  await node.apply();
  node.write('/etc/containers/registries.conf', older);
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  crio.reloads = 0;
  t.is((await node.apply()).proof, 'applied');
  t.is(crio.reloads, 1);
  t.is(node.conf(), older);
  t.is(node.host.generations.current()?.number, 1);
});
