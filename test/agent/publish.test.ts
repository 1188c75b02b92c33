// What every reconcile shows to everybody: how the node is, and no text of any file or person.
import test, { type ExecutionContext } from 'ava';
import type { PublishedStatus } from '../../src/agent/published-status.ts';
import { HostError } from '../../src/host-error.ts';
import { digestMirrorSet, makeCrio, makeNode, refusal, type ScratchNode } from './scratch-node.ts';

const policy = '/etc/icsp.d/team.yaml';
const conf = '/etc/containers/registries.conf';

function open(t: ExecutionContext, options: Parameters<typeof makeNode>[0] = {}): ScratchNode {
  const node = makeNode(options);
  t.teardown(() => node.dispose());
  return node;
}

function last(node: ScratchNode): PublishedStatus {
  const status = node.published.at(-1);
  if (status === undefined) throw new Error('nothing was published');
  return status;
}

test('before the first policy the node is healthy, and nothing is in force', async (t) => {
  const node = open(t);
  await node.apply();
  t.like(last(node), {
    health: 'healthy',
    why: 'nothing applied yet',
    generation: null,
    outcome: null,
    look: { outcome: 'unchanged', by: 'test' },
  });
});

test('what an apply wrote is published as it is recorded, and is ours', async (t) => {
  const node = open(t, { crio: makeCrio() });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const { record } = await node.apply();
  t.like(last(node), {
    health: 'healthy',
    why: 'generation 1 in force',
    generation: 1,
    outcome: 'applied',
    proof: 'applied',
    disk: 'ours',
    waitingCount: 0,
    look: { outcome: 'applied' },
    files: [{ state: 'accepted', standingInSince: null }],
  });
  t.is(last(node).digest, record?.digest ?? null);
  t.is(last(node).since, node.host.generations.current()?.writtenAt ?? null);
});

test('another look is due when the resync is over, and late a tenth and a minute after', async (t) => {
  const node = open(t, { settings: { resyncMs: 600_000 } });
  await node.apply();
  const { at, staleAt } = last(node).look;
  t.is(Date.parse(staleAt) - Date.parse(at), 660_000 + 60_000);
});

test('a file that CRI-O refused is the news, and what stands again is in force', async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.write('/etc/icsp.d/more.yaml', digestMirrorSet('quay.io/more', 'mirror.example/more'));
  crio.answer = [refusal(node)];
  await node.apply();
  t.like(last(node), {
    health: 'attention',
    generation: 1,
    outcome: 'applied',
    look: { outcome: 'rolled-back' },
  });
  t.regex(last(node).why, /^CRI-O refused the file, .*registries\.conf$/);
});

test('an edit by hand is attention, a file on which CRI-O would not start is unprotected', async (t) => {
  const node = open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.write(conf, `${node.conf() ?? ''}[[registry]]\nlocation = "theirs.example"\n`);
  await node.apply();
  t.like(last(node), { health: 'attention', disk: 'edited', look: { outcome: 'refused' } });
  node.write(conf, 'broken [\n');
  await node.apply();
  t.is(last(node).health, 'unprotected');
});

test('a hold shows what and since when, and neither why nor by whom', async (t) => {
  const node = open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  await node.apply({ hold: { goal: 'in force', forMs: 60_000 }, reason: 'incident-4711' });
  const { pin } = last(node);
  t.deepEqual(Object.keys(pin ?? {}), ['generation', 'since', 'until']);
  t.is(pin?.generation, 1);
  t.notRegex(JSON.stringify(last(node)), /incident-4711/);
});

test('changes that wait are counted', async (t) => {
  const node = open(t, { settings: { apply: 'observe' } });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  t.like(last(node), { health: 'attention', waitingCount: 1, look: { outcome: 'parked' } });
  t.regex(last(node).why, /^1 change waits, since apply = "observe"/);
});

test('no word of a policy, of registries.conf, of the baseline or of a drop-in is in it, whatever is wrong with them', async (t) => {
  const node = open(t);
  const secret = 'sentinel-word';
  node.write(conf, `[[registry]]\nlocation = "${secret}.example/base"\n`);
  node.write(policy, digestMirrorSet(`${secret}.example/team`, `https://${secret}.example/Team`));
  node.write(
    '/etc/icsp.d/good.yaml',
    digestMirrorSet(`${secret}.example/good`, `${secret}.example/m`, `u:p@${secret}`),
  );
  node.write('/etc/icsp.d/syntax.yaml', `kind: [${secret}\n`);
  node.write('/etc/containers/registries.conf.d/50.conf', `[aliases]\n"${secret}" = "${secret}.example/x"\n`);
  await node.apply();
  node.write(conf, `${node.conf() ?? ''}[[registry]]\nlocation = "${secret}.example/edit"\n`);
  await node.apply();
  node.write('/etc/containers/registries.conf.d/50.conf', `${secret} = [\n`);
  await node.apply();
  t.true(last(node).findings.length >= 3);
  t.notRegex(JSON.stringify(node.published), /sentinel-word|mirror\.example/);
});

test('a daemon that cannot look says so, a command leaves what was published', async (t) => {
  const node = open(t);
  const held = { path: '/var/lib/icspd/lock' };
  const busy = {
    ...node.agent,
    host: {
      ...node.host,
      lock: {
        hold: () => Promise.reject(new HostError('lockHeld', 'somebody holds it', 'wait', held)),
      },
    },
  };
  await node.applyAs(busy);
  t.is(node.published.length, 0);
  await node.applyAs(busy, { actor: { uid: 0, loginUid: null, tty: null, command: 'run' } });
  t.like(last(node), {
    health: 'attention',
    look: { by: 'run', outcome: 'refused' },
    files: [],
    disk: null,
  });
});
