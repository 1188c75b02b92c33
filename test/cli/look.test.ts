// What the commands see that only look: also in the middle of an apply, which they neither wait for nor disturb.
import test from 'ava';
import { lookAtNode } from '../../src/cli/look.ts';
import { applyMirror, mirrorOf, openAfter, policy } from '../agent/mirrors.ts';
import { digestMirrorSet, makeCrio } from '../agent/scratch-node.ts';

test('while an apply waits for its proof, the generation that is on disk is in force, and nothing is taken for an OS rollback', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'a', { crio });
  let seen: unknown = null;
  const reload = crio.reload.bind(crio);
  crio.reload = async (timeoutMs) => {
    const look = await lookAtNode(node.agent);
    const { number, outcome, proof, digest } = look.seen.current ?? {};
    const isOnDisk = look.seen.target.state === 'file' && look.seen.target.file.digest === digest;
    seen = { number, outcome, proof, isOnDisk, disk: look.plan.disk, step: look.plan.step.kind };
    t.is(node.host.generations.current()?.number, 1, 'looking writes nothing');
    await reload(timeoutMs);
  };
  await applyMirror(t, node, 'b');
  t.deepEqual(seen, {
    number: 2,
    outcome: 'pending',
    proof: 'pending',
    isOnDisk: true,
    disk: 'ours',
    step: 'none',
  });
  t.is((await lookAtNode(node.agent)).seen.current?.outcome, 'applied');
});

test('before the file is written the generation before is in force', async (t) => {
  const node = await openAfter(t, 'a');
  const { target } = node.host;
  let number: number | undefined;
  const replace: typeof target.replace = async (...args) => {
    number = (await lookAtNode(node.agent)).seen.current?.number;
    await target.replace(...args);
  };
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  await node.applyAs({ ...node.agent, host: { ...node.host, target: { ...target, replace } } });
  t.deepEqual([number, mirrorOf(node)], [1, 'b']);
});
