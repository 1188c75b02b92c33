// An apply is cut off at each of its steps, by a kill, a restart or a reboot: the file is whole, and what was owed is done.
import { type FSWatcher, readFileSync, watch, writeFileSync } from 'node:fs';
import test from 'ava';
import { countReloads } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, status, untilInForce } from '../icspd.ts';
import { mark, messages } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish, pulledFrom } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const image = 'quay.example.org/team/hello';
let digest: string;
let isA = false;

/** Points the one policy to the other one of two names of the registry; gives that name. */
function putOtherMirror(): string {
  isA = !isA;
  const name = isA ? 'a' : 'b';
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${name}.${address('mirror')}/team`),
  );
  return name;
}

async function pullsFrom(): Promise<string | undefined> {
  return pulledFrom(system(), `${image}@${digest}`);
}

async function untilAt(name: string): Promise<void> {
  await untilInForce(system(), `${name}.${address('mirror')}/team`);
  await until(`CRI-O pulls from ${name}`, async () => (await pullsFrom()) === name);
}

/** Nothing but whole files, and nothing of an apply beside them. */
async function leftovers(): Promise<string> {
  return system().must('find', '/etc/containers', '-maxdepth', '1', '-name', '.*', '-type', 'f');
}

/** The steps of an apply, by the first thing on disk that tells of them. */
const steps = {
  'before the record': ['/etc/icsp.d', /^team\.yaml$/],
  'with the record': ['/var/lib/icspd/v1/generations', /^\d+$/],
  'while the new file is written': ['/etc/containers', /^\.registries\.conf\.icspd-(?!previous)/],
  'before the rename': ['/etc/containers', /^\.registries\.conf\.icspd-previous$/],
  'after the rename, before the reload': ['/etc/containers', /^registries\.conf$/],
  'after the proof, before the end': ['/var/lib/icspd/v1', /^\.?current/],
} as const satisfies Record<string, readonly [string, RegExp]>;

/** Does something at once when a step of the next apply is reached; from outside, where no command has to be started. */
function atStep([directory, name]: readonly [string, RegExp], act: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher: FSWatcher = watch(system().outside(directory), (_, file) => {
      if (file === null || !name.test(file)) return;
      watcher.close();
      clearTimeout(late);
      act();
      resolve();
    });
    const late = setTimeout(() => {
      watcher.close();
      reject(new Error(`no step in ${directory}`));
    }, 15_000);
  });
}

/** Kills icspd with all that it started, by its cgroup: in one write. */
function killIcspd(): void {
  writeFileSync(system().outside('/sys/fs/cgroup/system.slice/icspd.service/cgroup.kill'), '1');
}

test('icspd is set up, and comes back soon', async (t) => {
  digest = await publish(system(), 'mirror', 'team/hello', '1');
  system().write('/etc/systemd/system/icspd.service.d/soon.conf', '[Service]\nRestartSec=100ms\n');
  await system().must('systemctl', 'daemon-reload');
  const name = putOtherMirror();
  await untilAt(name);
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

for (const [words, step] of Object.entries(steps)) {
  test(`killed ${words}: it comes back and ends what it began`, async (t) => {
    const old = system().read(REGISTRIES_CONF);
    const pid = await system().must('systemctl', 'show', '--value', '--property=MainPID', 'icspd');
    let atKill: string | undefined;
    const killed = atStep(step, () => {
      killIcspd();
      atKill = readFileSync(system().outside(REGISTRIES_CONF), 'utf8');
    });
    const name = putOtherMirror();
    await killed;
    await untilAt(name);
    t.not(await system().must('systemctl', 'show', '--value', '--property=MainPID', 'icspd'), pid);
    t.true(atKill === old || atKill === system().read(REGISTRIES_CONF));
    t.is(await leftovers(), '');
    t.is((await icspd(system(), 'status')).exitCode, 0);
  });
}

test('restarted right after a policy came: it stops and starts in time, and the policy counts', async (t) => {
  for (const delayMs of [80, 200]) {
    const name = putOtherMirror();
    const { exitCode, stderr } = await system().run(
      ['bash', '-c', `sleep ${delayMs / 1000}; exec systemctl restart icspd`],
      { timeoutMs: 10_000 },
    );
    t.is(exitCode, 0, stderr);
    await untilAt(name);
  }
});

test('restarted with a reload that is due: it starts at once, and CRI-O is reloaded after that', async (t) => {
  const theirs = '/etc/containers/registries.conf.d/50-theirs.conf';
  const before = await mark(system());
  system().write(theirs, '[[registry]]\nlocation = "https://registry.example.net"\n');
  const name = putOtherMirror();
  await until('the reload is due', async () => (await status(system())).outcome === 'degraded');
  await system().must('systemctl', 'stop', 'icspd');
  system().remove(theirs);
  const { exitCode, stderr } = await system().run(['systemctl', 'start', 'icspd'], { timeoutMs: 10_000 });
  t.is(exitCode, 0, stderr);
  await untilAt(name);
  t.true((await countReloads(system(), before)) >= 2);
});

for (const words of [
  'with the record',
  'before the rename',
  'after the rename, before the reload',
] as const) {
  test(`the node goes down at once ${words}: CRI-O starts on the new file`, async (t) => {
    let crashed: Promise<void> | undefined;
    const reached = atStep(steps[words], () => {
      crashed = system().crash();
    });
    const name = putOtherMirror();
    await reached;
    await crashed;
    t.is(await pullsFrom(), name);
    await untilAt(name);
    t.is(await leftovers(), '');
    t.is((await icspd(system(), 'status')).exitCode, 0);
  });
}

test('an orderly reboot in the middle of an apply: CRI-O starts on the new file', async (t) => {
  const before = await mark(system());
  let rebooted: Promise<void> | undefined;
  const reached = atStep(steps['with the record'], () => {
    rebooted = system().reboot();
  });
  const name = putOtherMirror();
  await reached;
  await rebooted;
  t.is(await pullsFrom(), name);
  await untilAt(name);
  const words = await messages(system(), before, 'icspd');
  t.deepEqual(
    words.filter((line) => /timed? out|failed/i.test(line)),
    [],
  );
});
