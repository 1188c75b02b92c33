// What CRI-O has to say of a real rendering, word by word, for the proof to count.
import test from 'ava';
import { crioLine, digestMirrorSet, makeCrio, makeNode } from './scratch-node.ts';

/** A prefix that is not the location, slashes at ends, both kinds of restriction, a blocked and an insecure registry. */
const own = `unqualified-search-registries = ["own.example"]

[[registry]]
prefix = "docker.example/lib"
location = "real.example/lib/"
insecure = true
mirror-by-digest-only = true

[[registry.mirror]]
location = "m.example/lib/"
insecure = true

[[registry]]
location = "evil.example"
blocked = true
`;

/** As CRI-O prints the rendering of that and of the policy below. */
const shown =
  'Applied new registry configuration: &{Registries:[' +
  '{Prefix:docker.example/lib Endpoint:{Location:real.example/lib Insecure:true PullFromMirror:} ' +
  'Mirrors:[{Location:m.example/lib Insecure:true PullFromMirror:}] Blocked:false MirrorByDigestOnly:true} ' +
  '{Prefix:evil.example Endpoint:{Location:evil.example Insecure:false PullFromMirror:} ' +
  'Mirrors:[] Blocked:true MirrorByDigestOnly:false} ' +
  '{Prefix:quay.io/team Endpoint:{Location:quay.io/team Insecure:false PullFromMirror:} ' +
  'Mirrors:[{Location:mirror.example/team Insecure:false PullFromMirror:digest-only}] ' +
  'Blocked:false MirrorByDigestOnly:false}] ' +
  'UnqualifiedSearchRegistries:[own.example] CredentialHelpers:[containers-auth.json] ShortNameMode: ' +
  'AdditionalLayerStoreAuthHelper: shortNameAliasConf:{Aliases:map[]}}';

const rows: readonly (readonly [title: string, from: string, to: string, proof: string])[] = [
  ['the whole line, as it is', '', '', 'applied'],
  ['a block that is not there', 'Blocked:true', 'Blocked:false', 'none'],
  ['a block that should not be there', 'Blocked:false', 'Blocked:true', 'none'],
  ['another prefix', 'Prefix:docker.example/lib', 'Prefix:real.example/lib', 'none'],
  ['another location', 'Location:real.example/lib', 'Location:docker.example/lib', 'none'],
  ['a source that is verified', 'real.example/lib Insecure:true', 'real.example/lib Insecure:false', 'none'],
  ['a mirror that is verified', 'm.example/lib Insecure:true', 'm.example/lib Insecure:false', 'none'],
  ['mirrors for tags as well', 'MirrorByDigestOnly:true', 'MirrorByDigestOnly:false', 'none'],
  ['a mirror for tags as well', 'PullFromMirror:digest-only', 'PullFromMirror:', 'none'],
  ['another mirror', 'mirror.example/team', 'mirror.example/other', 'none'],
  ['other search registries', '[own.example]', '[other.example]', 'none'],
];

for (const [title, from, to, proof] of rows) {
  test(`CRI-O shows ${title}: ${proof}`, async (t) => {
    const crio = makeCrio();
    crio.answer = [crioLine('info', shown.replace(from, to))];
    const node = makeNode({ crio });
    t.teardown(() => node.dispose());
    node.write('/etc/containers/registries.conf', own);
    node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
    const result = await node.apply();
    t.deepEqual([result.outcome, result.proof], ['applied', proof]);
  });
}

test('a reload command that fails leaves the file, and is tried again until it does not', async (t) => {
  const crio = makeCrio();
  crio.reload = () => Promise.reject(new Error('no bus'));
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  for (const again of ['first', 'second']) {
    const { outcome, proof } = await node.apply();
    t.deepEqual([outcome, proof], ['degraded', 'pending'], again);
  }
  crio.reload = () => Promise.resolve();
  t.is((await node.apply()).outcome, 'applied');
  t.is((await node.apply()).outcome, 'unchanged');
});

test('systemd that does not answer is no refusal: what is owed stays owed', async (t) => {
  const crio = makeCrio();
  crio.unit = () => Promise.reject(new Error('no bus'));
  const node = makeNode({ crio });
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  t.is((await node.apply()).outcome, 'degraded');
  t.is((await node.apply()).outcome, 'degraded');
  crio.unit = () => Promise.resolve(crio.state);
  t.is((await node.apply()).proof, 'applied');
});
