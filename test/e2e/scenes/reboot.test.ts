// Whatever happens to the node, CRI-O starts, and it starts on the right file.
import test from 'ava';
import { APPLIED, pull } from '../crio.ts';
import { icspd, putPolicy, untilApplied } from '../icspd.ts';
import { mark, messages } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const team = digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`);
const other = digestMirrorSet('other', 'quay.example.org/other', `${address('mirror')}/other`);
const third = digestMirrorSet('third', 'quay.example.org/third', `${address('mirror')}/third`);
const digests = new Map<string, string>();

async function pulls(name: string): Promise<boolean> {
  return (await pull(system(), `quay.example.org/${name}/hello@${digests.get(name) ?? ''}`)).ok;
}

/** The monotonic microsecond at which a unit became active. */
async function activeSince(unit: string): Promise<number> {
  return Number(
    await system().must('systemctl', 'show', '--value', '--property=ActiveEnterTimestampMonotonic', unit),
  );
}

test('after a reboot CRI-O starts on the file, without a reload', async (t) => {
  for (const name of ['team', 'other', 'third'])
    digests.set(name, await publish(system(), 'mirror', `${name}/hello`, '1'));
  const before = await mark(system());
  putPolicy(system(), 'team.yaml', team);
  await untilApplied(system(), before, `${address('mirror')}/team`);
  const off = await mark(system());
  await system().reboot();
  t.true(await pulls('team'));
  t.deepEqual(
    (await messages(system(), off, 'crio')).filter((line) => APPLIED.test(line)),
    [],
  );
  t.true((await activeSince('icspd')) <= (await activeSince('crio')));
});

test('a policy that came while icspd was down is in the file before CRI-O starts', async (t) => {
  await system().must('systemctl', 'stop', 'icspd');
  putPolicy(system(), 'other.yaml', other);
  const off = await mark(system());
  await system().reboot();
  t.true(await pulls('other'));
  t.deepEqual(
    (await messages(system(), off, 'crio')).filter((line) => APPLIED.test(line)),
    [],
  );
});

test('after a crash, too', async (t) => {
  const before = await mark(system());
  putPolicy(system(), 'third.yaml', third);
  await untilApplied(system(), before, `${address('mirror')}/third`);
  await system().crash();
  t.true(await pulls('third'));
  t.true(await pulls('team'));
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

test('a killed icspd comes back, and catches up', async (t) => {
  const before = await mark(system());
  system().remove('/etc/icsp.d/third.yaml');
  await system().must('systemctl', 'kill', '--signal=KILL', 'icspd');
  await until('the third mirror is gone', async () => !(await pulls('third')), 30_000);
  t.true(await pulls('team'));
  t.is(await system().must('systemctl', 'is-active', 'icspd'), 'active');
  t.true((await messages(system(), before, 'icspd')).some((line) => line.includes('code=killed')));
});

test('an icspd that hangs at its start does not keep CRI-O from starting', async (t) => {
  system().write(
    '/etc/systemd/system/icspd.service.d/hang.conf',
    '[Service]\nExecStart=\nExecStart=/bin/sleep infinity\nTimeoutStartSec=1s\n',
  );
  await system().reboot();
  await until(
    'CRI-O is active',
    async () => (await system().run(['systemctl', 'is-active', 'crio'])).stdout === 'active',
  );
  t.true(await pulls('team'));
});
