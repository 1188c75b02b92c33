// apply = "safe": the daemon makes safe changes at once, and leaves every other one to the command.
import { appendFileSync, cpSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { Settings } from '../../src/config.ts';
import { makeFakeClock } from '../fake-clock.ts';
import { digestMirrorSet, makeCrio, makeNode, refusal, type ScratchNode } from './scratch-node.ts';

const [a, b, tags] = ['/etc/icsp.d/a.json', '/etc/icsp.d/b.json', '/etc/icsp.d/tags.json'];
const own = 'unqualified-search-registries = ["own.example"]\n';

/** What only `icspd apply` may do. */
const command = { allowRisky: true } as const;

const tagMirrorSet = JSON.stringify({
  apiVersion: 'config.openshift.io/v1',
  kind: 'ImageTagMirrorSet',
  metadata: { name: 'tags' },
  spec: { imageTagMirrors: [{ source: 'quay.io/tags', mirrors: ['mirror.example/tags'] }] },
});

type Options = Parameters<typeof makeNode>[0];

function open(t: ExecutionContext, options: Options & { settings?: Partial<Settings> } = {}): ScratchNode {
  const node = makeNode({ ...options, settings: { apply: 'safe', ...options.settings } });
  t.teardown(() => node.dispose());
  node.write('/etc/containers/registries.conf', own);
  return node;
}

test('on first contact the own file is in force: what is safe is laid over it, a tag mirror waits', async (t) => {
  const node = open(t);
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  node.write(tags, tagMirrorSet);
  const { outcome, plan } = await node.apply();
  t.is(outcome, 'applied');
  t.regex(node.conf() ?? '', /own\.example[^]*mirror\.example\/team/);
  t.notRegex(node.conf() ?? '', /tags/);
  t.deepEqual(
    plan?.parked.map(({ sentence }) => sentence),
    ['quay.io/tags: added with tag mirror mirror.example/tags'],
  );
});

test('where nothing is safe, nothing is written on first contact, not even the baseline', async (t) => {
  const node = open(t);
  node.write(tags, tagMirrorSet);
  t.is((await node.apply()).outcome, 'parked');
  t.is(node.conf(), own);
  t.is(node.host.baseline.read().state, 'none');
  t.deepEqual(node.host.generations.list(), []);
});

test('what waits goes on waiting, at each look, and is made by the command', async (t) => {
  const node = open(t);
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.remove(a);
  const before = node.conf();
  for (let look = 0; look < 3; look += 1) {
    const { outcome, plan } = await node.apply();
    t.deepEqual([outcome, plan?.parked.length], ['parked', 1]);
    t.is(node.conf(), before);
  }
  t.is((await node.apply(command)).outcome, 'applied');
  t.is(node.conf(), own);
  t.is((await node.apply()).outcome, 'unchanged');
});

test('a mirror that takes the place of another comes at once, and the other one goes by the command', async (t) => {
  const node = open(t);
  node.write(a, digestMirrorSet('quay.io/team', 'old.example/team'));
  await node.apply();
  node.write(a, digestMirrorSet('quay.io/team', 'new.example/team'));
  t.is((await node.apply()).outcome, 'applied');
  t.regex(node.conf() ?? '', /new\.example\/team[^]*old\.example\/team/);
  t.is((await node.apply()).outcome, 'parked');
  t.is((await node.apply(command)).outcome, 'applied');
  t.notRegex(node.conf() ?? '', /old\.example/);
});

test('the same policies give the same bytes as under apply = "all", once nothing waits', async (t) => {
  const [cautious, other] = [open(t), open(t, { settings: { apply: 'all' } })];
  for (const node of [cautious, other]) {
    node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
    node.write(tags, tagMirrorSet);
    await node.apply();
    await node.apply(command);
  }
  t.is(cautious.conf(), other.conf());
});

test('a file that is gone is put back as it was, what waited still waiting', async (t) => {
  const node = open(t);
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  node.write(tags, tagMirrorSet);
  await node.apply(command);
  node.remove(tags);
  const before = node.conf();
  t.is((await node.apply()).outcome, 'parked');
  node.remove('/etc/containers/registries.conf');
  const { outcome, plan } = await node.apply();
  t.deepEqual([outcome, plan?.disk, plan?.parked.length], ['applied', 'missing', 1]);
  t.is(node.conf(), before);
});

test('an edit that is to be overwritten gives way to the file before it, not to what waits', async (t) => {
  const node = open(t, { settings: { drift: 'overwrite' } });
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.write(tags, tagMirrorSet);
  const before = node.conf();
  appendFileSync(node.agent.paths.registriesConf, '\n[[registry]]\nlocation = "by-hand.example"\n');
  t.is((await node.apply()).outcome, 'applied');
  t.is(node.conf(), before);
});

test('an edit that stays as it is refuses the command too', async (t) => {
  const node = open(t);
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.write(tags, tagMirrorSet);
  appendFileSync(node.agent.paths.registriesConf, '\n[[registry]]\nlocation = "by-hand.example"\n');
  t.is((await node.apply(command)).outcome, 'refused');
  t.is((await node.apply({ ...command, discardDrift: true })).outcome, 'applied');
  t.regex(node.conf() ?? '', /tags/);
});

test('whoever copies the baseline over the file to be rid of everything, gets back what is safe alone', async (t) => {
  const node = open(t);
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  node.write(tags, tagMirrorSet);
  await node.apply(command);
  cpSync(node.agent.paths.baseline, node.agent.paths.registriesConf);
  t.is((await node.apply()).outcome, 'applied');
  t.notRegex(node.conf() ?? '', /tags/);
  t.regex(node.conf() ?? '', /mirror\.example\/team/);
});

test('a restore is an order, whatever it changes; when its time is over, what is risky waits', async (t) => {
  const clock = makeFakeClock();
  const node = open(t, { clock });
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply(command);
  node.write(tags, tagMirrorSet);
  await node.apply(command);
  t.is((await node.apply({ hold: { goal: 'previous', forMs: 1_000 } })).outcome, 'applied');
  t.notRegex(node.conf() ?? '', /tags/);
  const held = await node.apply();
  t.deepEqual([held.outcome, held.plan?.parked], ['held', []]);
  clock.advance(2_000);
  t.is((await node.apply()).outcome, 'parked');
  t.notRegex(node.conf() ?? '', /tags/);
  t.is((await node.apply(command)).outcome, 'applied');
  t.regex(node.conf() ?? '', /tags/);
});

test('a safe part that CRI-O refuses is taken back, and not tried again; the command tries the whole', async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  const before = node.conf();
  const good = crio.answer;
  crio.answer = [refusal(node)];
  node.write(b, digestMirrorSet('quay.io/other', 'mirror.example/other'));
  node.write(tags, tagMirrorSet);
  t.is((await node.apply()).outcome, 'rolled-back');
  crio.answer = good;
  t.is((await node.apply()).outcome, 'rolled-back');
  t.is(node.conf(), before);
  t.is((await node.apply(command)).outcome, 'applied');
  t.regex(node.conf() ?? '', /other[^]*tags/);
});

test('a reload that is owed is made while other changes wait', async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  crio.state = { ...crio.state, active: 'inactive' };
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  node.write(tags, tagMirrorSet);
  t.is((await node.apply()).proof, 'pending');
  crio.state = { ...crio.state, active: 'active' };
  const { proof, plan } = await node.apply();
  t.deepEqual([proof, plan?.parked.length], ['applied', 1]);
  t.is((await node.apply()).outcome, 'parked');
});

test('tables that stay in force keep the record of where they come from', async (t) => {
  const node = open(t);
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  node.remove(a);
  node.write(b, digestMirrorSet('quay.io/other', 'mirror.example/other'));
  const { record } = await node.apply();
  t.like(record?.origins, {
    'quay.io/team': [{ file: `${node.root}${a}` }],
    'quay.io/other': [{ file: `${node.root}${b}` }],
  });
});

test('an older CRI-O gets what is in force in its own words, and nothing that waits', async (t) => {
  const crio = makeCrio();
  const node = open(t, { crio });
  node.write(a, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await node.apply();
  crio.version = () => Promise.resolve('1.24.6');
  node.write(tags, tagMirrorSet);
  node.write(b, digestMirrorSet('quay.io/team', 'new.example/team'));
  await node.apply();
  t.notRegex(node.conf() ?? '', /pull-from-mirror|tags/);
  t.regex(node.conf() ?? '', /mirror-by-digest-only = true/);
});

test('a new baseline is taken as it is; of policies the same stays in force, and what waited goes on waiting', async (t) => {
  const node = open(t, { settings: { drift: 'layer' } });
  const newTags = '/etc/icsp.d/new-tags.json';
  node.write(tags, tagMirrorSet);
  await node.apply(command);
  node.write(newTags, tagMirrorSet.replaceAll('quay.io/tags', 'quay.io/new'));
  t.is((await node.apply()).outcome, 'parked');
  node.write(
    '/etc/containers/registries.conf',
    'unqualified-search-registries = ["new.example"]\n[[registry]]\nlocation = "bad.example"\nblocked = true\n',
  );
  const { outcome, plan } = await node.apply();
  t.deepEqual([outcome, plan?.parked.map(({ scope }) => scope)], ['applied', ['quay.io/new']]);
  t.regex(node.conf() ?? '', /new\.example[^]*bad\.example"\nblocked = true[^]*quay\.io\/tags/);
  t.notRegex(node.conf() ?? '', /quay\.io\/new/);
  t.is((await node.apply()).outcome, 'parked');
  t.is((await node.apply(command)).outcome, 'applied');
  t.regex(node.conf() ?? '', /quay\.io\/new/);
});

const closings: readonly (readonly [title: string, before: string, after: string, sentence: string])[] = [
  [
    'a registry that is to be blocked',
    digestMirrorSet('quay.io/team', 'mirror.example/team'),
    JSON.stringify({
      apiVersion: 'config.openshift.io/v1',
      kind: 'Image',
      metadata: { name: 'cluster' },
      spec: { registrySources: { blockedRegistries: ['quay.io/bad'] } },
    }),
    '"quay.io/bad" should be blocked and is not, since the registries.conf in force is not the one that policies ask for',
  ],
  [
    'a source that should never be contacted',
    tagMirrorSet,
    tagMirrorSet.replace('"source"', '"mirrorSourcePolicy":"NeverContactSource","source"'),
    '"quay.io/tags" should never be contacted and may be, since the registries.conf in force is not the one that policies ask for',
  ],
  [
    'a mirror that should serve digests only',
    tagMirrorSet,
    digestMirrorSet('quay.io/tags', 'mirror.example/tags'),
    'the mirror "mirror.example/tags" of "quay.io/tags" should serve digests only and serves tags of "quay.io/tags", since the registries.conf in force says so',
  ],
];

for (const [title, before, after, sentence] of closings) {
  test(`${title} is an error while that waits, and no more once the command made it so`, async (t) => {
    const node = open(t);
    node.write(a, before);
    await node.apply(command);
    node.write(a, after);
    const { plan } = await node.apply();
    const errors = plan?.findings.filter(({ severity }) => severity === 'error') ?? [];
    t.deepEqual(
      errors.map(({ id, message }) => [id, message]),
      [['ICSP127', sentence]],
    );
    t.regex(errors[0]?.file ?? '', /a\.json$/);
    const { plan: made } = await node.apply(command);
    t.deepEqual(made?.findings.filter(({ severity }) => severity === 'error') ?? [], []);
  });
}
