// Someone else's file in registries.conf.d is invalid: theirs is named, ours stays, and counts as soon as theirs is mended.
import test from 'ava';
import { REFUSED, pull } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, untilApplied, untilOutcome } from '../icspd.ts';
import { mark, untilMessage } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish } from '../registry.ts';
import { story } from '../story.ts';

const system = story();
const theirs = '/etc/containers/registries.conf.d/50-theirs.conf';
const image = 'quay.example.org/team/hello';
let digest: string;

test('our file is written and stays, though CRI-O refuses the whole', async (t) => {
  digest = await publish(system(), 'mirror', 'team/hello', '1');
  const before = await mark(system());
  system().write(theirs, '[[registry]]\nlocation = "https://registry.example.net"\n');
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`),
  );
  const refusal = await untilMessage(system(), before, 'crio', REFUSED);
  t.regex(refusal, /loading drop-in registries configuration/);
  await untilOutcome(system(), before, 'degraded');
  t.regex(system().read(REGISTRIES_CONF) ?? '', /mirror\.lab\.example:8443\/team/);
});

test('status names their file', async (t) => {
  const { exitCode, stdout, stderr } = await icspd(system(), 'status');
  t.true(exitCode === 1 || exitCode === 2);
  t.regex(stdout + stderr, /50-theirs\.conf/);
});

test('once their file is mended, CRI-O loads ours', async (t) => {
  const before = await mark(system());
  system().write(theirs, '[[registry]]\nlocation = "registry.example.net"\n');
  await untilApplied(system(), before, `${address('mirror')}/team`);
  t.true((await pull(system(), `${image}@${digest}`)).ok);
});
