// icspd import: policies on stdout or in a directory, the baseline that is left, and nothing overwritten.
import { join } from 'node:path';
import test from 'ava';
import { makeRoot, run } from './program.ts';

const own = `short-name-mode = "enforcing"

[[registry]]
location = "quay.io/team"

[[registry.mirror]]
location = "mirror.example/team"

[[registry]]
prefix = "old.example"
location = "new.example"
`;
const dropIn = `[[registry]]
location = "quay.io"
mirror-by-digest-only = true

[[registry.mirror]]
location = "mirror.example/quay"
`;

test('the policies go to stdout with the baseline as a comment, so that a file of it can be read as it is', async (t) => {
  const root = makeRoot(t);
  root.write('/own.conf', own);
  const { code, out, err } = await run('import', join(root.path, 'own.conf'));
  t.is(code, 0);
  t.regex(
    out,
    /^# Imported from .*own\.conf\napiVersion: config\.openshift\.io\/v1\nkind: ImageDigestMirrorSet\n/,
  );
  t.regex(
    out,
    /\n# old\.example stays here: its pulls go to "new\.example", another name\n# short-name-mode = "enforcing"\n/,
  );
  t.regex(err, /^every pull goes where it went: 1 scope from policies, 1 left in the baseline\n/);
  t.regex(
    err,
    / {2}quay\.io\/team\n {4}by digest {2}mirror\.example\/team@…\n {15}quay\.io\/team@… {2}\(before = after\)\n/,
  );
  root.write('/imported.yaml', out);
  t.is((await run('check', '--strict', join(root.path, 'imported.yaml'))).code, 0);
});

test('a node takes over what import wrote, and its file says the same as before', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/containers/registries.conf', own);
  root.write('/etc/containers/registries.conf.d/999-microshift.conf', dropIn);
  const before = (await root.json('explain', 'quay.io/team/app')).document;
  const out = join(root.path, 'out');
  const files = ['registries.conf', 'registries.conf.d/999-microshift.conf'].map((name) =>
    join(root.path, 'etc/containers', name),
  );
  const { code, out: said } = await run('import', '--output-dir', out, ...files);
  t.is(code, 0);
  t.regex(said, /wrote .*imported\.yaml\nwrote .*baseline\.conf\n$/);
  root.remove('/etc/containers/registries.conf.d/999-microshift.conf');
  root.write('/etc/containers/registries.conf', root.read('/out/baseline.conf') ?? '');
  root.write('/etc/icsp.d/imported.yaml', root.read('/out/imported.yaml') ?? '');
  t.is((await root.icspd('apply')).code, 0);
  const placesOf = (document: unknown): unknown =>
    JSON.stringify(document).match(/"(?:reference|location)":"[^"]*"/g);
  t.deepEqual(placesOf((await root.json('explain', 'quay.io/team/app')).document), placesOf(before));
});

test('a file that is there already is not overwritten', async (t) => {
  const root = makeRoot(t);
  root.write('/own.conf', own);
  root.write('/out/imported.yaml', 'mine\n');
  const { code, err } = await run(
    'import',
    '--output-dir',
    join(root.path, 'out'),
    join(root.path, 'own.conf'),
  );
  t.is(code, 1);
  t.regex(err, /cannot create ".*imported\.yaml"/);
  t.is(root.read('/out/imported.yaml'), 'mine\n');
});

test('a file of the old version 1 is imported as what it says', async (t) => {
  const root = makeRoot(t);
  root.write('/old.conf', '[registries.block]\nregistries = ["bad.example"]\n');
  const { code, out } = await run('import', '--json', join(root.path, 'old.conf'));
  t.is(code, 0);
  t.like(JSON.parse(out), { baseline: '', kept: [], pulls: [{ scope: 'bad.example' }], findings: [] });
});

const refused: readonly (readonly [title: string, toml: string | null, says: RegExp])[] = [
  ['a file that is not there', null, /there is no file/],
  ['no TOML', '[[registry]\n', /ICSP202/],
  ['one that CRI-O refuses', '[[registry]]\nlocation = "https://a.example"\n', /ICSP210/],
];

for (const [title, toml, says] of refused) {
  test(`not imported: ${title}`, async (t) => {
    const root = makeRoot(t);
    if (toml !== null) root.write('/f.conf', toml);
    const { code, out, err } = await run('import', join(root.path, 'f.conf'));
    t.is(code, 1);
    t.is(out, '');
    t.regex(err, says);
  });
}

test('not imported: files that CRI-O takes one by one, but not written as one', async (t) => {
  const root = makeRoot(t);
  root.write('/a.conf', '[[registry]]\nprefix = "a.example"\nlocation = "c.example"\ninsecure = true\n');
  root.write('/b.conf', '[[registry]]\nlocation = "c.example"\n');
  const { code, err } = await run('import', join(root.path, 'a.conf'), join(root.path, 'b.conf'));
  t.is(code, 1);
  t.regex(err, /ICSP217/);
});
