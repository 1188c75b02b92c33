// The life of the package on a node: installed, upgraded, downgraded, rolled back with the OS, erased, installed again.
import test, { type ExecutionContext } from 'ava';
import { APPLIED, pull } from '../e2e/crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, untilApplied, untilOutcome } from '../e2e/icspd.ts';
import { type Mark, mark, messages } from '../e2e/journal.ts';
import { digestMirrorSet } from '../e2e/policies.ts';
import { address, publish } from '../e2e/registry.ts';
import { story } from '../e2e/story.ts';
import { until } from '../e2e/system.ts';
import { bootDeployment, keepDeployment } from './os.ts';
import { type Build, inside, labOs, packageOf } from './packages.ts';

const system = story({ withoutIcspd: true });
const baseline = 'unqualified-search-registries = ["origin.lab.example:8443"]\n';
const team = digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`);
const other = digestMirrorSet('other', 'quay.example.org/other', `${address('mirror')}/other`);
const byTag = [
  'apiVersion: config.openshift.io/v1',
  'kind: ImageTagMirrorSet',
  'metadata: {name: by-tag}',
  'spec:',
  '  imageTagMirrors:',
  '  - source: quay.example.org/tagged',
  `    mirrors: ["${address('mirror')}/tagged"]`,
  '',
].join('\n');
const digests = new Map<string, string>();

async function pullsByDigest(name: string): Promise<boolean> {
  return (await pull(system(), `quay.example.org/${name}/hello@${digests.get(name) ?? ''}`)).ok;
}

async function pullsByTag(): Promise<boolean> {
  return (await pull(system(), 'quay.example.org/tagged/hello:1')).ok;
}

async function upgradeTo(build: Build, ...options: readonly string[]): Promise<string> {
  return system().must('rpm', '--upgrade', ...options, inside(packageOf(build)));
}

async function stateOf(unit: string): Promise<string> {
  return system().must(
    'systemctl',
    'show',
    '--value',
    '--property=ActiveState',
    '--property=UnitFileState',
    unit,
  );
}

async function untilReady(): Promise<void> {
  await until(
    'icspd is active',
    async () => (await system().run(['systemctl', 'is-active', 'icspd'])).stdout === 'active',
  );
}

/** What `status` says at last: right after a start a proof may still be awaited. */
async function untilHealthy(t: ExecutionContext): Promise<void> {
  let said = '';
  await until('icspd is healthy', async () => {
    const { exitCode, stdout } = await icspd(system(), 'status');
    said = stdout;
    return exitCode === 0;
  }).catch(() => undefined);
  t.regex(said, /^healthy/);
}

/** Inode, time and digest: whether registries.conf was written. */
async function identity(): Promise<string> {
  const sum = await system().must('sha256sum', REGISTRIES_CONF);
  return `${await system().must('stat', '--format=%i %Y', REGISTRIES_CONF)} ${sum}`;
}

async function reloads(after: Mark): Promise<readonly string[]> {
  return (await messages(system(), after, 'crio')).filter((line) => APPLIED.test(line));
}

async function newestGeneration(): Promise<number> {
  const { stdout } = await icspd(system(), 'history', '--json');
  const { generations } = JSON.parse(stdout) as { generations: readonly { number: number }[] };
  return generations[0]?.number ?? 0;
}

/**
 * Each path of the system but those below what is named: what CRI-O, the registries, systemd and the test itself keep. Homes
 * are those of this machine, where others are at work.
 */
async function listFiles(): Promise<ReadonlySet<string>> {
  const others = [
    ...[
      '/run/checkout',
      '/run/systemd',
      '/run/crio',
      '/run/containers',
      '/run/log',
      '/run/lock',
      '/run/netns',
    ],
    ...['/var/tmp', '/var/cache', '/var/log', '/var/lib/containers', '/var/lib/crio', '/var/lib/registry'],
    ...['/var/lib/rpm', '/var/lib/icspd/v1'],
  ];
  const pruned = others.flatMap((path) => ['-path', path, '-prune', '-o']);
  const places = ['/etc', '/opt', '/run', '/srv', '/usr', '/var'];
  const found = await system().must('find', ...places, ...pruned, '-print');
  return new Set(found.split('\n'));
}

let before: ReadonlySet<string>;
const collector = '/var/lib/node_exporter/textfile_collector';

test('it installs beside nothing but the C and C++ libraries, systemd, coreutils and util-linux', async (t) => {
  for (const name of ['team', 'other'])
    digests.set(name, await publish(system(), 'mirror', `${name}/hello`, '1'));
  await publish(system(), 'mirror', 'tagged/hello', '1');
  system().write('/etc/rpm/macros', '%_dbpath /var/lib/rpm\n');
  await system().must('rm', '-rf', '/var/lib/rpm');
  system().write(REGISTRIES_CONF, baseline);
  await system().must('rpm', '--install', labOs);
  before = await listFiles();
  t.is(await upgradeTo('older'), '');
  t.is(await system().must('rpm', '--verify', 'icspd'), '');
  t.is(await system().must('icspd', '--version'), 'icspd 0.0.9');
});

test('its preset has enabled it; it was not started, and has touched nothing', async (t) => {
  t.is(await stateOf('icspd'), 'inactive\nenabled');
  t.is(system().read(REGISTRIES_CONF), baseline);
  t.is(system().read('/etc/icspd/baseline.conf'), undefined);
  t.is((await system().run(['ls', '/var/lib/icspd'])).exitCode, 2);
});

test('the next boot starts it; a policy comes, and CRI-O pulls by it', async (t) => {
  await system().reboot();
  t.is(await stateOf('icspd'), 'active\nenabled');
  t.is(system().read(REGISTRIES_CONF), baseline);
  const before = await mark(system());
  putPolicy(system(), 'team.yaml', team);
  await untilApplied(system(), before, `${address('mirror')}/team`);
  t.true(await pullsByDigest('team'));
  await untilHealthy(t);
  t.is((await system().run(['/usr/lib/greenboot/check/wanted.d/50_icspd.sh'])).exitCode, 0);
  t.is((await system().run(['ls', '/var/lib/node_exporter'])).exitCode, 2);
  await keepDeployment(system(), 'first');
});

test('an upgrade restarts it, and neither writes nor reloads', async (t) => {
  const [before, file, number] = [await mark(system()), await identity(), await newestGeneration()];
  const pid = await system().must('systemctl', 'show', '--value', '--property=MainPID', 'icspd');
  await upgradeTo('newer');
  await untilReady();
  t.not(await system().must('systemctl', 'show', '--value', '--property=MainPID', 'icspd'), pid);
  t.not(await system().must('icspd', '--version'), 'icspd 0.0.9');
  await untilHealthy(t);
  t.deepEqual(await reloads(before), []);
  t.is(await identity(), file);
  t.is(await newestGeneration(), number);
});

test('where there is a node_exporter, it finds the metrics once icspd has started', async (t) => {
  await system().must('mkdir', '-p', collector);
  await system().must('systemctl', 'restart', 'icspd');
  await until('the metrics are there', async () => {
    const { stdout } = await system().run(['cat', `${collector}/icspd.prom`]);
    return stdout.includes('icspd_');
  });
  t.is(await system().must('ls', collector), 'icspd-waiting.prom\nicspd.prom');
});

test('what only the newer one can read is used', async (t) => {
  t.false(await pullsByTag());
  const before = await mark(system());
  putPolicy(system(), 'by-tag.yaml', byTag);
  await untilApplied(system(), before, `${address('mirror')}/tagged`);
  t.true(await pullsByTag());
  await keepDeployment(system(), 'second');
});

test('after a downgrade CRI-O still pulls by it, though the older one cannot read it', async (t) => {
  const [before, file] = [await mark(system()), await identity()];
  await upgradeTo('older', '--oldpackage');
  await untilReady();
  await until('it has said what it cannot read', async () =>
    (await messages(system(), before, 'icspd')).some((line) => /by-tag\.yaml:.*ICSP012/.test(line)),
  );
  t.is(await identity(), file);
  t.deepEqual(await reloads(before), []);
  t.true(await pullsByTag());
  t.is((await icspd(system(), 'status')).exitCode, 1);
});

test('other policies are still taken in, beside it', async (t) => {
  const before = await mark(system());
  putPolicy(system(), 'other.yaml', other);
  await untilApplied(system(), before, `${address('mirror')}/other`);
  t.true(await pullsByDigest('other'));
  t.true(await pullsByTag());
});

/** The generation with what both versions gave. */
let beside: number;

test('restore --before-upgrade goes back to what the older one had', async (t) => {
  beside = await newestGeneration();
  t.is((await icspd(system(), 'restore', '--before-upgrade')).exitCode, 0);
  t.true(await pullsByDigest('team'));
  t.false(await pullsByDigest('other'));
  t.false(await pullsByTag());
  t.regex((await icspd(system(), 'status')).stdout, /^pinned/);
});

test('resume leads to the policies; what the older one cannot read is not on disk, and stays so', async (t) => {
  const before = await mark(system());
  await icspd(system(), 'resume');
  await untilApplied(system(), before, `${address('mirror')}/other`);
  t.true(await pullsByDigest('other'));
  t.true(await pullsByDigest('team'));
  t.false(await pullsByTag());
  t.regex((await icspd(system(), 'status')).stdout, /by-tag\.yaml/);
});

test('restore of the generation that had it brings it back, and a resume leaves it in force', async (t) => {
  t.is((await icspd(system(), 'restore', String(beside))).exitCode, 0);
  t.true(await pullsByTag());
  const [after, file] = [await mark(system()), await identity()];
  t.is((await icspd(system(), 'resume')).exitCode, 0);
  await until('icspd has looked again', async () =>
    (await messages(system(), after, 'icspd')).some((line) => line.includes('resumed')),
  );
  t.notRegex((await icspd(system(), 'status')).stdout, /^pinned/);
  t.is(await identity(), file);
  t.true(await pullsByTag());
  t.true(await pullsByDigest('other'));
});

test('an OS rollback needs nobody: the /etc that is booted counts, whatever /var holds', async (t) => {
  await keepDeployment(system(), 'third');
  const off = await mark(system());
  await bootDeployment(system(), 'first');
  t.is(await stateOf('icspd'), 'active\nenabled');
  await untilHealthy(t);
  t.true((await messages(system(), off, 'icspd')).some((line) => line.startsWith('rewound: ')));
  t.deepEqual(await reloads(off), []);
  t.true(await pullsByDigest('team'));
  t.false(await pullsByDigest('other'));
});

test('neither does the way forward again', async (t) => {
  const off = await mark(system());
  await bootDeployment(system(), 'second');
  t.is(await stateOf('icspd'), 'active\nenabled');
  await untilHealthy(t);
  t.true((await messages(system(), off, 'icspd')).some((line) => line.startsWith('rewound: ')));
  t.true(await pullsByTag());
  t.true(await pullsByDigest('team'));
});

test('where the Machine Config Operator owns the file, it ends at once, and is not started again', async (t) => {
  const file = await identity();
  system().write('/etc/machine-config-daemon/currentconfig', '{}');
  await system().run(['systemctl', 'restart', 'icspd']);
  const shown = ['--value', '--property=ActiveState', '--property=ExecMainStatus'];
  t.is(await system().must('systemctl', 'show', ...shown, 'icspd'), '78\nfailed');
  t.is(await identity(), file);
  await system().must('rm', '-r', '/etc/machine-config-daemon');
  await system().must('systemctl', 'start', 'icspd');
});

let number: number;

test('erased, it is stopped and gone; registries.conf stays in force, and the way back is printed', async (t) => {
  const file = await identity();
  number = await newestGeneration();
  const said = await system().must('rpm', '--erase', 'icspd');
  t.regex(said, /stays in force/);
  t.regex(
    said,
    /cp -p \/etc\/icspd\/baseline\.conf \/etc\/containers\/registries\.conf && systemctl reload crio/,
  );
  t.is((await stateOf('icspd')).trim(), 'inactive');
  t.is(await identity(), file);
  t.true(await pullsByTag());
});

test('what it leaves is the administrator’s, and the history; what was there before is there', async (t) => {
  const after = await listFiles();
  t.deepEqual(
    [...before].filter((path) => !after.has(path)),
    [],
  );
  t.deepEqual([...after].filter((path) => !before.has(path)).sort(), [
    // The policies, and the file from before icspd with which one can go back.
    '/etc/icsp.d',
    '/etc/icsp.d/by-tag.yaml',
    '/etc/icsp.d/team.yaml',
    '/etc/icspd',
    '/etc/icspd/baseline.conf',
    // The last metrics and status, until the next boot; nothing links to them any more.
    '/run/icspd',
    '/run/icspd/icspd-waiting.prom',
    '/run/icspd/icspd.prom',
    '/run/icspd/status.json',
    // Made by this test: the deployments, and the directory of a node_exporter, empty.
    '/var/first.tar',
    // The history: a later installation goes on with it.
    '/var/lib/icspd',
    '/var/lib/icspd/lock',
    '/var/lib/node_exporter',
    '/var/lib/node_exporter/textfile_collector',
    '/var/second.tar',
    '/var/third.tar',
  ]);
});

test('installed again it goes on where it was', async (t) => {
  const [before, file] = [await mark(system()), await identity()];
  await upgradeTo('newer');
  await system().must('systemctl', 'start', 'icspd');
  await untilHealthy(t);
  t.is(await identity(), file);
  t.deepEqual(await reloads(before), []);
  await untilHealthy(t);
  t.is(await newestGeneration(), number);
  const later = await mark(system());
  putPolicy(system(), 'other.yaml', other);
  await untilOutcome(system(), later, 'applied');
  t.is(await newestGeneration(), number + 1);
});

test('the way back that was printed leads to the file from before icspd', async (t) => {
  const said = await system().must('rpm', '--erase', 'icspd');
  const [, command = ''] = /^icspd: {3}(cp .*)$/m.exec(said) ?? [];
  await system().must('sh', '-c', command);
  t.is(system().read(REGISTRIES_CONF), baseline);
});
