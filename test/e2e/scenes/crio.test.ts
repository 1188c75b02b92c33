// What the other scenes build on: CRI-O alone, with registries.conf written by hand, does what icspd counts on.
import test from 'ava';
import { APPLIED, REFUSED, oneRound, pull } from '../crio.ts';
import { mark, messages, untilMessage } from '../journal.ts';
import { address, manifestRequests, publish } from '../registry.ts';
import { story } from '../story.ts';

const system = story({ withoutIcspd: true });
const conf = '/etc/containers/registries.conf';
const source = 'registry.redhat.io/rhel9/httpd';
let digest: string;

function mirrored(pullFrom: string): string {
  return `[[registry]]
location = "registry.redhat.io"
[[registry.mirror]]
location = "${address('mirror')}"
pull-from-mirror = "${pullFrom}"
`;
}

test('an image whose source does not exist cannot be pulled', async (t) => {
  digest = await publish(system(), 'mirror', 'rhel9/httpd', '1');
  const { ok, why } = await pull(system(), `${source}@${digest}`);
  t.false(ok);
  t.regex(why, /lookup registry\.redhat\.io/);
});

test('after a reload CRI-O pulls through the mirror, by digest only', async (t) => {
  const before = await mark(system());
  system().write(conf, mirrored('digest-only'));
  await system().must('systemctl', 'reload', 'crio');
  await untilMessage(system(), before, 'crio', APPLIED);
  t.true((await pull(system(), `${source}@${digest}`)).ok);
  t.false((await pull(system(), `${source}:1`)).ok);
  t.deepEqual(oneRound(await manifestRequests(system(), 'mirror', before)), [
    `/v2/rhel9/httpd/manifests/${digest} 200`,
  ]);
});

test('CRI-O refuses an invalid file, says which and why, and goes on with the old one', async (t) => {
  const before = await mark(system());
  system().write(conf, '[[registry]]\nlocation = "https://registry.redhat.io"\n');
  await system().must('systemctl', 'reload', 'crio');
  const refusal = await untilMessage(system(), before, 'crio', REFUSED);
  t.regex(
    refusal,
    /system registries reload failed: .*loading registries configuration \\"\/etc\/containers\/registries\.conf\\": invalid location/,
  );
  t.true((await pull(system(), `${source}@${digest}`)).ok);
});

test('with an invalid file on disk CRI-O does not start', async (t) => {
  const before = await mark(system());
  await system().reboot();
  await untilMessage(
    system(),
    before,
    'crio',
    /level=fatal msg="validating runtime config: invalid registries: loading registries configuration/,
  );
  t.is(system().read(conf)?.includes('https://'), true);
});

test('with a valid file it starts, and has not forgotten the tag order', async (t) => {
  system().write(conf, mirrored('tag-only'));
  await system().must('systemctl', 'restart', 'crio');
  t.true((await pull(system(), `${source}:1`)).ok);
  t.false((await pull(system(), `${source}@${digest}`)).ok);
});

test('the journal of one boot is told from that of the next by a mark', async (t) => {
  const before = await mark(system());
  await system().reboot();
  const [, version] = /^crio version (\S+)/m.exec(await system().must('crio', '--version')) ?? [];
  const lines = await messages(system(), before, 'crio');
  t.is(lines.filter((line) => line.includes(`Starting CRI-O, version: ${version ?? 'unknown'}`)).length, 1);
});
