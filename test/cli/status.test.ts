// The first line of icspd status is the answer, and the worst there is: it alone is read at 3 a.m.
import test from 'ava';
import { brokenPolicy, digestPolicy, makeRoot } from './program.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/team.yaml';
const settings = '/etc/icspd/icspd.conf';
const block = `apiVersion: config.openshift.io/v1
kind: Image
metadata: { name: cluster }
spec: { registrySources: { blockedRegistries: [closed.example] } }
`;

test('a file that CRI-O would not start on is unprotected, before and after the first apply', async (t) => {
  const root = makeRoot(t);
  const own = root.read(conf) ?? '';
  const unloadable =
    /^unprotected: CRI-O refuses to load this file, and does not start on it, .*registries\.conf/;
  root.write(conf, 'broken [\n');
  const first = await root.icspd('status');
  t.deepEqual([first.code, unloadable.test(first.out)], [2, true], first.out);
  root.write(conf, own);
  root.write(policy, digestPolicy);
  await root.icspd('apply');
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  root.write(conf, `${root.read(conf) ?? ''}broken [\n`);
  const { code, out } = await root.icspd('status');
  t.deepEqual([code, unloadable.test(out)], [2, true], out);
});

test('what is wrong with registries.conf comes before a policy file that is refused', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  await root.icspd('apply');
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  root.write(conf, 'unqualified-search-registries = ["theirs.example"]\n');
  const { code, out } = await root.icspd('status');
  t.is(code, 1);
  t.regex(out, /^attention: somebody put a file of their own in place .*registries\.conf \(and \d+ more\)\n/);
});

test('while a hold leaves open what a policy closes, the remedy is to end the hold', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  await root.icspd('apply');
  await root.icspd('hold');
  root.write('/etc/icsp.d/block.yaml', block);
  const { code, out, err } = await root.icspd('status');
  t.is(code, 2);
  t.regex(out, /^pinned, unprotected: "closed\.example" should be blocked/);
  t.regex(err, /help: run icspd resume/);
  await root.icspd('resume');
  t.is((await root.icspd('status')).code, 0);
});

test('under apply = "safe", the remedy is the order that the change waits for, and it works', async (t) => {
  const root = makeRoot(t);
  const sources = Array.from(
    { length: 12 },
    (_, n) => `    - { source: quay.io/${n}, mirrors: [m.example/${n}] }\n`,
  );
  root.write(policy, digestPolicy);
  root.write('/etc/icsp.d/many.yaml', `${digestPolicy.split('    - source')[0] ?? ''}${sources.join('')}`);
  root.write(settings, 'apply = "safe"\n');
  t.is((await root.icspd('apply')).code, 0);
  root.remove('/etc/icsp.d/many.yaml');
  const { out, err } = await root.icspd('status');
  t.regex(out, /^attention: 12 changes wait, since most sources would go; .*icspd apply --allow-removal\n/);
  t.regex(err, /ICSP353/);
  t.is((await root.icspd('apply', '--allow-removal')).code, 0);
  root.write('/etc/icsp.d/block.yaml', block);
  const open = await root.icspd('status');
  t.is(open.code, 2);
  t.regex(open.err, /ICSP127[^]*help: look at icspd diff; run icspd apply/);
  t.is((await root.icspd('apply')).code, 0);
  t.is((await root.icspd('status')).code, 0);
});

test('settings that cannot be used are the answer, trouble to diff, and no word about policy files', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  root.write(settings, 'drift = "leyer"\n');
  const { code, out } = await root.icspd('status');
  t.is(code, 1);
  t.regex(out, /^attention: setting "drift": .*, .*icspd\.conf:1\n/);
  t.like((await root.json('status')).document, { health: 'attention', findings: [{ id: 'ICSP403' }] });
  t.is((await root.icspd('diff')).code, 2);
  t.is((await root.icspd('check')).out, '');
});
