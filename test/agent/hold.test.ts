// What an operator orders by number, or for what is in force; and to which deployment the order belongs.
import { appendFileSync, writeFileSync } from 'node:fs';
import test from 'ava';
import type { HoldOrder } from '../../src/agent/reconciliation.ts';
import { agentOf, applyMirror, mirrorOf, openAfter, own, policy } from './mirrors.ts';
import { digestMirrorSet, errorIds, makeCrio, refusal, type ScratchNode } from './scratch-node.ts';

function order(goal: HoldOrder['goal'], more: Partial<HoldOrder> = {}): { readonly hold: HoldOrder } {
  return { hold: { goal, forMs: null, force: false, ...more } };
}

test('restore N makes a new generation with the bytes of N, and holds it', async (t) => {
  const node = await openAfter(t, 'abc');
  const { outcome, hold, record } = await node.apply(order(1));
  t.deepEqual([outcome, hold?.generation, record?.number, mirrorOf(node)], ['applied', 1, 4, 'a']);
  const [newest, , , oldest] = node.host.generations.list();
  t.is(newest?.digest, oldest?.digest);
  t.is((await node.apply()).outcome, 'held');
});

test('a number that there is not, or whose file is lost, restores nothing and says which', async (t) => {
  const node = await openAfter(t, 'ab');
  const unknown = await node.apply(order(9));
  t.deepEqual([unknown.outcome, errorIds(unknown)], ['refused', ['ICSP372']]);
  t.regex(unknown.findings.at(-1)?.message ?? '', /generation 9/);
  node.remove(`/var/lib/icspd/v1/texts/${node.host.generations.read(1)?.digest ?? ''}`);
  const lost = await node.apply(order(1, { force: true }));
  t.deepEqual([lost.outcome, errorIds(lost)], ['refused', ['ICSP371']]);
  t.is(node.host.pin.read(), null);
  t.is(mirrorOf(node), 'b');
});

test('what was never in force takes --force, and what CRI-O refused as things are is not even tried by it', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'a', { crio });
  const good = crio.answer;
  crio.answer = [refusal(node)];
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  t.is((await node.apply()).outcome, 'rolled-back');
  crio.answer = good;
  const refused = await node.apply(order(2));
  t.deepEqual([refused.outcome, errorIds(refused)], ['refused', ['ICSP370']]);
  const forced = await node.apply(order(2, { force: true }));
  t.deepEqual([forced.outcome, errorIds(forced)], ['rolled-back', ['ICSP390']]);
  t.is(node.host.pin.read(), null);
  // Another CRI-O may judge otherwise: then --force lets it.
  const newer = agentOf(node, { crio: { ...crio, version: () => Promise.resolve('1.37.0') } });
  t.is((await node.applyAs(newer, order(2, { force: true }))).outcome, 'applied');
  t.is(mirrorOf(node), 'b');
});

test('hold pins what is in force, writes no generation, and the policies wait for resume', async (t) => {
  const node = await openAfter(t, 'ab');
  const { outcome, hold } = await node.apply({ ...order('in force'), reason: 'maintenance' });
  t.deepEqual([outcome, hold?.generation, hold?.reason], ['held', 2, 'maintenance']);
  t.is(node.host.generations.list().length, 2);
  t.true(node.events.some(({ name, message }) => name === 'pinned' && message.includes('generation 2')));
  node.write(policy, digestMirrorSet('quay.io/team', 'c.example/team'));
  t.is((await node.apply()).outcome, 'held');
  t.is(mirrorOf(node), 'b');
  t.is((await node.apply({ hold: 'resume' })).outcome, 'applied');
  t.is(mirrorOf(node), 'c');
});

test('hold after restore keeps what was restored, with its own reason and end', async (t) => {
  const node = await openAfter(t, 'ab');
  await node.apply({ ...order(1, { forMs: 1_000 }), reason: 'first' });
  const { hold } = await node.apply({ ...order('in force'), reason: 'second' });
  t.deepEqual([hold?.reason, hold?.until, mirrorOf(node)], ['second', null, 'a']);
});

test('hold keeps the baseline where no rule is in force', async (t) => {
  const node = await openAfter(t, 'a');
  node.remove(policy);
  await node.apply();
  const { outcome } = await node.apply(order('in force'));
  t.is(outcome, 'held');
  await node.apply();
  node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
  await node.apply();
  t.is(node.conf(), own);
});

test('hold lets a comment stand, and puts a removed file back', async (t) => {
  const node = await openAfter(t, 'a');
  appendFileSync(node.agent.paths.registriesConf, '# x\n');
  const commented = node.conf();
  t.is((await node.apply(order('in force'))).outcome, 'held');
  t.is(node.conf(), commented);
  node.remove('/etc/containers/registries.conf');
  t.is((await node.apply(order('in force'))).hold?.generation, 1);
  t.is(mirrorOf(node), 'a');
});

test('hold overwrites nothing: what somebody else wrote, or stood before icspd, is not ours to hold', async (t) => {
  const first = await openAfter(t, '');
  const untouched = await first.apply(order('in force'));
  t.deepEqual([untouched.outcome, errorIds(untouched)], ['refused', ['ICSP373']]);
  const node = await openAfter(t, 'a');
  const edited = `${node.conf() ?? ''}[[registry]]\nlocation = "by-hand.example"\n`;
  for (const text of [edited, '[[registry]]\nlocation = "by-hand.example"\n']) {
    writeFileSync(node.agent.paths.registriesConf, text);
    const { outcome } = await node.apply(order('in force'));
    t.is(outcome, 'refused');
    t.is(node.conf(), text);
    t.is(node.host.pin.read(), null);
  }
});

test('a hold is known to belong to the deployment that it was ordered in, and so is each generation', async (t) => {
  const node = await openAfter(t, '');
  const here = agentOf(node, { deployment: 'os/1.0' });
  await applyMirror(t, node, 'a', here);
  const { hold, record } = await node.applyAs(here, order('in force'));
  t.deepEqual([hold?.deployment, record?.deployment], ['os/1.0', 'os/1.0']);
  t.is((await node.applyAs(here)).outcome, 'held');
});

test('in another deployment a hold is dropped with an event, and the policies that are there count', async (t) => {
  const node = await openAfter(t, 'ab');
  await node.applyAs(agentOf(node, { deployment: 'os/1.0' }), order(1));
  const { outcome, hold } = await node.applyAs(agentOf(node, { deployment: 'os/2.0' }));
  t.deepEqual([outcome, hold, mirrorOf(node)], ['applied', null, 'b']);
  t.is(node.host.pin.read(), null);
  const dropped = node.events.find(({ name }) => name === 'pin-dropped');
  t.regex(dropped?.message ?? '', /another deployment/);
});

test('a hold from before deployments were recorded, or where there are none, stands', async (t) => {
  const node = await openAfter(t, 'ab');
  await node.apply(order(1));
  t.is((await node.applyAs(agentOf(node, { deployment: 'os/1.0' }))).outcome, 'held');
  await node.applyAs(agentOf(node, { deployment: 'os/1.0' }), order(1));
  t.is((await node.apply()).outcome, 'held');
});

test('restore --previous in another deployment does not count from the hold of the old one', async (t) => {
  const node = await openAfter(t, 'abc');
  await node.applyAs(agentOf(node, { deployment: 'os/1.0' }), order('previous'));
  await node.apply({ hold: 'resume' });
  await node.applyAs(agentOf(node, { deployment: 'os/1.0' }), order('in force'));
  const { hold } = await node.applyAs(agentOf(node, { deployment: 'os/2.0' }), order('previous'));
  t.deepEqual([mirrorOf(node), hold?.deployment], ['b', 'os/2.0']);
});

test('an order that is refused under a hold leaves that hold', async (t) => {
  const node = await openAfter(t, 'ab');
  await node.apply(order(1));
  const before = node.host.pin.read();
  for (const goal of [9, 'before upgrade'] as const) {
    const { outcome, hold } = await node.apply(order(goal));
    t.deepEqual([outcome, hold], ['refused', before]);
  }
  t.deepEqual(node.host.pin.read(), before);
});

function holdOf(node: ScratchNode): string {
  return JSON.stringify(node.host.pin.read());
}

test('a hold that a newer icspd wrote more into is obeyed, and what it wrote survives an order that CRI-O refuses', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'abc', { crio });
  await node.apply(order(2));
  node.write('/var/lib/icspd/v1/pin.json', JSON.stringify({ ...JSON.parse(holdOf(node)), wave: { of: 3 } }));
  t.is((await node.apply()).outcome, 'held');
  crio.answer = [refusal(node)];
  t.is((await node.apply(order(1))).outcome, 'rolled-back');
  t.regex(holdOf(node), /"wave":\{"of":3\}/);
});

test('the text of a hold may be lost to the history as long as the file stands', async (t) => {
  const node = await openAfter(t, 'ab');
  await node.apply(order('in force'));
  node.remove(`/var/lib/icspd/v1/texts/${node.host.pin.read()?.digest ?? ''}`);
  node.write(policy, digestMirrorSet('quay.io/team', 'c.example/team'));
  t.is((await node.apply()).outcome, 'held');
  node.remove('/etc/containers/registries.conf');
  const lost = await node.apply();
  t.deepEqual([lost.outcome, errorIds(lost)], ['refused', ['ICSP389']]);
});

test('a hold outlives the record of what it holds, as long as the file stands', async (t) => {
  const node = await openAfter(t, 'ab');
  await node.apply(order('in force'));
  node.write('/var/lib/icspd/v1/generations/2/record.json', '');
  node.write(policy, digestMirrorSet('quay.io/team', 'c.example/team'));
  // Nobody knows any more whether CRI-O took it, so that its reload is owed.
  const { outcome, hold } = await node.apply();
  t.deepEqual([outcome, hold?.generation, mirrorOf(node)], ['applied', 2, 'b']);
  t.is((await node.apply()).outcome, 'held');
});

for (const [goal, stands] of [
  ['previous', 'a'],
  ['in force', 'b'],
] as const) {
  test(`a disk that does not give back once which generation is current loses no order: ${goal}`, async (t) => {
    let reads = 0;
    let isOver = false;
    for (let failing = 1; !isOver; failing += 1) {
      const node = await openAfter(t, 'ab');
      const { generations } = node.host;
      reads = 0;
      const current: typeof generations.current = () => {
        reads += 1;
        return reads === failing ? null : generations.current();
      };
      const agent = agentOf(node, { generations: { ...generations, current } });
      const { outcome, hold } = await node.applyAs(agent, { hold: { goal, forMs: null } });
      t.true(outcome === 'applied' || outcome === 'held', `read ${failing}`);
      t.deepEqual(node.host.pin.read(), hold, `read ${failing}`);
      t.not(hold, null, `read ${failing}`);
      t.is(mirrorOf(node), stands, `read ${failing}`);
      isOver = reads < failing;
    }
    t.true(reads > 0);
  });
}

/** The disk does not give back which generation is in force: `current`, or its record. */
function withoutCurrent({ agent }: ScratchNode): ScratchNode['agent'] {
  const { host } = agent;
  let isSet = false;
  const generations = {
    ...host.generations,
    current: () => (isSet ? host.generations.current() : null),
    setCurrent(number: number | null) {
      host.generations.setCurrent(number);
      isSet = true;
    },
  };
  return { ...agent, host: { ...host, generations } };
}

test('what is in force cannot be read for once: a hold stays, of a generation as of the baseline', async (t) => {
  for (const goal of ['in force', 'previous', 'baseline'] as const) {
    const node = await openAfter(t, 'ab');
    await node.apply(order(goal));
    const [held, conf] = [node.host.pin.read(), node.conf()];
    node.write(policy, digestMirrorSet('quay.io/team', 'c.example/team'));
    const { hold } = await node.applyAs(withoutCurrent(node));
    t.deepEqual(hold, held, goal);
    t.deepEqual([node.host.pin.read(), node.conf()], [held, conf], goal);
    t.is((await node.apply()).outcome, 'held', goal);
    t.false(node.events.some(({ name }) => name === 'pin-dropped'));
  }
});

for (const when of ['before the order to resume', 'at the order to resume'] as const) {
  test(`what is in force cannot be read, ${when}: what was accepted during a hold still stands in`, async (t) => {
    const node = await openAfter(t, 'a');
    await node.apply(order('in force'));
    node.write(policy, digestMirrorSet('quay.io/team', 'b.example/team'));
    await node.apply();
    node.write(policy, '{');
    await node.apply();
    const isBefore = when === 'before the order to resume';
    if (isBefore) t.not((await node.applyAs(withoutCurrent(node))).hold, null);
    await node.applyAs(isBefore ? node.agent : withoutCurrent(node), { hold: 'resume' });
    t.is(mirrorOf(node), 'b');
  });
}
