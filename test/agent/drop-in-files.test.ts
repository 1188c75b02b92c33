// Other people's drop-ins: what counts of them, and what is only reported.
import test from 'ava';
import { readDropIns } from '../../src/agent/drop-in-files.ts';
import type { FileText } from '../../src/agent/ports.ts';
import { digest } from '../../src/host/digest.ts';
import { digestMirrorSet, makeNode } from './scratch-node.ts';

function file(path: string, text: string): FileText {
  const bytes = Buffer.from(text);
  return { path, bytes, digest: digest(bytes) };
}

const good = file('/d/a.conf', '[[registry]]\nlocation = "a.example"\nblocked = true\n');

test('a valid drop-in counts', (t) => {
  const { valid, findings } = readDropIns([good]);
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
    const { valid, findings } = readDropIns([file('/d/0.conf', text), good]);
    t.deepEqual(
      valid.map((one) => one.file),
      ['/d/a.conf'],
    );
    t.is(findings[0]?.id, 'ICSP392');
    t.true(findings.every((one) => one.file === '/d/0.conf'));
  });
}

test('the plan merges no drop-in that CRI-O would refuse', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  const bad = '[[registry]]\nlocation = "quay.io/team"\nblocked = true\n[[registry]]\n';
  node.write('/etc/containers/registries.conf.d/x.conf', bad);
  const { plan } = await node.apply();
  t.false(plan?.merged.byScope.get('quay.io/team')?.registry.blocked);
});
