import test from 'ava';
import { makeDriftLog } from '../../src/agent/drift-log.ts';
import { digestMirrorSet, makeNode } from './scratch-node.ts';

const conf = '/etc/containers/registries.conf';

test('each text that somebody puts there is told once, with what it changes', async (t) => {
  const node = makeNode();
  t.teardown(() => node.dispose());
  const lines: string[] = [];
  const tell = makeDriftLog((severity, message) => void lines.push(`${severity}: ${message}`));
  const look = async (): Promise<void> => tell(await node.apply());
  node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', 'mirror.example/team'));
  await look();
  const ours = node.conf() ?? '';
  t.deepEqual(lines, []);

  node.write(conf, ours.replace('mirror.example', 'edited.example'));
  await look();
  await look();
  t.regex(
    lines[0] ?? '',
    /^notice: drift: .*registries\.conf is edited \(of \d+:\d+ \(uid:gid\), from \d{4}-/,
  );
  t.deepEqual(lines.slice(1), [
    'notice:   risky: quay.io/team: digest mirror mirror.example/team removed',
    'notice:   safe: quay.io/team: digest mirror edited.example/team added',
  ]);

  node.write(conf, 'unqualified-search-registries = ["theirs.example"]\n');
  await look();
  t.is(lines.length, 6);
  node.write(conf, ours);
  await look();
  node.write(conf, ours.replace('mirror.example', 'edited.example'));
  await look();
  t.is(lines.length, 9, 'after it was gone it is news again');
});
