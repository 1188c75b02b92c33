// apply = "observe": a node that is only looked at, by the daemon and by every command.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Request } from '../../src/agent/reconciliation.ts';
import { digestMirrorSet, makeCrio, makeNode, type ScratchNode } from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';

function open(t: ExecutionContext, options: Parameters<typeof makeNode>[0] = {}): ScratchNode {
  const node = makeNode({ ...options, settings: { apply: 'observe', ...options.settings } });
  t.teardown(() => node.dispose());
  node.write('/etc/containers/registries.conf', '# own\n');
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  return node;
}

/** Every file below /etc and /var with inode and time of its last change. */
function files(root: string): readonly string[] {
  return ['etc', 'var'].flatMap((top) => {
    try {
      const names = readdirSync(join(root, top), { recursive: true, encoding: 'utf8' });
      return names.map((name) => {
        const { ino, mtimeMs } = statSync(join(root, top, name));
        return `${top}/${name} ${ino} ${mtimeMs}`;
      });
    } catch {
      return [];
    }
  });
}

const orders: readonly (readonly [title: string, request: Partial<Request>])[] = [
  ['the daemon', {}],
  ['the command', { allowRisky: true, allowRemoval: true, allowLockout: true }],
  ['--discard-drift', { discardDrift: true }],
  ['--retry', { retry: true }],
];

for (const [title, request] of orders) {
  test(`${title} writes nothing below /etc and /var, and reloads nothing`, async (t) => {
    const crio = makeCrio();
    const node = open(t, { crio });
    const before = files(node.root);
    const { outcome, plan } = await node.apply(request);
    t.deepEqual([outcome, plan?.changes.length], ['parked', 1]);
    t.deepEqual(files(node.root), before);
    t.is(crio.reloads, 0);
  });
}

test('a restore changes nothing and holds nothing', async (t) => {
  const node = open(t, { settings: { apply: 'observe' } });
  const acting = { ...node.agent, settings: { ...node.agent.settings, apply: 'all' as const } };
  await node.applyAs(acting);
  const before = node.conf();
  const { outcome, hold } = await node.apply({ hold: { goal: 'baseline', forMs: null } });
  t.deepEqual([outcome, hold], ['parked', null]);
  t.is(node.conf(), before);
});

test('the plan has a digest: the same on equal nodes and at each look, another one for other changes', async (t) => {
  const [one, other] = [open(t), open(t)];
  const digest = async (node: ScratchNode): Promise<string | null | undefined> =>
    (await node.apply()).plan?.digest;
  const first = await digest(one);
  t.regex(first ?? '', /^[0-9a-f]{64}$/);
  t.is(await digest(one), first);
  t.is(await digest(other), first);
  other.write('/etc/icsp.d/b.json', digestMirrorSet('quay.io/other', 'mirror.example/other'));
  t.not(await digest(other), first);
});

test('the digest is that of the whole plan, whatever waits', async (t) => {
  const [observing, acting] = [open(t), open(t, { settings: { apply: 'safe' } })];
  t.is((await observing.apply()).plan?.digest, (await acting.apply()).plan?.digest);
});

test('what waits is in the audit trail with the digest of the plan', async (t) => {
  const node = open(t);
  const { plan } = await node.apply();
  t.deepEqual(
    node.events.map(({ name, isState, fields }) => [name, isState, fields['PLAN_DIGEST']]),
    [['parked', true, plan?.digest]],
  );
  await node.apply();
  // The trail itself tells a state once: by its message, which is the same.
  t.is(new Set(node.events.map(({ message }) => message)).size, 1);
});

test('a protection that waits with everything else is no error where nothing is in force on purpose', async (t) => {
  const node = open(t);
  node.write(
    policy,
    JSON.stringify({
      apiVersion: 'config.openshift.io/v1',
      kind: 'Image',
      metadata: { name: 'cluster' },
      spec: { registrySources: { blockedRegistries: ['quay.io/bad'] } },
    }),
  );
  const { plan } = await node.apply();
  t.deepEqual(plan?.findings.filter(({ severity }) => severity === 'error') ?? [], []);
});
