// CRI-O refuses what was written: the file is taken back before CRI-O could stumble over it at its next start.
import test from 'ava';
import { REFUSED, pull } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, untilApplied } from '../icspd.ts';
import { type Mark, mark, messages } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish } from '../registry.ts';
import { story } from '../story.ts';

const system = story();
const image = 'quay.example.org/team/hello';
let digest: string;
let good: string | undefined;
let before: Mark;

/** Runs a script of the checkout as a service, with the checkout's node, so that its words are in the journal. */
async function runAsService(name: string, script: string): Promise<void> {
  const command = `/run/checkout/node_modules/node/bin/node --no-warnings /run/checkout/test/e2e/scripts/${script}`;
  system().write(
    `/run/systemd/system/${name}.service`,
    `[Service]\nType=oneshot\nEnvironment=HOME=/root\nExecStart=${command}\n`,
  );
  await system().must('systemctl', 'daemon-reload');
  await system().must('systemctl', 'start', name);
}

test('a file that CRI-O refuses is taken back at once', async (t) => {
  digest = await publish(system(), 'mirror', 'team/hello', '1');
  const start = await mark(system());
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`),
  );
  await untilApplied(system(), start, `${address('mirror')}/team`);
  await system().must('systemctl', 'stop', 'icspd');
  good = system().read(REGISTRIES_CONF);

  putPolicy(
    system(),
    'more.yaml',
    digestMirrorSet('more', 'quay.example.org/more', `${address('mirror')}/more`),
  );
  before = await mark(system());
  await runAsService('executor', 'hand-over-broken.ts');
  t.is((await messages(system(), before, 'crio')).filter((line) => REFUSED.test(line)).length, 1);
  t.is(system().read(REGISTRIES_CONF), good);
});

test('the journal says what happened, and why', async (t) => {
  const words = (await messages(system(), before, 'executor')).join('\n');
  t.regex(words, /the outcome is rolled-back, the proof is refused/);
  t.regex(words, /CRI-O refused the file, and the previous one is put back: .*URI schemes are not supported/);
});

test('CRI-O still serves', async (t) => {
  t.true((await pull(system(), `${image}@${digest}`)).ok);
});

test('nothing is left beside the file, and CRI-O starts on it', async (t) => {
  t.is(await system().must('find', '/etc/containers', '-maxdepth', '1', '-name', '.*', '-type', 'f'), '');
  await system().must('systemctl', 'restart', 'crio');
  t.true((await pull(system(), `${image}@${digest}`)).ok);
});

test('the very same rendering is not tried again, except on request', async (t) => {
  await system().must('systemctl', 'start', 'icspd');
  t.is(system().read(REGISTRIES_CONF), good);
  t.is((await icspd(system(), 'apply')).exitCode, 1);
  const again = await mark(system());
  const { exitCode, stderr } = await icspd(system(), 'apply', '--retry');
  t.is(exitCode, 0, stderr);
  await untilApplied(system(), again, `${address('mirror')}/more`);
});
