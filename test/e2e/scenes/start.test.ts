// CRI-O does not start on the file in force, as after an update that reads it more strictly: nobody has to be there.
import test from 'ava';
import { pull } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, untilApplied } from '../icspd.ts';
import { type Mark, mark, messages, untilMessage } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const dropIn = '/etc/systemd/system/crio.service.d/strict.conf';
let digest: string;
let baseline: string | undefined;
let before: Mark;

/** A stand-in for a CRI-O that knows a rule more: in the words of the real one, and else the real one. */
const strictCrio = `#!/bin/bash
if [ "$1" != --version ] && grep -q quay.example.org/strict ${REGISTRIES_CONF}; then
  echo 'time="2026-01-01T00:00:00Z" level=fatal msg="validating runtime config: invalid registries: loading registries configuration \\"${REGISTRIES_CONF}\\": a rule of tomorrow"'
  exit 1
fi
exec /usr/bin/crio "$@"
`;

async function isActive(): Promise<boolean> {
  return (await system().run(['systemctl', 'is-active', 'crio'])).stdout === 'active';
}

async function updateCrio(): Promise<void> {
  system().write('/usr/local/bin/strict-crio', strictCrio);
  await system().must('chmod', '755', '/usr/local/bin/strict-crio');
  system().write(dropIn, '[Service]\nExecStart=\nExecStart=/usr/local/bin/strict-crio\nRestartSec=2\n');
  await system().must('systemctl', 'daemon-reload');
}

test('the file that CRI-O gave up on is taken back, and CRI-O starts by itself', async (t) => {
  digest = await publish(system(), 'mirror', 'team/hello', '1');
  baseline = system().read(REGISTRIES_CONF);
  const start = await mark(system());
  const strict = digestMirrorSet('strict', 'quay.example.org/strict', `${address('mirror')}/strict`);
  putPolicy(system(), 'strict.yaml', strict);
  await untilApplied(system(), start, `${address('mirror')}/strict`);
  await updateCrio();
  before = await mark(system());
  // As systemd does it after an update, with nobody who looks; icspd finds it at its next look.
  await system().run(['systemctl', 'restart', 'crio']);
  await system().must('systemctl', 'reload', 'icspd');
  await until('CRI-O is up again', isActive, 60_000);
  t.is(system().read(REGISTRIES_CONF), baseline);
});

test('the journal says what happened, and why', async (t) => {
  const line = await untilMessage(system(), before, 'icspd', /ICSP397/);
  t.regex(line, /CRI-O does not start on the file, and an earlier one is put back: .*a rule of tomorrow/);
});

test('it is not tried again, but another one is', async (t) => {
  const again = await mark(system());
  t.is((await icspd(system(), 'apply')).exitCode, 1);
  t.is(system().read(REGISTRIES_CONF), baseline);
  const team = digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`);
  putPolicy(system(), 'strict.yaml', team);
  await untilApplied(system(), again, `${address('mirror')}/team`);
  t.true((await pull(system(), `quay.example.org/team/hello@${digest}`)).ok);
});

test('at a boot, too: the file is taken back within one restart of CRI-O', async (t) => {
  const start = await mark(system());
  await system().must('rm', dropIn);
  await system().must('systemctl', 'daemon-reload');
  await system().must('systemctl', 'restart', 'crio');
  const strict = digestMirrorSet('strict', 'quay.example.org/strict', `${address('mirror')}/strict`);
  putPolicy(system(), 'z-strict.yaml', strict);
  await untilApplied(system(), start, `${address('mirror')}/strict`);
  await updateCrio();
  const off = await mark(system());
  await system().reboot();
  await until('CRI-O is up', isActive, 60_000);
  t.notRegex(system().read(REGISTRIES_CONF) ?? '', /quay\.example\.org\/strict/);
  const words = (await messages(system(), off, 'icspd')).join('\n');
  t.regex(words, /does not start on the file/);
  t.true((await pull(system(), `quay.example.org/team/hello@${digest}`)).ok);
});
