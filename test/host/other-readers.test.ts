// Podman and Skopeo: asked for their versions, and nothing lost where they do not tell.
import test from 'ava';
import { judgeReaders } from '../../src/agent/pull-kinds.ts';
import { readOtherReaders } from '../../src/host/other-readers.ts';
import { mergeConfs } from '../../src/registries/merge.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';
import { emptyConf } from '../../src/registries/model.ts';
import { fakeCommands } from './fake-commands.ts';

const restricted = `[[registry]]
location = "quay.io/team"
[[registry.mirror]]
location = "m.example/team"
pull-from-mirror = "digest-only"
`;

function merged(text: string): ReturnType<typeof mergeConfs> {
  const { conf } = parseRegistriesConf(Buffer.from(text), 'registries.conf');
  return mergeConfs({ file: 'registries.conf', conf: conf ?? emptyConf }, []);
}

test.serial('both say which version they are, each in its own words', async (t) => {
  const commands = fakeCommands(t);
  commands.add('podman', 'echo "podman version 4.0.2"');
  commands.add('skopeo', 'echo "skopeo version 1.8.0-dev commit: abc"');
  t.deepEqual(await readOtherReaders(), [
    { name: 'podman', version: '4.0.2' },
    { name: 'skopeo', version: '1.8.0-dev' },
  ]);
});

test.serial('one that is not there, fails or says something else is left out', async (t) => {
  const commands = fakeCommands(t);
  commands.add('podman', 'echo "podman version 4.0.2"; exit 1');
  commands.add('skopeo', 'echo "what?"');
  t.deepEqual(await readOtherReaders(), []);
});

test('those that are too old for a restriction in force are told, and no others', async (t) => {
  const ask = () =>
    Promise.resolve([
      { name: 'podman', version: '4.0.3' },
      { name: 'skopeo', version: '1.8.0' },
    ] as const);
  const findings = await judgeReaders(merged(restricted), ask);
  t.deepEqual(
    findings.map(({ id, file }) => [id, file]),
    [['ICSP272', 'registries.conf']],
  );
  t.regex(findings[0]?.message ?? '', /^podman "4\.0\.3" .* "quay\.io\/team"/);
});

test('nobody is asked where no mirror is for one kind of pull alone', async (t) => {
  const ask = () => Promise.reject(new Error('asked'));
  t.deepEqual(await judgeReaders(merged(restricted.replace('digest-only', 'all')), ask), []);
  t.deepEqual(await judgeReaders(merged(''), ask), []);
});
