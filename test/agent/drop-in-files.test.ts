// Other people's drop-ins: what counts of them, and what is only reported.
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { readDropIns } from '../../src/agent/drop-in-files.ts';
import type { FileText } from '../../src/agent/ports.ts';
import { FINDINGS } from '../../src/finding.ts';
import { digest } from '../../src/host/digest.ts';
import { digestMirrorSet, makeNode } from './scratch-node.ts';

function file(path: string, text: string): FileText {
  const bytes = Buffer.from(text);
  return { path, bytes, digest: digest(bytes) };
}

const good = file('/d/a.conf', '[[registry]]\nlocation = "a.example"\nblocked = true\n');

test('a valid drop-in counts', (t) => {
  const { valid, findings } = readDropIns({ files: [good], dangling: [] }, null);
  t.deepEqual(
    valid.map(({ file: path, conf }) => [path, conf.registries[0]?.blocked]),
    [['/d/a.conf', true]],
  );
  t.deepEqual(findings, []);
});

for (const [title, text] of [
  ['that is no TOML', '[[registry\n'],
  ['that containers/image refuses', '[[registry]]\nlocation = "https://b.example"\n'],
] as const) {
  test(`a drop-in ${title} counts for nothing and is named, and the one beside it still counts`, (t) => {
    const { valid, findings } = readDropIns(
      { files: [file('/d/0.conf', text), good], dangling: [] },
      '1.33.0',
    );
    t.deepEqual(
      valid.map((one) => one.file),
      ['/d/a.conf'],
    );
    t.is(findings[0]?.id, 'ICSP392');
    t.true(findings.every((one) => one.file === '/d/0.conf'));
  });
}

const crios = [
  { version: '1.32.2', expected: 'dropInRefused', title: 'a CRI-O that refuses to load because of it' },
  { version: '1.24.6', expected: 'dropInRefused', title: 'a much older one' },
  { version: null, expected: 'dropInDangling', title: 'a CRI-O of unknown version' },
  { version: '1.32.3', expected: null, title: 'the first CRI-O that passes over it' },
  { version: '1.36.0', expected: null, title: 'a newer one' },
] as const;
for (const { version, expected, title } of crios) {
  test(`a link that leads nowhere is ${expected ?? 'nothing to tell'} for ${title}; what stands beside it counts`, (t) => {
    const { valid, findings } = readDropIns({ files: [good], dangling: ['/d/gone.conf'] }, version);
    t.deepEqual(
      valid.map((one) => one.file),
      ['/d/a.conf'],
    );
    t.deepEqual(
      findings.map(({ id, file: path }) => [id, path]),
      expected === null ? [] : [[FINDINGS[expected].id, '/d/gone.conf']],
    );
  });
}

test('a link that leads nowhere is part of what the verdict of CRI-O depends on: without it, a refused file may be tried again', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  mkdirSync(join(node.root, 'etc/containers/registries.conf.d'));
  symlinkSync('/usr/share/missing', join(node.root, 'etc/containers/registries.conf.d/x.conf'));
  const { plan: before } = await node.apply();
  node.remove('/etc/containers/registries.conf.d/x.conf');
  const { plan: after } = await node.apply();
  t.true(before?.findings.some(({ id }) => id === FINDINGS.dropInDangling.id));
  t.not(before?.inputsDigest, after?.inputsDigest);
});

test('the plan merges no drop-in that CRI-O would refuse', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const bad = '[[registry]]\nlocation = "quay.io/team"\nblocked = true\n[[registry]]\n';
  node.write('/etc/containers/registries.conf.d/x.conf', bad);
  const { plan } = await node.apply();
  t.false(plan?.merged.byScope.get('quay.io/team')?.registry.blocked);
});
