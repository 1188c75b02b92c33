// Where restore leads, what it holds, and what it leaves alone if it does not succeed.
import fs, { appendFileSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { constants } from 'node:os';
import test from 'ava';
import type { HoldOrder, Reconciliation } from '../../src/agent/reconciliation.ts';
import { makeFakeClock } from '../fake-clock.ts';
import { mirrorOf, openAfter, own, policy } from './mirrors.ts';
import { digestMirrorSet, makeCrio, refusal, type ScratchNode } from './scratch-node.ts';

const previous: HoldOrder = { goal: 'previous', forMs: null, force: false };
const baseline: HoldOrder = { goal: 'baseline', forMs: null, force: false };

function restore(node: ScratchNode): Promise<Reconciliation> {
  return node.apply({ hold: previous });
}

test('previous is the newest file with another meaning: a comment behind the newest does not make it its own previous', async (t) => {
  const node = await openAfter(t, 'ab');
  appendFileSync(node.agent.paths.registriesConf, '# x\n');
  const { outcome, hold } = await restore(node);
  t.deepEqual([outcome, hold?.generation, mirrorOf(node)], ['applied', 1, 'a']);
});

for (const [what, lose] of [
  [
    'the text',
    (node: ScratchNode) =>
      node.remove(`/var/lib/icspd/v1/texts/${node.host.generations.read(2)?.digest ?? ''}`),
  ],
  ['the record', (node: ScratchNode) => node.write('/var/lib/icspd/v1/generations/2/record.json', '{')],
] as const) {
  test(`previous goes past a generation of which ${what} is lost, and says so`, async (t) => {
    const node = await openAfter(t, 'abc');
    lose(node);
    const { outcome, hold, findings } = await restore(node);
    t.deepEqual([outcome, hold?.generation, mirrorOf(node)], ['applied', 1, 'a']);
    const [told, ...more] = findings.filter(({ id }) => id === 'ICSP367');
    t.is(told?.message, 'generation 2 was passed over: the record or the file is gone or damaged');
    t.deepEqual(more, []);
    t.deepEqual(
      (await node.apply()).findings.filter(({ id }) => id === 'ICSP367'),
      [],
    );
  });
}

test('where nothing but lost generations lies behind, that is why there is no way back', async (t) => {
  const node = await openAfter(t, 'ab');
  node.write('/var/lib/icspd/v1/generations/1/record.json', '{');
  node.remove('/etc/icspd/baseline.conf');
  const { outcome, findings } = await restore(node);
  t.is(outcome, 'refused');
  t.true(findings.some(({ id }) => id === 'ICSP367'));
});

test('previous of an edit by hand is what was edited: restore undoes the edit, drift or not', async (t) => {
  const node = await openAfter(t, 'ab');
  const edited = (node.conf() ?? '').replace('b.example', 'z.example');
  writeFileSync(node.agent.paths.registriesConf, edited);
  t.is((await node.apply()).outcome, 'refused');
  const { outcome, hold, record } = await restore(node);
  t.deepEqual([outcome, hold?.generation, mirrorOf(node)], ['applied', 2, 'b']);
  const evidence = node.host.generations.text(record?.previousDigest ?? '');
  t.is(new TextDecoder().decode(evidence ?? new Uint8Array()), edited);
});

test('under a hold previous goes further back, past the baseline nowhere, and never forth again', async (t) => {
  const node = await openAfter(t, 'abc');
  const way: string[] = [];
  for (let i = 0; i < 4; i += 1) {
    const { outcome } = await restore(node);
    way.push(`${outcome} ${mirrorOf(node)}`);
  }
  t.deepEqual(way, ['applied b', 'applied a', 'applied -', 'refused -']);
  t.is(node.conf(), own);
  t.is((await restore(node)).findings.at(-1)?.id, 'ICSP375');
  t.is(node.host.pin.read()?.generation, null);
});

test('after a resume the way back begins anew, and does not lead through what was just left', async (t) => {
  const node = await openAfter(t, 'abc');
  await restore(node);
  t.is((await node.apply({ hold: 'resume' })).outcome, 'applied');
  t.is(mirrorOf(node), 'c');
  await restore(node);
  t.is(mirrorOf(node), 'b');
  await restore(node);
  t.is(mirrorOf(node), 'a');
});

test('an edit of the held file is undone before previous goes further back', async (t) => {
  const node = await openAfter(t, 'abc');
  await restore(node);
  writeFileSync(node.agent.paths.registriesConf, (node.conf() ?? '').replace('b.example', 'z.example'));
  await restore(node);
  t.is(mirrorOf(node), 'b');
  await restore(node);
  t.is(mirrorOf(node), 'a');
});

test('a generation whose text is lost is passed over', async (t) => {
  const node = await openAfter(t, 'abc');
  const lost = node.host.generations.list().find(({ number }) => number === 2)?.digest ?? '';
  node.remove(`/var/lib/icspd/v1/texts/${lost}`);
  await restore(node);
  t.is(mirrorOf(node), 'a');
});

const unreadable = [
  { what: 'the record', path: () => '/generations/2/record.json' },
  { what: 'the file', path: (digest: string) => `/texts/${digest}` },
] as const;
for (const { what, path } of unreadable) {
  test.serial(
    `${what} of a generation that the disk does not give back is not lost: no way back leads past it, but one that is named does`,
    async (t) => {
      const node = await openAfter(t, 'abc');
      const digest = node.host.generations.read(2)?.digest ?? '';
      const bad = node.agent.paths.schemaDir + path(digest);
      const { openSync } = fs;
      t.teardown(() => {
        fs.openSync = openSync;
        syncBuiltinESMExports();
      });
      fs.openSync = (name, ...more) => {
        if (name !== bad) return openSync(name, ...more);
        throw Object.assign(new Error('EIO'), { code: 'EIO', errno: -constants.errno.EIO, syscall: 'open' });
      };
      syncBuiltinESMExports();
      const { outcome, findings } = await restore(node);
      t.deepEqual([outcome, mirrorOf(node), node.host.pin.read()], ['refused', 'c', null]);
      const refusal = findings.find(({ id }) => id === 'ICSP300');
      t.true(refusal?.message.includes(bad));
      t.regex(refusal?.help ?? '', /icspd restore N/);
      await node.apply({ hold: { goal: 1, forMs: null, force: false } });
      t.is(mirrorOf(node), 'a');
    },
  );
}

test('where nothing was applied yet there is nothing to go back to, and nothing is held', async (t) => {
  const node = await openAfter(t, '');
  for (const hold of [previous, baseline]) {
    const { outcome, findings } = await node.apply({ hold });
    t.is(outcome, 'refused');
    t.is(findings.at(-1)?.id, 'ICSP375');
  }
  t.is(node.host.pin.read(), null);
  t.is(node.conf(), own);
});

test('a restore that CRI-O refuses holds nothing, puts the file back, and the next one passes it over', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'abc', { crio });
  const good = crio.answer;
  crio.answer = [refusal(node)];
  const { outcome, hold } = await restore(node);
  t.deepEqual([outcome, hold, mirrorOf(node)], ['rolled-back', null, 'c']);
  t.is(node.host.pin.read(), null);
  crio.answer = good;
  t.is((await node.apply()).outcome, 'unchanged');
  await restore(node);
  t.is(mirrorOf(node), 'a');
});

test('a restore that CRI-O refuses under a hold leaves that hold, to the byte', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'abc', { crio });
  await restore(node);
  const held = node.host.pin.read();
  crio.answer = [refusal(node)];
  t.is((await restore(node)).outcome, 'rolled-back');
  t.deepEqual(node.host.pin.read(), held);
  t.is(mirrorOf(node), 'b');
});

test('a restore that may not write, or cannot, holds nothing', async (t) => {
  const parked = await openAfter(t, 'ab');
  const observer = { ...parked.agent, settings: { ...parked.agent.settings, apply: 'observe' as const } };
  t.is((await parked.applyAs(observer, { hold: previous })).outcome, 'parked');
  t.is(parked.host.pin.read(), null);

  const full = (): never => {
    throw new Error('no space');
  };
  const broken = {
    ...parked.agent,
    host: { ...parked.host, target: { ...parked.host.target, replace: full } },
  };
  t.is((await parked.applyAs(broken, { hold: previous })).outcome, 'refused');
  t.is(parked.host.pin.read(), null);

  const pinless = { ...parked.agent, host: { ...parked.host, pin: { ...parked.host.pin, write: full } } };
  t.is((await parked.applyAs(pinless, { hold: previous })).outcome, 'refused');
  t.is(mirrorOf(parked), 'b');
});

test('a hold that CRI-O refuses later ends with the text, and the policies count again', async (t) => {
  const crio = makeCrio();
  const node = await openAfter(t, 'ab', { crio });
  const up = crio.state;
  crio.state = { ...up, active: 'inactive' };
  t.is((await restore(node)).proof, 'pending');
  t.is(mirrorOf(node), 'a');
  crio.state = up;
  crio.answer = [refusal(node)];
  const { outcome, hold } = await node.apply();
  t.deepEqual([outcome, hold, mirrorOf(node)], ['rolled-back', null, 'b']);
  t.true(
    node.events.some(({ name, message }) => name === 'pin-dropped' && message.includes('CRI-O refused')),
  );
  t.is((await node.apply()).outcome, 'unchanged');
});

test('resume overwrites an edit that was made while the file was held, and none that was not', async (t) => {
  const node = await openAfter(t, 'ab');
  await restore(node);
  writeFileSync(node.agent.paths.registriesConf, 'unqualified-search-registries = ["z.example"]\n');
  t.is((await node.apply()).outcome, 'refused');
  t.is((await node.apply({ hold: 'resume' })).outcome, 'applied');
  t.is(mirrorOf(node), 'b');
  writeFileSync(node.agent.paths.registriesConf, 'unqualified-search-registries = ["z.example"]\n');
  t.is((await node.apply({ hold: 'resume' })).outcome, 'refused');
});

test('a pin that cannot be read keeps everybody but the operator from going on', async (t) => {
  const node = await openAfter(t, 'ab');
  node.write('/var/lib/icspd/v1/pin.json', 'rubbish');
  t.is((await node.apply()).outcome, 'refused');
  t.is((await restore(node)).outcome, 'applied');
  node.write('/var/lib/icspd/v1/pin.json', 'rubbish');
  t.is((await node.apply({ hold: 'resume' })).outcome, 'applied');
  t.is(mirrorOf(node), 'b');
});

test('a hold stands until its time is over, whatever the policies say meanwhile', async (t) => {
  const clock = makeFakeClock();
  const node = await openAfter(t, 'ab', { clock });
  await node.apply({ hold: { goal: 'previous', forMs: 3_600_000, force: false } });
  node.write(policy, digestMirrorSet('quay.io/team', 'c.example/team'));
  clock.advance(3_599_000);
  t.is((await node.apply()).outcome, 'held');
  t.is(mirrorOf(node), 'a');
  clock.advance(1_000);
  t.is((await node.apply()).outcome, 'applied');
  t.is(mirrorOf(node), 'c');
  t.is(node.host.pin.read(), null);
});

test('another rendering on disk, as after an OS rollback, ends a hold of this deployment', async (t) => {
  const node = await openAfter(t, 'abc');
  const oldest = node.host.generations.text(node.host.generations.list().at(-1)?.digest ?? '');
  await restore(node);
  writeFileSync(node.agent.paths.registriesConf, oldest ?? '');
  t.is((await node.apply()).outcome, 'applied');
  t.is(mirrorOf(node), 'c');
  t.is(node.host.pin.read(), null);
  t.true(node.events.some(({ name }) => name === 'pin-dropped'));
});
