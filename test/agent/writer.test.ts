// Who takes no lock, as an editor or Ansible, may write at any time: also between the plan and the file.
import test from 'ava';
import type { Target } from '../../src/agent/ports.ts';
import type { Agent } from '../../src/agent/reconciliation.ts';
import { digestMirrorSet, makeNode, type ScratchNode } from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';

const foreign = 'unqualified-search-registries = ["foreign.example"]\n';

/** Somebody who takes no lock puts one of the texts in place, each time right before the file is replaced. */
function withWriter(node: ScratchNode, texts: readonly string[]): Agent {
  const left = [...texts];
  const { target } = node.host;
  const replace: Target['replace'] = (bytes, planned) => {
    const text = left.shift();
    if (text !== undefined) node.write('/etc/containers/registries.conf', text);
    return target.replace(bytes, planned);
  };
  return { ...node.agent, host: { ...node.host, target: { ...target, replace } } };
}

test('what somebody writes while a plan is made is planned for anew, and not overwritten unasked', async (t) => {
  for (const [drift, outcome] of [
    ['refuse', 'refused'],
    ['overwrite', 'applied'],
  ] as const) {
    const node = makeNode({ settings: { drift } });
    t.teardown(() => node.dispose());
    node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
    await node.apply();
    node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
    const agent = withWriter(node, [foreign]);
    t.is((await node.applyAs(agent)).outcome, outcome);
    t.is(node.conf() === foreign, drift === 'refuse');
    if (drift === 'overwrite') t.not(node.host.generations.text(node.host.digest(foreign)), null);
  }
});

test('who never ceases to write keeps what he wrote, and icspd says what is the matter', async (t) => {
  const node = makeNode({ settings: { drift: 'overwrite' } });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  const texts = [1, 2, 3, 4].map((number) => `${foreign}# ${number}\n`);
  const { outcome, findings } = await node.applyAs(withWriter(node, texts));
  t.is(outcome, 'refused');
  t.true(findings.some(({ id }) => id === 'ICSP307'));
  t.true(texts.includes(node.conf() ?? ''));
});
