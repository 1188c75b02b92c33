import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { crioLine, digestMirrorSet, makeCrio, makeNode, type ScratchNode } from './scratch-node.ts';

const policy = '/etc/icsp.d/a.json';
const own = '# mine\nunqualified-search-registries = ["own.example"]\n';

function open(t: ExecutionContext, options: Parameters<typeof makeNode>[0] = {}): ScratchNode {
  const node = makeNode(options);
  t.teardown(() => node.dispose());
  return node;
}

test('without a policy nothing is written, not even the baseline', async (t) => {
  const node = open(t);
  node.write('/etc/containers/registries.conf', own);
  const { outcome } = await node.apply();
  t.is(outcome, 'unchanged');
  t.is(node.conf(), own);
  t.deepEqual(node.events, []);
  t.is(node.host.baseline.read().state, 'none');
});

test('the first write keeps the own file as the baseline, and the last policy gone gives it back byte for byte', async (t) => {
  const node = open(t);
  node.write('/etc/containers/registries.conf', own);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'applied');
  t.is(readFileSync(node.agent.paths.baseline, 'utf8'), own);
  t.regex(node.conf() ?? '', /mirror\.example\/team/);
  node.remove(policy);
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.conf(), own);
});

test('where there was no file before, the last policy gone leaves none', async (t) => {
  const node = open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.host.baseline.read().state, 'absent');
  node.remove(policy);
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.conf(), null);
});

test('a second reconcile writes nothing and reloads nothing', async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).proof, 'applied');
  t.is((await node.apply()).outcome, 'unchanged');
  t.is(crio.reloads, 1);
  t.is(node.host.generations.list().length, 1);
});

test('a policy that breaks keeps its last good content in force, and a good one beside it still counts', async (t) => {
  const node = open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.write(policy, '{ "kind": ');
  node.write('/etc/icsp.d/b.json', digestMirrorSet('quay.io/other', 'mirror.example/other'));
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'applied');
  t.regex(
    node.conf() ?? '',
    /mirror\.example\/team[^]*mirror\.example\/other|mirror\.example\/other[^]*mirror\.example\/team/,
  );
  t.true(findings.some(({ severity, file }) => severity === 'error' && file?.endsWith('a.json') === true));
  node.remove(policy);
  await node.apply();
  t.notRegex(node.conf() ?? '', /mirror\.example\/team/);
});

test('a file that CRI-O refuses is taken back, CRI-O reloaded, and the same text not tried again until asked', async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  const good = node.conf();
  const path = node.agent.settings.registriesConf;
  const applied = crio.answer;
  crio.answer = [
    crioLine(
      'error',
      `Unable to reload configuration: system registries reload failed: ${path}: loading registries configuration "${path}": no`,
    ),
  ];
  node.write(policy, digestMirrorSet('quay.io/team', 'new.example/team'));
  const refused = await node.apply();
  t.is(refused.outcome, 'rolled-back');
  t.is(node.conf(), good);
  t.is(crio.reloads, 3);
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(crio.reloads, 3);
  crio.answer = applied;
  t.is((await node.apply({ retry: true })).outcome, 'applied');
  t.regex(node.conf() ?? '', /new\.example/);
});

test("a drop-in of somebody else's that CRI-O refuses leaves our file in place, and the reload is tried again", async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  const path = node.agent.settings.registriesConf;
  const applied = crio.answer;
  crio.answer = [
    crioLine(
      'error',
      `Unable to reload configuration: system registries reload failed: ${path}: loading drop-in registries configuration "/etc/containers/registries.conf.d/x.conf": bad`,
    ),
  ];
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const { outcome, proof, findings } = await node.apply();
  t.deepEqual([outcome, proof], ['degraded', 'blocked-elsewhere']);
  t.true(findings.some(({ file }) => file === '/etc/containers/registries.conf.d/x.conf'));
  t.regex(node.conf() ?? '', /mirror\.example/);
  crio.answer = applied;
  t.is((await node.apply()).outcome, 'applied');
  t.is((await node.apply()).outcome, 'unchanged');
});

test('while CRI-O is down the file is written and no signal sent; once it has started the proof is that', async (t) => {
  const crio = makeCrio();
  crio.state = { ...crio.state, active: 'inactive', mainPid: 0 };
  const node = open(t, { crio });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).proof, 'pending');
  t.is(crio.reloads, 0);
  crio.state = { ...crio.state, active: 'active', mainPid: 4711, startedAtMs: Date.now() + 60_000 };
  t.is((await node.apply()).proof, 'started-after');
  t.is(crio.reloads, 0);
  t.is((await node.apply()).outcome, 'unchanged');
});

test('the right file is on disk before the caller hears of it, and no reload precedes that', async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  let settled = 0;
  await node.apply({
    onSettled: () => {
      settled += 1;
      t.regex(node.conf() ?? '', /mirror\.example/);
      t.is(crio.reloads, 0);
      return Promise.resolve();
    },
  });
  t.is(settled, 1);
  t.is(crio.reloads, 1);
});

test('a rendering that was edited by hand stays as it is, until drift is discarded', async (t) => {
  const node = open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  const ours = node.conf() ?? '';
  const edited = ours.replace('mirror.example', 'edited.example');
  node.write('/etc/containers/registries.conf', edited);
  t.is((await node.apply()).outcome, 'refused');
  t.is(node.conf(), edited);
  t.true(node.events.some(({ name }) => name === 'drift'));
  t.is((await node.apply({ discardDrift: true })).outcome, 'applied');
  t.is(node.conf(), ours);
});

test('a rendering that was deleted or emptied is put back', async (t) => {
  const node = open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  const ours = node.conf();
  node.remove('/etc/containers/registries.conf');
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.conf(), ours);
  node.write('/etc/containers/registries.conf', '');
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.conf(), ours);
  t.is(node.events.filter(({ name }) => name === 'put-back').length, 2);
});

test('an older rendering of ours, as after an OS rollback, is no drift: it is noticed and brought up to date', async (t) => {
  const node = open(t);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  const older = node.conf() ?? '';
  node.write(policy, digestMirrorSet('quay.io/team', 'new.example/team'));
  await node.apply();
  node.write('/etc/containers/registries.conf', older);
  t.is((await node.apply()).outcome, 'applied');
  t.regex(node.conf() ?? '', /new\.example/);
  t.true(node.events.some(({ name }) => name === 'rewound'));
});

test('observe writes nothing at all and says what it would do', async (t) => {
  const node = open(t, { settings: { apply: 'observe' } });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const { outcome, plan } = await node.apply();
  t.is(outcome, 'parked');
  t.true((plan?.changes.length ?? 0) > 0);
  t.is(node.conf(), null);
  t.is(node.host.baseline.read().state, 'none');
});

test('a node that the Machine Config Operator manages is left alone, unless allowed', async (t) => {
  const node = open(t);
  node.write('/etc/machine-config-daemon/currentconfig', '{}');
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'refused');
  t.is(node.conf(), null);
});

test('an own file that containers/image refuses is never taken as baseline, and stays', async (t) => {
  const node = open(t);
  const bad = '[[registry]]\n';
  node.write('/etc/containers/registries.conf', bad);
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'refused');
  t.is(node.conf(), bad);
  t.is(node.host.baseline.read().state, 'none');
});

test('nothing but the file itself is left in its directory', async (t) => {
  const node = open(t);
  for (const mirror of ['a.example/team', 'b.example/team', 'c.example/team']) {
    node.write(policy, digestMirrorSet('quay.io/team', mirror));
    await node.apply();
  }
  t.deepEqual(readdirSync(join(node.root, 'etc/containers')), ['registries.conf']);
  t.is(node.host.generations.list().length, 3);
});

test('where CRI-O was told to read the file and there never was one, no policy leaves a file without a registry', async (t) => {
  const crio = makeCrio();
  crio.otherConf = { path: '/etc/containers/registries.conf', isTold: true };
  const node = open(t, { crio });
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.remove(policy);
  t.is((await node.apply()).outcome, 'applied');
  t.regex(node.conf() ?? '', /^# This file is managed by icspd/);
  t.notRegex(node.conf() ?? '', /registry\]/);
  t.is((await node.apply()).outcome, 'unchanged');
});

test('[content] hosts refuses no file, and reaches the last accepted bytes of one that is refused', async (t) => {
  const node = open(t);
  const tags = digestMirrorSet('quay.io/team', 'mirror.example/team')
    .replace('ImageDigestMirrorSet', 'ImageTagMirrorSet')
    .replace('imageDigestMirrors', 'imageTagMirrors');
  node.write(policy, tags);
  await node.apply();
  t.regex(node.conf() ?? '', /location = "mirror\.example\/team"/);
  node.write(policy, '{');
  const narrow = { ...node.agent, settings: { ...node.agent.settings, contentHosts: ['other.example'] } };
  const { findings } = await node.applyAs(narrow);
  t.true(findings.some(({ id }) => id === 'ICSP119'));
  t.notRegex(node.conf() ?? '', /mirror\.example/);
  node.write(policy, tags);
  const { findings: again } = await node.applyAs(narrow);
  t.false(
    again.some(({ id }) => id === 'ICSP009'),
    'nothing stands in for a file that is accepted',
  );
  t.notRegex(node.conf() ?? '', /mirror\.example/);
  await node.apply();
  t.regex(node.conf() ?? '', /location = "mirror\.example\/team"/);
});

test('drop-ins are those of the directory that CRI-O was told to read', async (t) => {
  const crio = makeCrio();
  crio.toldDropIns = '/srv/conf.d';
  const node = open(t, { crio });
  const scope = '[[registry]]\nlocation = "quay.io/team"\n';
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  node.write('/etc/containers/registries.conf.d/50.conf', scope);
  const { findings: before } = await node.apply();
  t.false(before.some(({ id }) => id === 'ICSP250'));
  node.write('/srv/conf.d/50.conf', scope);
  const { findings } = await node.apply();
  t.true(findings.some(({ id, file }) => id === 'ICSP250' && file?.endsWith('/srv/conf.d/50.conf') === true));
});

test('a registries.conf that takes the place of ours is an error, since no policy has an effect', async (t) => {
  const crio = makeCrio();
  crio.otherConf = { path: '/root/.config/containers/registries.conf', isTold: false };
  const node = open(t, { crio });
  const { findings } = await node.apply();
  t.true(findings.some(({ id, severity }) => id === 'ICSP377' && severity === 'error'));
});
