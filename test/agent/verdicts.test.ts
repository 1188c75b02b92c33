// What CRI-O's verdict on a reload is called.
import test from 'ava';
import { findingOf } from '../../src/host-error.ts';
import type { JournalLine } from '../../src/agent/crio-ports.ts';
import { makeRendering } from '../../src/agent/rendering.ts';
import { digest } from '../../src/host/digest.ts';
import { noContent } from '../../src/policy/rule.ts';
import { readPolicy } from '../../src/policy/read-policy.ts';
import { crioLine, digestMirrorSet, makeCrio, makeNode } from './scratch-node.ts';

const unable = 'Unable to reload configuration: system registries reload failed';
const conf = '/etc/containers/registries.conf';

const rows: readonly (readonly [title: string, answer: JournalLine, id: string])[] = [
  [
    'a line that blames our file is a refusal',
    crioLine('error', `${unable}: ${conf}: loading registries configuration "${conf}": no`),
    'ICSP397',
  ],
  [
    'a line that blames a drop-in is no refusal of ours',
    crioLine('error', `${unable}: ${conf}: loading drop-in registries configuration "${conf}.d/x.conf": no`),
    'ICSP398',
  ],
];

for (const [title, answer, id] of rows) {
  test(title, async (t) => {
    const crio = makeCrio();
    crio.answer = [answer];
    const node = makeNode({ crio });
    t.teardown(() => node.dispose());
    node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
    const { findings } = await node.apply();
    t.true(findings.map((finding) => finding.id).includes(id));
  });
}

test('a journal that cannot be read is no proof, and the file stays', async (t) => {
  const crio = makeCrio();
  crio.journal = () => Promise.resolve(null);
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const { outcome, proof, findings } = await node.apply();
  t.deepEqual([outcome, proof], ['applied', 'none']);
  t.true(findings.some(({ id }) => id === 'ICSP396'));
});

const inputs = {
  content: noContent,
  baseline: null,
  baselinePath: '/etc/icspd/baseline.conf',
  inSystem: { baseline: '/etc/icspd/baseline.conf', registriesConf: conf },
  contentHosts: ['*'],
  dropIns: [],
  isFileRequired: false,
  carrySource: null,
  crioVersion: null,
  digest,
};

test('what was given as a baseline and is none is never shown: it may be any file of the node', (t) => {
  const rendering = makeRendering({
    ...inputs,
    baseline: Buffer.from('root:$6$salt$hash:19000:0:99999:7:::'),
  });
  t.like(rendering, { isUsable: false, bytes: null, digest: null });
  t.true(rendering.findings.some(({ id }) => id === 'ICSP383'));
});

test('a rendering that fails its own check is refused, whatever made it so', (t) => {
  const policy = digestMirrorSet('quay.io/team', 'mirror.example/team');
  const { content } = readPolicy('/etc/icsp.d/a.json', Buffer.from(policy));
  // A digest that is no digest stands for any defect that gets a foreign character into the header.
  const broken = (bytes: Uint8Array | string): string => `é${digest(bytes)}`;
  const { isUsable, bytes, findings } = makeRendering({ ...inputs, content, digest: broken });
  t.false(isUsable);
  t.is(bytes, null);
  t.deepEqual(
    findings.map(({ id }) => id),
    ['ICSP384', 'ICSP384'],
  );
});

test('a defect is a finding like any other, with its words on one line', (t) => {
  const { id, message } = findingOf(new TypeError('a\nb'));
  t.is(id, 'ICSP399');
  t.notRegex(message, /\n/);
});
