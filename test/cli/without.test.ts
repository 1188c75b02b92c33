// What an operator reads where a file can be read no more, and how it is taken out of force.
import test from 'ava';
import { digestPolicy, makeRoot } from './program.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/team.yaml';
const accepted = '/var/lib/icspd/v1/accepted-policies';

test('apply says what stays of a file of a newer version, and --without FILE takes it out; it stays out', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  t.is((await root.icspd('apply')).code, 0);
  const standing = root.read(conf);
  root.write(policy, digestPolicy.replace('openshift.io/v1', 'openshift.io/v9'));
  root.remove(accepted);
  const refused = await root.icspd('apply');
  t.is(refused.code, 1);
  t.regex(
    refused.err,
    /ICSP130[^]*stays: "quay\.io\/team"[^]*icspd apply --without \S*\/etc\/icsp\.d\/team\.yaml/,
  );
  t.is(root.read(conf), standing);
  t.regex((await root.icspd('explain', 'quay.io/team@sha256:' + '0'.repeat(64))).out, /team\.yaml/);
  const left = await root.icspd('apply', '--without', `${root.path}${policy}`);
  t.is(left.code, 0);
  t.regex(left.out, /risky: quay\.io\/team: removed/);
  t.regex(left.err, /warning ICSP054/);
  const after = root.read(conf);
  await root.icspd('apply');
  t.is(root.read(conf), after);
  t.regex((await root.icspd('history')).out, /--without/);
});

test('--without takes the bare name of a file, wherever it is called', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  t.is((await root.icspd('apply')).code, 0);
  const { code, out } = await root.icspd('apply', '--without', 'team.yaml');
  t.is(code, 0);
  t.regex(out, /risky: quay\.io\/team: removed/);
});

test('--without names a policy file', async (t) => {
  const root = makeRoot(t);
  root.write(policy, digestPolicy);
  const { code, err } = await root.icspd('apply', '--without', '/etc/icsp.d/other.yaml');
  t.is(code, 1);
  t.regex(err, /error ICSP055: there is no policy file "\/etc\/icsp\.d\/other\.yaml"/);
});
