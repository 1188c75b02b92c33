// The unit that the package brings: tightly confined, and still able to do its work wherever it starts.
import test from 'ava';
import {
  REGISTRIES_CONF,
  type Status,
  icspd,
  putPolicy,
  removePolicy,
  status,
  untilOutcome,
} from '../icspd.ts';
import { mark, messages, untilMessage } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();

async function show(property: string): Promise<string> {
  return system().must('systemctl', 'show', '--value', `--property=${property}`, 'icspd');
}

test('systemd finds little to expose', async (t) => {
  const report = await system().must('systemd-analyze', 'security', '--no-pager', 'icspd.service');
  const [, level] = /Overall exposure level for icspd\.service: ([\d.]+)/.exec(report) ?? [];
  t.true(Number(level) <= 1.1, `exposure level ${level ?? 'unknown'}`);
});

test('nothing in the system could move the clock of the machine', async (t) => {
  const bounds = await system().must('grep', '-h', '^CapBnd:', '/proc/1/status', '/proc/self/status');
  const sets = [...bounds.matchAll(/[0-9a-f]{16}/g)].map(([set]) => BigInt(`0x${set}`));
  t.is(sets.length, 2);
  const [sysAdmin, sysTime] = [1n << 21n, 1n << 25n];
  for (const set of sets) t.deepEqual([(set & sysAdmin) !== 0n, (set & sysTime) !== 0n], [true, false]);
});

test('a reload checks the policies, and reads them again', async (t) => {
  const before = await mark(system());
  const pid = await show('MainPID');
  putPolicy(system(), 'wrong.yaml', digestMirrorSet('wrong', 'https://quay.example.org', address('mirror')));
  await system().must('systemctl', 'reload', 'icspd');
  await until('the finding is in the journal', async () =>
    (await messages(system(), before, 'icspd')).some((line) => /wrong\.yaml:6:\d+: error ICSP031/.test(line)),
  );
  t.is(await show('MainPID'), pid);
  system().remove('/etc/icsp.d/wrong.yaml');
});

test('settings that cannot be used at a reload: those in force stay, which is said once; at a start they end it with 78', async (t) => {
  const conf = '/etc/icspd/icspd.conf';
  const own = system().read(conf) ?? '';
  const [before, pid] = [await mark(system()), await show('MainPID')];
  system().write(conf, 'drift = "leyer"\n');
  await system().must('systemctl', 'reload', 'icspd');
  await untilMessage(system(), before, 'icspd', /icspd\.conf cannot be used; the settings in force stay/);
  putPolicy(
    system(),
    'meanwhile.yaml',
    digestMirrorSet('meanwhile', 'quay.example.org/meanwhile', `${address('mirror')}/meanwhile`),
  );
  await untilOutcome(system(), before, 'applied');
  t.regex(system().read(REGISTRIES_CONF) ?? '', /meanwhile/);
  t.is(await show('MainPID'), pid);
  const told = (await messages(system(), before, 'icspd')).filter((line) => line.includes('error ICSP403'));
  // The check that the reload begins with tells it, too.
  t.is(told.filter((line) => line.includes('; help: ')).length, 1, told.join('\n'));
  const published = JSON.parse(system().read('/run/icspd/status.json') ?? '') as { readonly health: string };
  t.is(published.health, 'attention');
  t.regex((await icspd(system(), 'status')).stdout, /^attention: setting "drift"/);

  await system().run(['systemctl', 'restart', 'icspd']);
  t.deepEqual([await show('ExecMainStatus'), await show('ActiveState')], ['78', 'failed']);
  t.is(await system().must('systemctl', 'is-active', 'crio'), 'active');
  system().write(conf, own);
  await system().must('systemctl', 'start', 'icspd');
  t.is(await show('ActiveState'), 'active');
  const later = await mark(system());
  removePolicy(system(), 'meanwhile.yaml');
  await untilOutcome(system(), later, 'applied');
});

test('it stops in order, whatever it is doing', async (t) => {
  const before = await mark(system());
  await system().must('systemctl', 'restart', 'icspd');
  await system().must('systemctl', 'stop', 'icspd');
  t.is(await show('Result'), 'success');
  const words = await messages(system(), before, 'icspd');
  t.deepEqual(
    words.filter((line) => /failed/i.test(line)),
    [],
  );
});

test('it starts where there is no /etc/containers yet, and makes it when there is something to write', async (t) => {
  await system().must('systemctl', 'stop', 'crio', 'icspd');
  await system().must('mv', '/etc/containers', '/etc/containers.away');
  const before = await mark(system());
  await system().must('systemctl', 'start', 'icspd');
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`),
  );
  await untilOutcome(system(), before, 'applied');
  t.is(
    await system().must('stat', '--format=%a %U', '/etc/containers', REGISTRIES_CONF),
    '755 root\n644 root',
  );
});

test('it starts anew where somebody puts another directory in the place of /etc/containers, and goes on', async (t) => {
  const before = await mark(system());
  const pid = await show('MainPID');
  await system().must(
    'sh',
    '-c',
    'mv /etc/containers /etc/containers.old && cp -a /etc/containers.old /etc/containers',
  );
  putPolicy(
    system(),
    'after.yaml',
    digestMirrorSet('after', 'quay.example.org/after', `${address('mirror')}/a`),
  );
  await untilOutcome(system(), before, 'applied');
  t.not(await show('MainPID'), pid);
  t.regex(system().read(REGISTRIES_CONF) ?? '', /quay\.example\.org\/after/);
});

test('metrics are there, and say that a newer policy waits for an icspd that is not there', async (t) => {
  const waiting = async (): Promise<string> => {
    await system().must('systemctl', 'start', 'icspd-waiting.service');
    return (
      /^icspd_policy_waiting (\d)$/m.exec(system().read('/run/icspd/icspd-waiting.prom') ?? '')?.[1] ?? 'none'
    );
  };
  t.regex(system().read('/run/icspd/icspd.prom') ?? '', /^icspd_info\{/m);
  t.is(await waiting(), '0');
  await system().must('systemctl', 'stop', 'icspd');
  t.is(await waiting(), '0');
  putPolicy(
    system(),
    'late.yaml',
    digestMirrorSet('late', 'quay.example.org/late', `${address('mirror')}/late`),
  );
  t.is(await waiting(), '1');
  await system().must('systemctl', 'start', 'icspd');
  await until('the policy was looked at', async () => (await waiting()) === '0');
});

test('a user without any right is told what is in force, by the file that the daemon leaves for everybody', async (t) => {
  const asNobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--bounding-set=-all'];
  const published = JSON.parse(await system().must(...asNobody, 'cat', '/run/icspd/status.json')) as Status;
  const own = await status(system());
  t.deepEqual([published.outcome, published.proof], [own.outcome, own.proof]);
  t.is(own.outcome, 'applied');
  const [told, known] = [
    await system().run([...asNobody, 'icspd', 'status']),
    await icspd(system(), 'status'),
  ];
  const rows = (text: string): readonly string[] =>
    text.split('\n').filter((line) => /^ {2}(generation|since|sha256|file) /.test(line));
  t.is(rows(told.stdout).length, 4);
  t.deepEqual(rows(told.stdout), rows(known.stdout));
  t.deepEqual([told.stdout.split(':')[0], told.exitCode], [known.stdout.split(':')[0], known.exitCode]);
});

test('journalctl -x explains what icspd did', async (t) => {
  await system().must('journalctl', '--update-catalog');
  const text = await system().must('journalctl', '--no-pager', '-x', 'ICSPD_EVENT=applied');
  t.regex(text, /Subject: registries\.conf was written, generation \d+/);
});
