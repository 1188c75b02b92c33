// The audit trail of a node: who did what by which files, in fields that the journal can be searched by.
import test, { type ExecutionContext } from 'ava';
import type { AuditEvent } from '../../src/agent/audit-event.ts';
import type { Settings } from '../../src/config.ts';
import { digestMirrorSet, makeCrio, makeNode, type ScratchNode } from './scratch-node.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/a.json';

function open(t: ExecutionContext, settings: Partial<Settings> = {}): ScratchNode {
  const node = makeNode({ crio: makeCrio(), settings });
  t.teardown(() => node.dispose());
  node.write(policy, digestMirrorSet('quay.io/team', 'mirror.example/team'));
  return node;
}

function eventOf(t: ExecutionContext, { events }: ScratchNode, name: string): AuditEvent {
  const found = events.filter((event) => event.name === name);
  t.is(found.length, 1, `${name}: ${found.length} events`);
  return found[0] ?? t.fail();
}

test('an apply is told with its generation, digests, proof, actor, reason, class and sources', async (t) => {
  const node = open(t);
  const actor = { uid: 0, loginUid: 1000, tty: '/dev/pts/3', command: 'apply' };
  const { record, plan } = await node.apply({ actor, reason: 'icspd apply' });
  const { fields, message } = eventOf(t, node, 'applied');
  t.like(fields, {
    GENERATION: '1',
    DIGEST: record?.digest ?? '',
    PREVIOUS_DIGEST: 'absent',
    CRIO_PROOF: 'applied',
    CRIO_VERSION: '1.36.3',
    ACTOR: 'uid=0 loginuid=1000 tty=/dev/pts/3 command=apply',
    REASON: 'icspd apply',
    CHANGE_CLASS: 'safe',
    SOURCES_CHANGED: 'quay.io/team',
    PLAN_DIGEST: plan?.digest ?? '',
  });
  t.regex(message, /^applied, proof applied: .*quay\.io\/team/);
});

test('of each policy file there are owner, mode, times and digest, of the descriptor that it was read from', async (t) => {
  const node = open(t);
  node.chmod(policy, 0o640);
  await node.apply();
  const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+Z`;
  const owner = `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
  t.regex(
    eventOf(t, node, 'applied').fields['POLICY_FILES'] ?? '',
    new RegExp(`^\\S+/a\\.json sha256=[0-9a-f]{64} owner=${owner} mode=0640 mtime=${time} ctime=${time}$`),
  );
});

test('of a thousand policy files those that are new or changed are listed first, and how many more there are', async (t) => {
  const node = open(t);
  for (let i = 0; i < 150; i += 1)
    node.write(`/etc/icsp.d/b-${i}.json`, digestMirrorSet(`quay.io/${i}`, 'm.example'));
  await node.apply();
  node.events.length = 0;
  node.write('/etc/icsp.d/z.json', digestMirrorSet('quay.io/z', 'm.example'));
  await node.apply();
  const files = eventOf(t, node, 'applied').fields['POLICY_FILES'] ?? '';
  t.regex(files, /^\S+\/z\.json /);
  t.true(files.endsWith('; and 52 more'), files.slice(-60));
});

test('who can choose content from now on is named, with file and line', async (t) => {
  const node = open(t);
  await node.apply();
  node.events.length = 0;
  node.write(
    '/etc/icsp.d/tags.yaml',
    [
      'apiVersion: config.openshift.io/v1',
      'kind: ImageTagMirrorSet',
      'metadata: {name: tags}',
      'spec:',
      '  imageTagMirrors:',
      '  - source: quay.io/apps',
      '    mirrors: [mirror.example/apps]',
      '',
    ].join('\n'),
  );
  await node.apply();
  t.regex(
    eventOf(t, node, 'applied').fields['CONTENT_ADDED'] ?? '',
    /^tag mirror mirror\.example\/apps for quay\.io\/apps \(\S+tags\.yaml:\d+\)$/,
  );
});

test('what somebody else wrote is told as overwritten, with its digest and where it is kept', async (t) => {
  const node = open(t, { drift: 'overwrite' });
  await node.apply();
  const foreign = 'unqualified-search-registries = ["other.example"]\n';
  node.write(conf, foreign);
  const { record } = await node.apply();
  const { fields, message, isState } = eventOf(t, node, 'overwritten');
  t.is(fields['FOREIGN_DIGEST'], node.host.digest(foreign));
  t.true(message.includes(`kept with generation ${record?.number ?? 0}`));
  t.false(isState);
});

test('what stays on disk of a file that cannot be read is told as held, with the file', async (t) => {
  const node = open(t);
  await node.apply();
  node.remove('/var/lib/icspd/v1/accepted-policies');
  node.write(policy, '{"apiVersion": "config.openshift.io/v9", "kind": "ImageDigestMirrorSet"}');
  await node.apply();
  const { fields, message } = eventOf(t, node, 'source-held');
  t.true(fields['POLICY_FILES']?.endsWith('/a.json'));
  t.true(message.includes('quay.io/team'));
});

test('that nothing can be written is told with who asked and why', async (t) => {
  const node = open(t);
  node.chmod('/etc/containers', 0o777);
  await node.apply({ reason: 'resync' });
  const { fields, isState } = eventOf(t, node, 'refused');
  t.is(fields['REASON'], 'resync');
  t.true(isState);
});
