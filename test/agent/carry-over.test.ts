// What a node keeps of a policy file that it can no longer read, and of which it has nothing readable either.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { finding, hasErrors } from '../../src/finding.ts';
import { openHost } from '../../src/host/host.ts';
import { pathsUnder } from '../../src/paths.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { viewOf, type View } from '../compose/world.ts';
import { digestMirrorSet, makeNode, type ScratchNode } from './scratch-node.ts';

type Loss = 'the last accepted bytes' | 'all of /var' | 'what the record says of sources';

/** Every way to the same question: a file is there, nothing of it can be read, and its mirrors are on disk. */
const losses: readonly Loss[] = ['the last accepted bytes', 'all of /var', 'what the record says of sources'];

function lose(node: ScratchNode, loss: Loss): void {
  const { schemaDir, stateDir } = node.agent.paths;
  rmSync(join(schemaDir, 'accepted-policies'), { force: true });
  if (loss === 'all of /var') rmSync(stateDir, { recursive: true });
  if (loss !== 'what the record says of sources') return;
  for (const { number } of node.host.generations.list())
    node.host.generations.explain(number, { policies: [], origins: {} });
}

/** As a newer tool writes it. */
function newer(text: string): string {
  return text.replace('config.openshift.io/v1', 'config.openshift.io/v9');
}

function setOf(kind: 'ImageDigestMirrorSet' | 'ImageTagMirrorSet', entries: readonly object[]): string {
  const list = kind === 'ImageDigestMirrorSet' ? 'imageDigestMirrors' : 'imageTagMirrors';
  const object = {
    apiVersion: 'config.openshift.io/v1',
    kind,
    metadata: { name: 'x' },
    spec: { [list]: entries },
  };
  return JSON.stringify(object);
}

function image(registrySources: object): string {
  return JSON.stringify({
    apiVersion: 'config.openshift.io/v1',
    kind: 'Image',
    metadata: { name: 'cluster' },
    spec: { registrySources },
  });
}

function view(node: ScratchNode): Readonly<Record<string, View>> {
  const { conf } = parseRegistriesConf(Buffer.from(node.conf() ?? ''), 'registries.conf');
  return conf === null ? {} : viewOf(conf);
}

const files = (node: ScratchNode, texts: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(texts)) node.write(`/etc/icsp.d/${name}`, text);
};

async function lives(t: ExecutionContext, node: ScratchNode & { dispose(): void }): Promise<void> {
  const before = node.conf();
  const { outcome } = await node.apply();
  t.is(outcome, 'unchanged', 'a second reconcile has nothing to do');
  t.is(node.conf(), before);
}

for (const loss of losses) {
  test(`without ${loss}, a file of a newer version keeps its mirrors, blocks and search list on disk`, async (t) => {
    const node = makeNode();
    t.teardown(() => node.dispose());
    const set = digestMirrorSet('quay.io/team', 'mirror.example/team');
    const own = image({
      blockedRegistries: ['evil.example'],
      insecureRegistries: ['lab.example'],
      containerRuntimeSearchRegistries: ['search.example'],
    });
    files(node, { 'a.json': set, 'i.json': own, 'b.json': digestMirrorSet('quay.io/b', 'lab.example/b') });
    await node.apply();
    const before = node.conf();
    files(node, { 'a.json': newer(set), 'i.json': newer(own) });
    lose(node, loss);
    const { outcome, findings } = await node.apply();
    t.is(node.conf(), before);
    t.is(outcome, loss === 'all of /var' ? 'applied' : 'unchanged');
    t.deepEqual(
      findings.filter(({ id }) => id === 'ICSP130').map(({ file }) => file?.replace(node.root, '')),
      ['/etc/icsp.d/a.json', '/etc/icsp.d/i.json'],
    );
    await lives(t, node);
  });

  test(`without ${loss}, other tables follow their files, and deleting the file takes its tables away`, async (t) => {
    const node = makeNode();
    t.teardown(() => node.dispose());
    const set = digestMirrorSet('quay.io/team', 'mirror.example/team');
    files(node, {
      'a.json': set,
      'b.json': digestMirrorSet('quay.io/b', 'mirror.example/b'),
    });
    await node.apply();
    files(node, { 'a.json': newer(set) });
    lose(node, loss);
    await node.apply();
    files(node, {
      'b.json': digestMirrorSet('quay.io/b', 'other.example/b'),
      'c.json': digestMirrorSet('quay.io/c', 'mirror.example/c'),
    });
    t.is((await node.apply()).outcome, 'applied');
    t.deepEqual(view(node), {
      'quay.io/team': { digest: ['mirror.example/team'], tag: [] },
      'quay.io/b': { digest: ['other.example/b'], tag: [] },
      'quay.io/c': { digest: ['mirror.example/c'], tag: [] },
    });
    await lives(t, node);
    node.remove('/etc/icsp.d/b.json');
    await node.apply();
    node.remove('/etc/icsp.d/a.json');
    await node.apply();
    t.deepEqual(Object.keys(view(node)), ['quay.io/c']);
  });
}

test('a mirror that only readable files named goes with them, one of the unreadable file stays, and new ones come behind', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const set = digestMirrorSet('quay.io/team', 'm2.example/team');
  files(node, { 'a.json': set, 'b.json': digestMirrorSet('quay.io/team', 'm1.example/team') });
  await node.apply();
  files(node, { 'a.json': newer(set) });
  lose(node, 'the last accepted bytes');
  await node.apply();
  t.deepEqual(view(node)['quay.io/team']?.digest, ['m1.example/team', 'm2.example/team']);
  files(node, { 'b.json': digestMirrorSet('quay.io/team', 'a0.example/team') });
  await node.apply();
  t.deepEqual(view(node)['quay.io/team']?.digest, ['m2.example/team', 'a0.example/team']);
  await lives(t, node);
  node.remove('/etc/icsp.d/b.json');
  await node.apply();
  t.deepEqual(view(node)['quay.io/team']?.digest, ['m2.example/team']);
});

test('a block that a readable file asks for is set, also on what is carried over', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const set = digestMirrorSet('quay.io/team', 'mirror.example/team');
  files(node, { 'a.json': set });
  await node.apply();
  files(node, { 'a.json': newer(set), 'i.json': image({ blockedRegistries: ['quay.io'] }) });
  lose(node, 'the last accepted bytes');
  await node.apply();
  t.deepEqual(view(node)['quay.io/team'], { digest: ['mirror.example/team'], tag: [], blocked: true });
  await lives(t, node);
});

test('a new source below one that is carried over inherits its mirrors and its protection', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const set = setOf('ImageDigestMirrorSet', [
    { source: 'quay.io', mirrors: ['mirror.example/q'], mirrorSourcePolicy: 'NeverContactSource' },
  ]);
  const open = setOf('ImageDigestMirrorSet', [{ source: 'quay.io/open', mirrors: ['mirror.example/open'] }]);
  const openTags = setOf('ImageTagMirrorSet', [{ source: 'quay.io/open', mirrors: ['mirror.example/open'] }]);
  files(node, { 'a.json': set, 'o.json': open, 'ot.json': openTags });
  await node.apply();
  const before = view(node);
  t.is(before['quay.io/open']?.blocked, undefined);
  files(node, {
    'a.json': newer(set),
    't.json': setOf('ImageTagMirrorSet', [{ source: 'quay.io/tags', mirrors: ['mirror.example/t'] }]),
  });
  lose(node, 'the last accepted bytes');
  await node.apply();
  t.deepEqual(view(node), {
    ...before,
    'quay.io/tags': { digest: ['mirror.example/q/tags'], tag: ['mirror.example/t'], blocked: true },
  });
  await lives(t, node);
});

test('a broken file that never counted holds nothing back', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  files(node, {
    'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team'),
    'b.json': digestMirrorSet('quay.io/b', 'mirror.example/b'),
  });
  await node.apply();
  files(node, { 'broken.json': '{' });
  node.remove('/etc/icsp.d/a.json');
  const { findings } = await node.apply();
  t.deepEqual(Object.keys(view(node)), ['quay.io/b']);
  t.false(findings.some(({ id }) => id === 'ICSP130'));
});

test('what somebody deletes while the file is unreadable comes back with what the file gave', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const set = digestMirrorSet('quay.io/team', 'mirror.example/team');
  files(node, { 'a.json': set });
  await node.apply();
  const before = node.conf();
  files(node, { 'a.json': newer(set) });
  lose(node, 'the last accepted bytes');
  node.remove('/etc/containers/registries.conf');
  await node.apply();
  t.is(node.conf(), before);
});

test('the file that can be read again is what counts', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const set = digestMirrorSet('quay.io/team', 'mirror.example/team');
  files(node, { 'a.json': set });
  await node.apply();
  files(node, { 'a.json': newer(set) });
  lose(node, 'all of /var');
  await node.apply();
  files(node, { 'a.json': digestMirrorSet('quay.io/other', 'mirror.example/other') });
  t.is((await node.apply()).outcome, 'applied');
  t.deepEqual(Object.keys(view(node)), ['quay.io/other']);
});

test('a directory that is gone keeps what stands of it, though /var is lost, until it is there and empty', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  files(node, { 'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team') });
  await node.apply();
  const before = node.conf();
  node.remove('/etc/icsp.d');
  lose(node, 'all of /var');
  const { findings, outcome } = await node.apply();
  t.is(node.conf(), before);
  t.is(outcome, 'applied', 'the text on disk is taken as the generation in force');
  t.regex(findings.find(({ id }) => id === 'ICSP130')?.help ?? '', /^mkdir -p .*\/etc\/icsp\.d and put/);
  await lives(t, node);
  mkdirSync(join(node.root, 'etc/icsp.d'));
  await node.apply();
  t.is(node.conf(), null);
});

test('a damaged store of last accepted files stops nothing: what stood in stays on disk, and the store is made anew', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  files(node, {
    'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team'),
    'b.json': digestMirrorSet('quay.io/b', 'mirror.example/b'),
  });
  await node.apply();
  files(node, { 'a.json': '{', 'b.json': digestMirrorSet('quay.io/b', 'other.example/b') });
  await node.apply();
  const store = join(node.agent.paths.schemaDir, 'accepted-policies');
  writeFileSync(store, 'damaged');
  files(node, { 'b.json': digestMirrorSet('quay.io/b', 'third.example/b') });
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'applied');
  t.true(['ICSP329', 'ICSP130'].every((id) => findings.some((found) => found.id === id)));
  t.deepEqual(view(node), {
    'quay.io/b': { digest: ['third.example/b'], tag: [] },
    'quay.io/team': { digest: ['mirror.example/team'], tag: [] },
  });
  t.is(readFileSync(`${store}.damaged`, 'utf8'), 'damaged');
  const again = await node.apply();
  t.is(again.outcome, 'unchanged');
  t.false(again.findings.some(({ id }) => id === 'ICSP329'));
});

test('a store that the disk does not give back is left alone, and changes go on', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  files(node, { 'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team') });
  await node.apply();
  files(node, { 'a.json': '{', 'b.json': digestMirrorSet('quay.io/b', 'mirror.example/b') });
  const damage = finding('ioFailed', null, 'the disk does not answer', 'look at it');
  const { host } = node.agent;
  const accepted = { read: () => ({ files: new Map(), damage }), write: () => undefined };
  const { outcome } = await node.applyAs({ ...node.agent, host: { ...host, accepted } });
  t.is(outcome, 'applied');
  t.deepEqual(Object.keys(view(node)), ['quay.io/b', 'quay.io/team']);
  const { findings } = await node.apply();
  t.true(
    findings.some(({ id }) => id === 'ICSP009'),
    'the last accepted content stands in again',
  );
});

test('--without takes what an unreadable file provided out of force, and it stays out', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const set = digestMirrorSet('quay.io/team', 'mirror.example/team');
  files(node, { 'a.json': set, 'b.json': digestMirrorSet('quay.io/b', 'mirror.example/b') });
  await node.apply();
  files(node, { 'a.json': newer(set) });
  lose(node, 'the last accepted bytes');
  await node.apply();
  const without = [join(node.root, 'etc/icsp.d/a.json')];
  const { outcome, findings } = await node.apply({ without });
  t.is(outcome, 'applied');
  t.true(findings.some(({ id }) => id === 'ICSP054'));
  t.false(hasErrors(findings));
  t.true(node.events.some(({ name, message }) => name === 'file-left-out' && message.includes('a.json')));
  t.deepEqual(Object.keys(view(node)), ['quay.io/b']);
  const again = await node.apply();
  t.is(again.outcome, 'unchanged');
  t.true(hasErrors(again.findings), 'the file is still refused');
  t.deepEqual(Object.keys(view(node)), ['quay.io/b']);
});

test('--without ends what stood in for a refused file; a good one comes back; one that is not there is told', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  files(node, { 'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team') });
  await node.apply();
  const a = join(node.root, 'etc/icsp.d/a.json');
  await node.apply({ without: [a] });
  t.is(node.conf(), null);
  await node.apply();
  t.deepEqual(Object.keys(view(node)), ['quay.io/team']);
  files(node, { 'a.json': '{' });
  await node.apply({ without: [a] });
  await node.apply();
  t.is(node.conf(), null);
  const { findings } = await node.apply({ without: [join(node.root, 'etc/icsp.d/x.json')] });
  t.true(findings.some(({ id, severity }) => id === 'ICSP055' && severity === 'error'));
});

test('a baseline that was emptied takes nothing away until it says so', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  node.write('/etc/containers/registries.conf', '[[registry]]\nlocation = "own.example"\nblocked = true\n');
  files(node, { 'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team') });
  await node.apply();
  const before = node.conf();
  node.write('/etc/icspd/baseline.conf', '\n');
  const { outcome, findings } = await node.apply();
  t.is(outcome, 'refused');
  t.true(findings.some(({ id }) => id === 'ICSP330'));
  t.is(node.conf(), before);
  node.write('/etc/icspd/baseline.conf', '# nothing\n');
  t.is((await node.apply()).outcome, 'applied');
  t.deepEqual(Object.keys(view(node)), ['quay.io/team']);
});

test('an empty file from before icspd is a baseline like any other', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  node.write('/etc/containers/registries.conf', '');
  files(node, { 'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team') });
  await node.apply();
  files(node, { 'b.json': digestMirrorSet('quay.io/b', 'mirror.example/b') });
  t.is((await node.apply()).outcome, 'applied');
});

test('policy-dirs with a slip takes nothing away, one directory less beside others does', async (t) => {
  const node = makeNode({ settings: { policyDirs: ['/etc/icsp.d', '/opt/icsp.d'] } });
  t.teardown(() => node.dispose());
  files(node, { 'a.json': digestMirrorSet('quay.io/team', 'mirror.example/team') });
  node.write('/opt/icsp.d/o.json', digestMirrorSet('quay.io/opt', 'mirror.example/opt'));
  await node.apply();
  const before = node.conf();
  const slip = await node.applyAs(withDirs(node, ['/etc/iscp.d']));
  t.is(node.conf(), before);
  t.true(slip.findings.some(({ id, help }) => id === 'ICSP048' && help.includes('policy-dirs')));
  const less = await node.applyAs(withDirs(node, ['/etc/icsp.d']));
  t.is(less.outcome, 'applied');
  t.deepEqual(Object.keys(view(node)), ['quay.io/team']);
  lose(node, 'the last accepted bytes');
  const standing = node.conf();
  const lost = await node.applyAs(withDirs(node, ['/etc/iscp.d']));
  t.is(node.conf(), standing, 'the record knows as well');
  t.true(lost.findings.some(({ id }) => id === 'ICSP130'));
});

/** The same node after an edit of policy-dirs. */
function withDirs(node: ScratchNode, policyDirs: readonly string[]): ScratchNode['agent'] {
  const settings = { ...node.agent.settings, policyDirs };
  const paths = pathsUnder(node.root, settings);
  const opened = openHost(paths, settings, () => undefined);
  const host = { ...node.host, readPolicies: () => opened.readPolicies() };
  return { ...node.agent, settings, paths, host };
}
