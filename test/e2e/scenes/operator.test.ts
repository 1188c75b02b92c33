// An operator at work: the administrator's own file, a look at an image's way, the way back, and forth again.
import test from 'ava';
import { pull } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, untilApplied, untilOutcome } from '../icspd.ts';
import { mark } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const own = '# kept by hand\nunqualified-search-registries = ["registry.example.net"]\n';
const image = 'quay.example.org/team/hello';
let digest: string;

test("the administrator's settings live on below the policies", async (t) => {
  digest = await publish(system(), 'mirror', 'team/hello', '1');
  system().write(REGISTRIES_CONF, own);
  const before = await mark(system());
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`),
  );
  const applied = await untilApplied(system(), before, `${address('mirror')}/team`);
  t.regex(applied, /UnqualifiedSearchRegistries:\[registry\.example\.net\]/);
  t.is(system().read('/etc/icspd/baseline.conf'), own);
});

test('explain shows the way that CRI-O takes', async (t) => {
  const { exitCode, stdout } = await icspd(system(), 'explain', '--json', `${image}@${digest}`);
  t.is(exitCode, 0);
  const explained: unknown = JSON.parse(stdout);
  t.like(explained, {
    endpoints: [{ location: `${address('mirror')}/team`, via: 'mirror' }, { via: 'source' }],
  });
  t.true((await pull(system(), `${image}@${digest}`)).ok);
});

test('restore --baseline puts the old file back, byte for byte, and holds it', async (t) => {
  const { exitCode, stderr } = await icspd(system(), 'restore', '--baseline', '--reason', 'a test');
  t.is(exitCode, 0, stderr);
  t.is(system().read(REGISTRIES_CONF), own);
  t.false((await pull(system(), `${image}@${digest}`)).ok);
  putPolicy(
    system(),
    'more.yaml',
    digestMirrorSet('more', 'quay.example.org/more', `${address('mirror')}/more`),
  );
  const status = await icspd(system(), 'status');
  t.is(status.exitCode, 0);
  t.regex(status.stdout, /^pinned/i);
  t.is(system().read(REGISTRIES_CONF), own);
});

test('resume brings the policies back, with what came meanwhile', async (t) => {
  const before = await mark(system());
  t.is((await icspd(system(), 'resume')).exitCode, 0);
  await untilApplied(system(), before, `${address('mirror')}/more`);
  t.true((await pull(system(), `${image}@${digest}`)).ok);
});

test('restore --previous goes one step back', async (t) => {
  const before = await mark(system());
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/elsewhere`),
  );
  await untilApplied(system(), before, `${address('mirror')}/elsewhere`);
  await untilOutcome(system(), before, 'applied');
  t.false((await pull(system(), `${image}@${digest}`)).ok);
  const { exitCode, stderr } = await icspd(system(), 'restore', '--previous', '--for', '8h');
  t.is(exitCode, 0, stderr);
  t.true((await pull(system(), `${image}@${digest}`)).ok);
  t.is((await icspd(system(), 'resume')).exitCode, 0);
});

test('an edit by hand is reported, and not overwritten', async (t) => {
  const before = await mark(system());
  const edited = `${system().read(REGISTRIES_CONF) ?? ''}\n[[registry]]\nlocation = "by-hand.example.net"\n`;
  system().write(REGISTRIES_CONF, edited);
  await untilOutcome(system(), before, 'refused');
  t.is(system().read(REGISTRIES_CONF), edited);
  t.is((await icspd(system(), 'status')).exitCode, 1);
});

test('apply --discard-drift takes it back', async (t) => {
  t.is((await icspd(system(), 'apply', '--discard-drift')).exitCode, 0);
  await until('the edit is gone', () => !system().read(REGISTRIES_CONF)?.includes('by-hand'));
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

test('a file that vanishes is put back at once', async (t) => {
  system().remove(REGISTRIES_CONF);
  const back = await until('it is back', () => system().read(REGISTRIES_CONF));
  t.regex(back, /quay\.example\.org/);
});
