// What is left of a newer icspd is kept and freezes nothing; a CRI-O that became older never runs unprotected in silence.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { agentOf, applyMirror, mirrorOf, openAfter, policy } from './mirrors.ts';
import { digestMirrorSet, errorIds, makeCrio, type ScratchNode } from './scratch-node.ts';

const newer = { version: '0.2.0' };
const beforeUpgrade = { hold: { goal: 'before upgrade', forMs: null } } as const;
const previous = { hold: { goal: 'previous', forMs: null } } as const;

/** Generations a, b of an icspd, and c of a newer one. */
async function openUpgraded(t: ExecutionContext): Promise<ScratchNode> {
  const node = await openAfter(t, 'ab');
  await applyMirror(t, node, 'c', agentOf(node, newer));
  return node;
}

test('--before-upgrade is the newest applied file that a newer icspd followed on, before the downgrade', async (t) => {
  const node = await openUpgraded(t);
  const { outcome, hold } = await node.applyAs(agentOf(node, newer), beforeUpgrade);
  t.deepEqual([outcome, hold?.generation, mirrorOf(node)], ['applied', 2, 'b']);
});

test('… and after it, also once the older one has applied more', async (t) => {
  const node = await openUpgraded(t);
  await applyMirror(t, node, 'd');
  const { outcome, hold } = await node.apply(beforeUpgrade);
  t.deepEqual([outcome, hold?.generation, mirrorOf(node)], ['applied', 2, 'b']);
});

test('after two upgrades it is the last that counts; after each call the same', async (t) => {
  const node = await openUpgraded(t);
  await applyMirror(t, node, 'd', agentOf(node, { version: '0.3.0' }));
  for (const outcome of ['applied', 'held']) {
    const result = await node.applyAs(agentOf(node, { version: '0.3.0' }), beforeUpgrade);
    t.deepEqual([result.outcome, result.hold?.generation], [outcome, 3]);
  }
  t.is(mirrorOf(node), 'c');
});

test('without an upgrade there is nothing to go back to: exit 1, and nothing is held', async (t) => {
  const node = await openAfter(t, 'ab');
  for (const agent of [node.agent, agentOf(node, newer), agentOf(node, { version: '0.0.9' })]) {
    const { outcome, findings } = await node.applyAs(agent, beforeUpgrade);
    t.deepEqual([outcome, findings.at(-1)?.id], ['refused', 'ICSP375']);
  }
  t.is(node.host.pin.read(), null);
});

test('a state directory of a newer schema counts as what followed on all that was begun before it came', async (t) => {
  const node = await openAfter(t, 'ab');
  const v2 = join(node.root, 'var/lib/icspd/v2');
  mkdirSync(v2, { mode: 0o700 });
  // It came between the generations 1 and 2.
  const cameAt = new Date(Date.parse(node.host.generations.read(2)?.startedAt ?? '') - 1);
  utimesSync(v2, cameAt, cameAt);
  const { hold } = await node.apply(beforeUpgrade);
  t.deepEqual([hold?.generation, mirrorOf(node)], [1, 'a']);
});

test('the state of a newer schema stays as it is, to the name and the byte, whatever happens beside it', async (t) => {
  const node = await openAfter(t, 'ab', { settings: { historyKeep: 2 } });
  const v2 = join(node.root, 'var/lib/icspd/v2');
  mkdirSync(join(v2, 'generations/1'), { recursive: true, mode: 0o700 });
  const names = ['pin.json', 'current', 'generations/1/record.json', '.pin.json.icspd-0123456789abcdef'];
  for (const name of names) writeFileSync(join(v2, name), `of v2: ${name}`);
  const before = readdirSync(v2, { recursive: true }).sort();
  for (const mirror of 'cdef') await applyMirror(t, node, mirror);
  await node.apply(previous);
  await node.apply({ hold: 'resume' });
  t.deepEqual(readdirSync(v2, { recursive: true }).sort(), before);
  for (const name of names) t.is(readFileSync(join(v2, name), 'utf8'), `of v2: ${name}`);
});

function edit(node: ScratchNode, number: number, words: Readonly<Record<string, unknown>>): string {
  const path = join(node.agent.paths.schemaDir, `generations/${number}/record.json`);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...words }));
  return path;
}

test('an outcome and a proof that this version has no word for hide no record, and decide nothing', async (t) => {
  const node = await openAfter(t, 'abc');
  edit(node, 2, { outcome: 'canary', proof: 'attested', fleet: { wave: 2 } });
  const [, record] = node.host.generations.list();
  t.like(record, { number: 2, outcome: 'unknown', proof: 'unknown', reason: 'test' });
  t.is((await node.apply()).outcome, 'unchanged');
  await node.apply(previous);
  t.is(mirrorOf(node), 'a', 'what is not known to have been applied is passed over');
});

test('where that is the generation in force, CRI-O is asked again, and the keys of the newer icspd stay', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'a', { crio });
  const path = edit(node, 1, { outcome: 'canary', proof: 'attested', fleet: { wave: 2 } });
  crio.reloads = 0;
  t.is((await node.apply()).proof, 'applied');
  t.is(crio.reloads, 1);
  t.like(JSON.parse(readFileSync(path, 'utf8')), {
    outcome: 'applied',
    proof: 'applied',
    fleet: { wave: 2 },
    deployment: null,
  });
  await node.apply();
  t.is(crio.reloads, 1);
});

test('a record from before deployments were recorded is as good as any', async (t) => {
  const node = await openAfter(t, 'ab');
  edit(node, 1, { deployment: undefined });
  t.is(node.host.generations.read(1)?.deployment, null);
  await node.apply(previous);
  t.is(mirrorOf(node), 'a');
});

const interruption = (): never => {
  throw new Error('cut off');
};

test('an apply that was cut off in another deployment waits until that one is booted again', async (t) => {
  const node = await openAfter(t, 'a');
  const old = node.conf() ?? '';
  const there = agentOf(node, { deployment: 'os/1.0' });
  const here = agentOf(node, { deployment: 'os/2.0' });
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  const { host } = there;
  const generations = { ...host.generations, patch: interruption, setCurrent: interruption };
  await node.applyAs({ ...there, host: { ...host, generations } });
  const interrupted = node.conf() ?? '';
  // The other deployment has an /etc of its own.
  node.write(policy, digestMirrorSet('quay.io/team', 'a.example/team'));
  node.write('/etc/containers/registries.conf', old);
  await node.applyAs(here);
  t.is(node.host.generations.read(2)?.outcome, 'pending');
  await applyMirror(t, node, 'c', here);
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  node.write('/etc/containers/registries.conf', interrupted);
  t.is((await node.applyAs(there)).record?.number, 2);
  t.is(node.host.generations.read(2)?.outcome, 'applied');
  t.is(node.conf(), interrupted);
});

function versionOf(crio: ReturnType<typeof makeCrio>, version: string): void {
  crio.version = () => Promise.resolve(version);
}

test('a CRI-O that became older than 1.25 gets the same in its own words, and back when it is updated', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'a', { crio });
  t.regex(node.conf() ?? '', /pull-from-mirror = "digest-only"/);
  versionOf(crio, '1.24.6');
  t.is((await node.apply()).outcome, 'applied');
  t.regex(node.conf() ?? '', /mirror-by-digest-only = true/);
  t.notRegex(node.conf() ?? '', /pull-from-mirror/);
  t.is((await node.apply()).outcome, 'unchanged');
  versionOf(crio, '1.36.3');
  t.is((await node.apply()).outcome, 'applied');
  t.regex(node.conf() ?? '', /pull-from-mirror = "digest-only"/);
});

test('so it is at boot, before READY: the right file is on disk when CRI-O starts', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'a', { crio });
  crio.state = { ...crio.state, active: 'inactive' };
  versionOf(crio, '1.24.6');
  let atReady = '';
  await node.apply({
    onSettled: () => {
      atReady = node.conf() ?? '';
      return Promise.resolve();
    },
  });
  t.regex(atReady, /mirror-by-digest-only = true/);
});

test('a comment in the file does not hide that its words are the wrong ones now', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'a', { crio });
  appendFileSync(node.agent.paths.registriesConf, '# x\n');
  t.is((await node.apply()).outcome, 'unchanged');
  versionOf(crio, '1.24.6');
  t.is((await node.apply()).outcome, 'applied');
  t.notRegex(node.conf() ?? '', /pull-from-mirror/);
});

test('a hold that the older CRI-O cannot do stays, as an error at each look, until resume', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'ab', { crio });
  await node.apply(previous);
  const held = node.conf();
  versionOf(crio, '1.24.6');
  for (let i = 0; i < 2; i += 1) {
    const result = await node.apply();
    t.is(result.outcome, 'refused');
    t.deepEqual(errorIds(result), ['ICSP271', 'ICSP369']);
    t.is(node.conf(), held);
    t.not(node.host.pin.read(), null);
  }
  t.is((await node.apply({ hold: 'resume' })).outcome, 'applied');
  t.regex(node.conf() ?? '', /b\.example/);
  t.notRegex(node.conf() ?? '', /pull-from-mirror/);
});

test('what the older CRI-O would misread is not restored, by --force neither', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'ab', { crio });
  versionOf(crio, '1.24.6');
  await node.apply();
  const before = node.conf();
  const result = await node.apply({ hold: { goal: 1, forMs: null, force: true } });
  t.deepEqual([result.outcome, errorIds(result)], ['refused', ['ICSP369']]);
  t.is(node.conf(), before);
  t.is(node.host.pin.read(), null);
});

test('a file of somebody else that the older CRI-O misreads is an error beside the drift', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'a', { crio });
  appendFileSync(node.agent.paths.registriesConf, '\n[[registry]]\nlocation = "by-hand.example"\n');
  versionOf(crio, '1.24.6');
  const result = await node.apply();
  t.is(result.outcome, 'refused');
  t.true(errorIds(result).includes('ICSP271'));
  t.regex(result.findings.find(({ id }) => id === 'ICSP271')?.message ?? '', /"quay\.io\/team"/);
});
