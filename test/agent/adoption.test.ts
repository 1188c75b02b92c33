// icspd adopt: what somebody changed becomes the administrator's own, and no pull goes elsewhere.
import { readFileSync, rmSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { Reconciliation } from '../../src/agent/reconciliation.ts';
import { digestMirrorSet, makeCrio, makeNode, type ScratchNode } from './scratch-node.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/a.json';
const own = '# mine\nunqualified-search-registries = ["own.example"]\n';
const byHand = '\n[[registry]]\nlocation = "by-hand.example"\nblocked = true\n';

async function open(t: ExecutionContext, before: string | null = own): Promise<ScratchNode> {
  const node = makeNode({ crio: makeCrio() });
  t.teardown(() => node.dispose());
  if (before !== null) node.write(conf, before);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'applied');
  return node;
}

function adopt(node: ScratchNode, force = false): Promise<Reconciliation> {
  return node.apply({ adopt: { digest: node.host.digest(node.conf() ?? ''), force } });
}

function baselineOf({ agent }: ScratchNode): string {
  return readFileSync(agent.paths.baseline, 'utf8');
}

function ids({ findings }: Reconciliation): readonly string[] {
  return findings.map(({ id }) => id);
}

test('an entry that was added by hand is the baseline, ours are not, and the rendering holds both', async (t) => {
  const node = await open(t);
  node.write(conf, `${node.conf() ?? ''}${byHand}`);
  const result = await adopt(node);
  t.is(result.outcome, 'applied');
  t.regex(baselineOf(node), /own\.example[^]*by-hand\.example/);
  t.notRegex(baselineOf(node), /mirror\.example|managed by icspd/);
  t.regex(node.conf() ?? '', /by-hand\.example[^]*mirror\.example\/team/);
  t.deepEqual(result.record?.baselineChange, { by: 'adopt', from: node.host.digest(own) });
  t.is(Buffer.from(node.host.generations.text(node.host.digest(own)) ?? []).toString(), own);
  t.true(node.events.some(({ name }) => name === 'adopted'));
  t.is((await node.apply()).outcome, 'unchanged');
  node.remove(policy);
  await node.apply();
  t.regex(node.conf() ?? '', /by-hand\.example/);
});

test('a file without our header becomes the baseline byte for byte, and the policies come back', async (t) => {
  const node = await open(t);
  const text = '# theirs\n[[registry]]\nlocation = "theirs.example"\n';
  node.write(conf, text);
  t.is((await adopt(node)).outcome, 'applied');
  t.is(baselineOf(node), text);
  t.regex(node.conf() ?? '', /theirs\.example[^]*mirror\.example\/team/);
});

test('where our entries were copied into it they are taken out of it', async (t) => {
  const node = await open(t);
  const body = (node.conf() ?? '').split('\n\n').slice(1).join('\n\n');
  node.write(conf, `# theirs\n${body}${byHand}`);
  t.is((await adopt(node)).outcome, 'applied');
  t.notRegex(baselineOf(node), /mirror\.example/);
  t.regex(baselineOf(node), /by-hand\.example/);
});

test('an entry of ours that was changed by hand needs force, and then is his', async (t) => {
  const node = await open(t);
  const edited = (node.conf() ?? '').replace('mirror.example/team', 'edited.example/team');
  node.write(conf, edited);
  const refused = await adopt(node);
  t.deepEqual([refused.outcome, ids(refused)], ['refused', ['ICSP363']]);
  t.true(refused.findings[0]?.message.includes('"quay.io/team"'));
  t.deepEqual([node.conf(), baselineOf(node)], [edited, own]);
  t.is((await adopt(node, true)).outcome, 'applied');
  t.regex(baselineOf(node), /edited\.example\/team/);
  t.regex(node.conf() ?? '', /edited\.example\/team[^]*mirror\.example\/team/);
});

test('an entry of ours that was taken out by hand comes back only with force', async (t) => {
  const node = await open(t);
  const header = (node.conf() ?? '').split('\n\n')[0] ?? '';
  node.write(conf, `${header}\n\nunqualified-search-registries = ["own.example"]\n${byHand}`);
  t.deepEqual(ids(await adopt(node)), ['ICSP363']);
  t.is((await adopt(node, true)).outcome, 'applied');
  t.regex(node.conf() ?? '', /by-hand\.example[^]*mirror\.example\/team/);
});

test('without a record of what is ours the file needs force, and is taken as it is, without our header', async (t) => {
  const node = await open(t);
  node.write(conf, `${node.conf() ?? ''}${byHand}`);
  rmSync(node.agent.paths.stateDir, { recursive: true });
  t.deepEqual(ids(await adopt(node)), ['ICSP363']);
  t.is((await adopt(node, true)).outcome, 'applied');
  t.regex(baselineOf(node), /mirror\.example\/team[^]*by-hand\.example/);
  t.notRegex(baselineOf(node), /managed by icspd/);
});

test('a rendering whose baseline is gone has it again, comments and all, where the history knows it', async (t) => {
  const node = await open(t);
  node.remove('/etc/icspd/baseline.conf');
  t.is((await node.apply()).outcome, 'refused');
  t.is((await adopt(node)).outcome, 'applied');
  t.is(baselineOf(node), own);
});

test('a rendering whose baseline is gone, and nothing known of it, is a baseline with force only', async (t) => {
  const node = await open(t);
  node.remove('/etc/icspd/baseline.conf');
  rmSync(node.agent.paths.stateDir, { recursive: true });
  t.deepEqual(ids(await adopt(node)), ['ICSP363']);
  t.is((await adopt(node, true)).outcome, 'applied');
  t.regex(baselineOf(node), /mirror\.example\/team/);
  t.is((await node.apply()).outcome, 'unchanged');
});

test('where there was no file before, an edit becomes the first baseline', async (t) => {
  const node = await open(t, null);
  node.write(conf, `${node.conf() ?? ''}${byHand}`);
  t.is((await adopt(node)).outcome, 'applied');
  t.regex(baselineOf(node), /by-hand\.example/);
  t.is(node.host.baseline.read().state, 'captured');
});

test('what was changed meanwhile, and what nobody changed, is not adopted', async (t) => {
  const node = await open(t);
  t.is((await adopt(node)).outcome, 'unchanged');
  node.write(conf, `${node.conf() ?? ''}${byHand}`);
  const result = await node.apply({ adopt: { digest: 'another', force: true } });
  t.deepEqual(ids(result), ['ICSP364']);
});

test('a file that CRI-O refuses, or that others can write, or that an operator holds, is not adopted, force or not', async (t) => {
  const node = await open(t);
  node.write(conf, '[[registry]]\nprefix = "a.example"\n');
  t.deepEqual(ids(await adopt(node, true)), ['ICSP360', 'ICSP212']);
  node.write(conf, byHand);
  node.chmod(conf, 0o666);
  t.deepEqual(ids(await adopt(node, true)), ['ICSP364']);
  node.chmod(conf, 0o644);
  await node.apply({ hold: { goal: 'previous', forMs: null } });
  node.write(conf, byHand);
  t.deepEqual(ids(await adopt(node, true)), ['ICSP364']);
  t.is(baselineOf(node), own);
});

test('neither observe nor a node of the Machine Config Operator lets anything be adopted', async (t) => {
  const node = await open(t);
  node.write(conf, byHand);
  const observing = { ...node.agent, settings: { ...node.agent.settings, apply: 'observe' as const } };
  const order = { adopt: { digest: node.host.digest(byHand), force: true } };
  t.is((await node.applyAs(observing, order)).outcome, 'parked');
  node.write('/etc/machine-config-daemon/currentconfig', '{}');
  t.is((await node.apply(order)).outcome, 'refused');
  t.deepEqual([node.conf(), baselineOf(node)], [byHand, own]);
});

for (const step of ['baseline', 'file'] as const) {
  test(`cut off before the ${step} is written, it can be ordered again, with the same end`, async (t) => {
    const node = await open(t);
    node.write(conf, `${node.conf() ?? ''}${byHand}`);
    const cut = (): never => {
      throw new Error('cut off');
    };
    const { host } = node.agent;
    const generations = { ...host.generations, patch: cut };
    const dead =
      step === 'baseline'
        ? { ...host, generations, baseline: { ...host.baseline, replace: cut } }
        : { ...host, generations, target: { ...host.target, replace: cut } };
    const order = { adopt: { digest: node.host.digest(node.conf() ?? ''), force: false } };
    await node.applyAs({ ...node.agent, host: dead }, order);
    t.is((await node.apply()).outcome, 'refused');
    t.is((await adopt(node)).outcome, 'applied');
    t.regex(baselineOf(node), /own\.example[^]*by-hand\.example/);
    t.notRegex(baselineOf(node), /mirror\.example/);
  });
}
