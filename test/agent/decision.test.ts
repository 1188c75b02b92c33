// A refusal of CRI-O's counts until the text, or what it was judged by, is another.
import test, { type ExecutionContext } from 'ava';
import {
  digestMirrorSet,
  makeCrio,
  makeNode,
  refusal,
  type ScratchNode,
  type ScriptedCrio,
} from './scratch-node.ts';

async function openRefused(t: ExecutionContext): Promise<{ node: ScratchNode; crio: ScriptedCrio }> {
  const crio = makeCrio();
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const { answer } = crio;
  crio.answer = [refusal(node)];
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(node.conf(), null);
  crio.answer = answer;
  return { node, crio };
}

test('while nothing changes, what was refused is not written again', async (t) => {
  const { node } = await openRefused(t);
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'rolled-back');
  t.true(findings.some(({ id }) => id === 'ICSP390'));
  t.is(node.conf(), null);
});

test('a drop-in that changes is a reason to try again what was refused', async (t) => {
  const { node } = await openRefused(t);
  node.write('/etc/containers/registries.conf.d/x.conf', '# nothing\n');
  t.is((await node.apply()).outcome, 'applied');
  t.regex(node.conf() ?? '', /mirror\.example/);
});

test('another version of CRI-O is a reason to try again what was refused', async (t) => {
  const { node, crio } = await openRefused(t);
  crio.version = () => Promise.resolve('1.37.0');
  t.is((await node.apply()).outcome, 'applied');
});

test('another text is tried, and once the policy is back the refused one still is not', async (t) => {
  const { node } = await openRefused(t);
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'new.example/team'));
  t.is((await node.apply()).outcome, 'applied');
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'rolled-back');
  t.regex(node.conf() ?? '', /new\.example/);
});
