// What the host does to icspd: journald goes, disks are full, directories are exchanged. It stays up, says so, and catches up.
import test from 'ava';
import { countReloads } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, recordOnDisk, untilInForce, untilOutcome } from '../icspd.ts';
import { mark, untilMessage } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish, pulledFrom } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const image = 'quay.example.org/team/hello';
let digest: string;
let pid: string;

/** The text of the one policy, which points to a registry by one of its names: `a` to `d`. */
function mirrorAt(name: string): string {
  return digestMirrorSet('team', 'quay.example.org/team', `${name}.${address('mirror')}/team`);
}

async function pullsFrom(): Promise<string | undefined> {
  return pulledFrom(system(), `${image}@${digest}`);
}

async function untilAt(name: string): Promise<string> {
  return untilInForce(system(), `${name}.${address('mirror')}/team`);
}

async function mainPid(): Promise<string> {
  return system().must('systemctl', 'show', '--value', '--property=MainPID', 'icspd');
}

test('icspd is set up to look often', async (t) => {
  digest = await publish(system(), 'mirror', 'team/hello', '1');
  system().write('/etc/icspd/icspd.conf', 'resync = "2s"\n[reload]\ntimeout = "10s"\n');
  await system().must('systemctl', 'restart', 'icspd');
  pid = await mainPid();
  putPolicy(system(), 'team.yaml', mirrorAt('a'));
  await untilAt('a');
  t.is(await pullsFrom(), 'a');
});

test('journald hangs: the file is written and loaded, only its proof is missing', async (t) => {
  await system().must('systemctl', 'kill', '--signal=STOP', 'systemd-journald');
  putPolicy(system(), 'team.yaml', mirrorAt('b'));
  t.is(await untilAt('b'), 'none');
  await system().must('systemctl', 'kill', '--signal=CONT', 'systemd-journald');
  t.is(await until('the registry answers', pullsFrom), 'b');
});

test('journald is killed, and started anew: later proofs are found, and the log goes on', async (t) => {
  await system().must('systemctl', 'kill', '--signal=KILL', 'systemd-journald');
  await until(
    'journald is back',
    async () => (await system().run(['systemctl', 'is-active', 'systemd-journald'])).stdout === 'active',
  );
  const before = await mark(system());
  putPolicy(system(), 'team.yaml', mirrorAt('c'));
  await untilOutcome(system(), before, 'applied');
  t.is(recordOnDisk(system())?.proof, 'applied');
  t.is(await pullsFrom(), 'c');
  t.is(await mainPid(), pid);
});

test('the directory of the policies is exchanged for another one: what is in that one counts', async (t) => {
  system().write('/etc/icsp.d.new/team.yaml', mirrorAt('d'));
  await system().must('bash', '-c', 'mv /etc/icsp.d /etc/icsp.d.old && mv /etc/icsp.d.new /etc/icsp.d');
  await untilAt('d');
  t.is(await pullsFrom(), 'd');
});

test('and it is watched: a change in it is noticed, and so it is in one that was made anew', async (t) => {
  putPolicy(system(), 'team.yaml', mirrorAt('a'));
  await untilAt('a');
  await system().must('rm', '-r', '/etc/icsp.d');
  putPolicy(system(), 'team.yaml', mirrorAt('b'));
  await untilAt('b');
  t.is(await pullsFrom(), 'b');
});

test('without the directory of its policies what they gave stays in force', async (t) => {
  await system().must('rm', '-r', '/etc/icsp.d');
  await until('it is told', async () => (await icspd(system(), 'status')).exitCode === 1);
  t.is(await pullsFrom(), 'b');
  putPolicy(system(), 'team.yaml', mirrorAt('c'));
  await untilAt('c');
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

/** Puts a small file system over a directory, with the same content, and fills it up. */
async function fill(directory: string): Promise<void> {
  await system().must('systemctl', 'stop', 'icspd');
  const script = `cp -a ${directory} /run/kept && mount -t tmpfs -o size=512k,mode=755 small ${directory} && cp -a /run/kept/. ${directory} && rm -r /run/kept`;
  await system().must('bash', '-c', script);
  await system().must('systemctl', 'start', 'icspd');
  await system().run(['bash', '-c', `cat /dev/zero >${directory}/.ballast`]);
}

for (const [directory, name, old] of [
  ['/etc/containers', 'd', 'c'],
  ['/var/lib/icspd', 'a', 'd'],
] as const) {
  test(`no space is left in ${directory}: nothing is written, CRI-O is not reloaded, and it is told`, async (t) => {
    await fill(directory);
    pid = await mainPid();
    const before = await mark(system());
    const text = system().read(REGISTRIES_CONF);
    putPolicy(system(), 'team.yaml', mirrorAt(name));
    await untilMessage(system(), before, 'icspd', /ICSP301/);
    t.is(system().read(REGISTRIES_CONF), text);
    t.is(await pullsFrom(), old);
    t.is(await countReloads(system(), before), 0);
  });

  test(`with space in ${directory} again, the policy counts, and nobody has to ask for it`, async (t) => {
    await system().must('rm', `${directory}/.ballast`);
    await untilAt(name);
    t.is(await pullsFrom(), name);
    t.is(await mainPid(), pid);
    t.is((await icspd(system(), 'status')).exitCode, 0);
  });
}

test('journald is stopped and started again: icspd lives on and writes; started anew, it has a log and proofs again', async (t) => {
  const units = ['systemd-journald.socket', 'systemd-journald-dev-log.socket', 'systemd-journald.service'];
  const before = await mark(system());
  pid = await mainPid();
  await system().must('systemctl', 'stop', ...units);
  putPolicy(system(), 'team.yaml', mirrorAt('b'));
  await until('it is written', () => system().read(REGISTRIES_CONF)?.includes('b.mirror'));
  await system().must('systemctl', 'start', ...units);
  // What CRI-O, the registries and icspd write to is gone for good, as is what they said there.
  t.is(await untilAt('b'), 'none');
  t.is(await mainPid(), pid);
  await system().must('systemctl', 'restart', 'registry@mirror', 'registry@origin', 'crio', 'icspd');
  putPolicy(system(), 'team.yaml', mirrorAt('c'));
  t.is(await untilAt('c'), 'applied');
  await untilOutcome(system(), before, 'applied');
  t.is(await pullsFrom(), 'c');
});
