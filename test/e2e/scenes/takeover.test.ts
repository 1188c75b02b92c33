// Others write to the node as well, and operators decide while the daemon runs: what CRI-O pulls shows who was heard.
import test from 'ava';
import { pull } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, untilApplied, untilOutcome } from '../icspd.ts';
import { mark, messages } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const mirror = address('mirror');
const digests = new Map<string, string>();

/** A file as Ansible would write it: complete, and not ours. */
function ansibleFile(source: string): string {
  return `# Ansible managed\n[[registry]]\nlocation = "${source}"\n[[registry.mirror]]\nlocation = "${mirror}/${source.split('/').at(-1) ?? ''}"\n`;
}

async function pulls(name: string): Promise<boolean> {
  return (await pull(system(), `quay.example.org/${name}/hello@${digests.get(name) ?? ''}`)).ok;
}

async function setSettings(text: string): Promise<void> {
  system().write('/etc/icspd/icspd.conf', text);
  await system().must('systemctl', 'reload', 'icspd');
}

test('what was held while the daemon ran stays in force, whatever the policies say', async (t) => {
  for (const name of ['team', 'other', 'ansible', 'later'])
    digests.set(name, await publish(system(), 'mirror', `${name}/hello`, '1'));
  const before = await mark(system());
  putPolicy(system(), 'team.yaml', digestMirrorSet('team', 'quay.example.org/team', `${mirror}/team`));
  await untilApplied(system(), before, `${mirror}/team`);
  await untilOutcome(system(), before, 'applied');
  const { exitCode, stderr } = await icspd(system(), 'hold', '--for', '8h', '--reason', 'freeze');
  t.is(exitCode, 0, stderr);
  const held = system().read(REGISTRIES_CONF);
  const later = await mark(system());
  putPolicy(system(), 'other.yaml', digestMirrorSet('other', 'quay.example.org/other', `${mirror}/other`));
  await untilOutcome(system(), later, 'held');
  t.is(system().read(REGISTRIES_CONF), held);
  t.true(await pulls('team'));
  t.false(await pulls('other'));
  t.is((await icspd(system(), 'resume')).exitCode, 0);
  t.true(await pulls('other'));
});

test('restore N goes back to that generation, and history says by whom and why', async (t) => {
  const { exitCode, stderr } = await icspd(system(), 'restore', '1', '--reason', 'other is broken');
  t.is(exitCode, 0, stderr);
  t.false(await pulls('other'));
  t.true(await pulls('team'));
  t.regex((await icspd(system(), 'history')).stdout, /other is broken/);
  t.is((await icspd(system(), 'resume')).exitCode, 0);
});

test('drift = layer: the file of Ansible counts, and the policies above it', async (t) => {
  await setSettings('drift = "layer"\n');
  const before = await mark(system());
  system().write(REGISTRIES_CONF, ansibleFile('quay.example.org/ansible'));
  await untilOutcome(system(), before, 'applied');
  t.true(await pulls('ansible'));
  t.true(await pulls('team'));
  t.regex(system().read('/etc/icspd/baseline.conf') ?? '', /Ansible managed/);
  t.regex((await messages(system(), before, 'icspd')).join('\n'), /layered/);
});

test('adopt takes an edit by hand over, while the daemon runs', async (t) => {
  await setSettings('');
  const before = await mark(system());
  const edit = `\n[[registry]]\nlocation = "quay.example.org/later"\n[[registry.mirror]]\nlocation = "${mirror}/later"\n`;
  system().write(REGISTRIES_CONF, `${system().read(REGISTRIES_CONF) ?? ''}${edit}`);
  await untilOutcome(system(), before, 'refused');
  const { exitCode, stderr, stdout } = await icspd(system(), 'adopt');
  t.is(exitCode, 0, `${stdout}${stderr}`);
  await until('it can be pulled', () => pulls('later'));
  t.true(await pulls('team'));
  t.regex(system().read('/etc/icspd/baseline.conf') ?? '', /later/);
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

test('apply = safe: a blocked source waits for the operator, and its node says that it is unprotected', async (t) => {
  await setSettings('apply = "safe"\n');
  const before = await mark(system());
  const never = digestMirrorSet('team', 'quay.example.org/team', `${mirror}/nowhere`, 'NeverContactSource');
  putPolicy(system(), 'team.yaml', never);
  await untilOutcome(system(), before, 'parked');
  t.true(await pulls('team'));
  t.is((await icspd(system(), 'status')).exitCode, 2);
  t.is((await icspd(system(), 'apply')).exitCode, 0);
  t.false(await pulls('team'));
});
