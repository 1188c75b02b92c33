// The must-pull guard at work on a node: what it refuses, what it only tells, and how it is overruled.
import test, { type ExecutionContext } from 'ava';
import { makeNode, type ScratchNode } from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';
const image = 'quay.io/team/app:v1';

/** Blocks a scope; with mirrors for digests where these are given. */
function never(source: string, ...mirrors: readonly string[]): string {
  return JSON.stringify({
    apiVersion: 'config.openshift.io/v1',
    kind: 'ImageDigestMirrorSet',
    metadata: { name: 'never' },
    spec: { imageDigestMirrors: [{ source, mirrors, mirrorSourcePolicy: 'NeverContactSource' }] },
  });
}

function open(t: ExecutionContext, mustPull: readonly string[] | null = [image]): ScratchNode {
  const node = makeNode({ settings: { mustPull } });
  t.teardown(() => node.dispose());
  return node;
}

const idsOf = (findings: readonly { readonly id: string }[]): readonly string[] =>
  findings.map(({ id }) => id).filter((id) => id.startsWith('ICSP35'));

test('a change that takes the last endpoint away is refused with the line that blocks it', async (t) => {
  const node = open(t);
  node.write(policy, never('quay.io/team', 'mirror.example/team'));
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'refused');
  t.is(node.conf(), null);
  const lost = findings.find(({ id }) => id === 'ICSP350');
  t.like(lost, { severity: 'error', line: 1 });
  t.regex(lost?.message ?? '', /"quay\.io\/team\/app:v1" .* all are blocked, by "quay\.io\/team"$/);
  t.deepEqual(
    node.events.map(({ name }) => name),
    ['refused'],
  );
  t.regex(node.events[0]?.message ?? '', /ICSP350/);
});

test('it is made if the operator says so, and told from then on; other changes go on', async (t) => {
  const node = open(t);
  node.write(policy, never('quay.io/team', 'mirror.example/team'));
  const forced = await node.apply({ allowLockout: true });
  t.deepEqual([forced.outcome, idsOf(forced.findings)], ['applied', ['ICSP351']]);
  const again = await node.apply();
  t.deepEqual([again.outcome, idsOf(again.findings)], ['unchanged', ['ICSP351']]);
  node.write('/etc/icsp.d/b.json', never('quay.io/other', 'mirror.example/other'));
  t.is((await node.apply()).outcome, 'applied');
});

test('a change that gives it an endpoint again is made', async (t) => {
  const node = open(t);
  node.write(policy, never('quay.io/team', 'mirror.example/team'));
  await node.apply({ allowLockout: true });
  node.write(policy, never('quay.io/elsewhere', 'mirror.example/elsewhere'));
  const { outcome, findings } = await node.apply();
  t.deepEqual([outcome, idsOf(findings)], ['applied', []]);
});

test('one image that is lost already does not let another one go', async (t) => {
  const node = open(t, [image, 'quay.io/other/app:v1']);
  node.write(policy, never('quay.io/team', 'mirror.example/team'));
  await node.apply({ allowLockout: true });
  node.write('/etc/icsp.d/b.json', never('quay.io/other', 'mirror.example/other'));
  const { outcome, findings } = await node.apply();
  t.deepEqual([outcome, idsOf(findings)], ['refused', ['ICSP351', 'ICSP350']]);
});

test('a restore is judged as well', async (t) => {
  const node = open(t);
  node.write(policy, never('quay.io/team', 'mirror.example/team'));
  await node.apply({ allowLockout: true });
  node.remove(policy);
  await node.apply();
  const back = { hold: { goal: 'previous', forMs: null } } as const;
  const { outcome, hold } = await node.apply(back);
  t.deepEqual([outcome, hold], ['refused', null]);
  t.is((await node.apply({ ...back, allowLockout: true })).outcome, 'applied');
});

test('a file that is gone is put back though it blocks the image, as it did before', async (t) => {
  const node = open(t);
  node.write(policy, never('quay.io/team', 'mirror.example/team'));
  await node.apply({ allowLockout: true });
  const before = node.conf();
  node.remove('/etc/containers/registries.conf');
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.conf(), before);
});

test('without a setting the pause image of CRI-O counts, and an empty list turns the guard off', async (t) => {
  for (const [mustPull, outcome] of [
    [null, 'refused'],
    [[], 'applied'],
  ] as const) {
    const node = open(t, mustPull);
    node.write(policy, never('registry.k8s.io', 'mirror.example/k8s'));
    t.is((await node.apply()).outcome, outcome);
  }
});

test('the images of a release that share a table are one finding', async (t) => {
  const node = open(t, null);
  const images = Object.fromEntries(
    Array.from({ length: 30 }, (_, n) => [
      `c${n}`,
      `quay.io/release/dev@sha256:${n.toString(16).padStart(64, '0')}`,
    ]),
  );
  node.write('/usr/share/microshift/release/release-x86_64.json', JSON.stringify({ images }));
  node.write(
    policy,
    JSON.stringify({
      apiVersion: 'config.openshift.io/v1',
      kind: 'Image',
      metadata: { name: 'cluster' },
      spec: { registrySources: { blockedRegistries: ['quay.io'] } },
    }),
  );
  const { findings } = await node.apply();
  const lost = findings.filter(({ id }) => id === 'ICSP350');
  t.is(lost.length, 1);
  t.regex(lost[0]?.message ?? '', /release-x86_64\.json"\), with 29 more, would be left/);
});

test('a policy folder that was emptied takes nothing away until that is ordered', async (t) => {
  const node = open(t);
  const sources = Array.from({ length: 12 }, (_, n) => n);
  const set = (numbers: readonly number[]): string =>
    JSON.stringify({
      apiVersion: 'config.openshift.io/v1',
      kind: 'ImageDigestMirrorSet',
      metadata: { name: 'many' },
      spec: {
        imageDigestMirrors: numbers.map((n) => ({ source: `quay.io/${n}`, mirrors: [`m.example/${n}`] })),
      },
    });
  node.write(policy, set(sources));
  await node.apply();
  const before = node.conf();
  node.remove(policy);
  const { outcome } = await node.apply({ allowRisky: true });
  t.is(outcome, 'parked');
  t.is(node.conf(), before);
  t.true(node.events.some(({ name, message }) => name === 'parked' && message.includes('12 of the 12')));
  t.is((await node.apply({ hold: { goal: 'baseline', forMs: null } })).outcome, 'applied');
  t.is((await node.apply({ hold: 'resume' })).outcome, 'unchanged');
  node.write(policy, set(sources));
  await node.apply();
  node.remove(policy);
  t.is((await node.apply({ allowRemoval: true })).outcome, 'applied');
  t.is(node.conf(), null);
});
