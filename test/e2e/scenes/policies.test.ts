// The life of policy files: they come, are joined, break, are mended and go, and CRI-O follows.
import test from 'ava';
import { oneRound, pull } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, removePolicy, untilApplied, untilOutcome } from '../icspd.ts';
import { mark } from '../journal.ts';
import { digestMirrorSet, policy } from '../policies.ts';
import { address, manifestRequests, publish } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const httpd = 'registry.redhat.io/rhel9/httpd';
const hello = 'quay.example.org/team/hello';
let httpdDigest: string;
let helloDigest: string;

test('without a policy nothing is written, and CRI-O runs', async (t) => {
  httpdDigest = await publish(system(), 'mirror', 'rhel9/httpd', '1');
  helloDigest = await publish(system(), 'mirror', 'team/hello', '1');
  t.is(system().read(REGISTRIES_CONF), undefined);
  t.is(await system().must('systemctl', 'is-active', 'icspd', 'crio'), 'active\nactive');
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

test('a file as oc-mirror writes it lets CRI-O pull by digest from the mirror, and not by tag', async (t) => {
  const before = await mark(system());
  putPolicy(system(), 'idms-oc-mirror.yaml', policy('idms-oc-mirror.yaml'));
  await untilApplied(system(), before, `${address('mirror')}/rhel9`);
  t.true((await pull(system(), `${httpd}@${httpdDigest}`)).ok);
  t.false((await pull(system(), `${httpd}:1`)).ok);
  t.deepEqual(oneRound(await manifestRequests(system(), 'mirror', before)), [
    `/v2/rhel9/httpd/manifests/${httpdDigest} 200`,
  ]);
});

test('the journal says what changed, and that CRI-O took it', async (t) => {
  const words = await system().must('journalctl', '--unit=icspd', '--output=cat');
  t.regex(words, /generation 1 written: \/etc\/containers\/registries\.conf/);
  t.regex(words, /registry\.redhat\.io\/rhel9/);
  t.regex(words, /: applied$/m);
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

test('an ImageTagMirrorSet beside it lets tags come from the mirror too', async (t) => {
  const before = await mark(system());
  putPolicy(system(), 'itms-oc-mirror.yaml', policy('itms-oc-mirror.yaml'));
  await untilOutcome(system(), before, 'applied');
  t.true((await pull(system(), `${httpd}:1`)).ok);
  t.true((await pull(system(), `${httpd}@${httpdDigest}`)).ok);
});

test('a broken policy keeps its last good content, and the others live on', async (t) => {
  const before = await mark(system());
  putPolicy(
    system(),
    'idms-oc-mirror.yaml',
    policy('idms-oc-mirror.yaml').replace('imageDigestMirrors:', 'imageDigestMirrors: ['),
  );
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${address('mirror')}/team`),
  );
  await untilApplied(system(), before, `${address('mirror')}/team`);
  t.true((await pull(system(), `${httpd}@${httpdDigest}`)).ok);
  t.true((await pull(system(), `${hello}@${helloDigest}`)).ok);
  const status = await icspd(system(), 'status');
  t.is(status.exitCode, 1);
  t.regex(status.stdout, /idms-oc-mirror\.yaml/);
});

test('mended, it counts again', async (t) => {
  const before = await mark(system());
  putPolicy(system(), 'idms-oc-mirror.yaml', policy('idms-oc-mirror.yaml').replaceAll('/ubi9', '/ubi10'));
  await untilApplied(system(), before, `${address('mirror')}/ubi10`);
  t.is((await icspd(system(), 'status')).exitCode, 0);
});

test('a removed policy takes its mirrors along', async (t) => {
  const before = await mark(system());
  removePolicy(system(), 'itms-oc-mirror.yaml');
  await untilOutcome(system(), before, 'applied');
  t.false((await pull(system(), `${httpd}:1`)).ok);
  t.true((await pull(system(), `${httpd}@${httpdDigest}`)).ok);
});

test('when the last policy goes, everything is as it was before icspd', async (t) => {
  removePolicy(system(), 'team.yaml');
  removePolicy(system(), 'idms-oc-mirror.yaml');
  await until('registries.conf is gone', () => system().read(REGISTRIES_CONF) === undefined);
  await until('CRI-O has no mirrors', async () => !(await pull(system(), `${httpd}@${httpdDigest}`)).ok);
  t.is((await icspd(system(), 'status')).exitCode, 0);
});
