// Failures that hardly ever happen, each brought about and told by its own name.
import { lstatSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';
import { openBaseline } from '../../src/host/baseline.ts';
import { HostError } from '../../src/host-error.ts';
import { openLock } from '../../src/host/lock.ts';
import { openPin } from '../../src/host/pin.ts';
import { readRegularFile } from '../../src/host/read-file.ts';
import { replaceFile } from '../../src/host/replace-file.ts';
import { readRuntimeFiles } from '../../src/host/runtime-files.ts';
import { explain } from '../../src/host/target-fitness.ts';
import type { FindingName } from '../../src/finding.ts';
import { fakeCommands } from './fake-commands.ts';
import { emptyState } from './state.ts';
import { emptyTree, put } from './tree.ts';

async function failsAs(t: ExecutionContext, name: FindingName, work: () => unknown): Promise<void> {
  const error = await t.throwsAsync(
    async () => {
      await work();
    },
    { instanceOf: HostError },
  );
  t.is(error.findingName, name);
}

test('a file that never stops changing is not read', async (t) => {
  const path = put(emptyTree(t), 'a.yaml', '');
  const script = `const { appendFileSync, truncateSync } = require('node:fs');
    for (;;) { truncateSync(${JSON.stringify(path)}); for (let i = 0; i < 64; i++) appendFileSync(${JSON.stringify(path)}, 'x'.repeat(4096)); }`;
  const writer = new Worker(script, { eval: true });
  t.teardown(() => writer.terminate());
  let found: unknown = null;
  const deadline = performance.now() + 20_000;
  while (found === null && performance.now() < deadline) {
    try {
      readRegularFile(path, 1024 * 1024);
      await new Promise(setImmediate);
    } catch (error) {
      found = error;
    }
  }
  t.true(found instanceof HostError && found.findingName === 'fileKeepsChanging');
});

test.serial('attributes that cp cannot copy end the replacement, with the old file in place', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  fakeCommands(t).add('cp', 'echo "cp: no" >&2; exit 1');
  await failsAs(t, 'attributesNotCopied', () => replaceFile(path, Buffer.from('new')));
  t.is(readFileSync(path, 'utf8'), 'old');
});

test.serial(
  "the kernel's seals of the old content need not be copied, and any other attribute must be",
  async (t) => {
    const path = put(emptyTree(t), 'registries.conf', 'old');
    const say = (name: string): string =>
      `echo "cp: setting attribute '${name}' for '${name}': Operation not permitted" >&2`;
    const commands = fakeCommands(t);
    commands.add('cp', `${say('security.ima')}; ${say('security.other')}; exit 1`);
    await failsAs(t, 'attributesNotCopied', () => replaceFile(path, Buffer.from('new')));
    commands.add('cp', `${say('security.ima')}; ${say('security.evm')}; exit 1`);
    (await replaceFile(path, Buffer.from('new'))).settle();
    t.is(readFileSync(path, 'utf8'), 'new');
  },
);

test.serial('what does not read back as it was written never takes the place of the old file', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  fakeCommands(t).add('cp', 'for last; do :; done; echo more >> "$last"');
  await failsAs(t, 'readBackDiffers', () => replaceFile(path, Buffer.from('new')));
  t.is(readFileSync(path, 'utf8'), 'old');
});

for (const when of ['before', 'after'] as const) {
  test.serial(
    `a link put in the place of the temporary file ${when} cp ran is neither followed nor renamed`,
    async (t) => {
      const root = emptyTree(t);
      const path = put(root, 'registries.conf', 'old', 0o644);
      const victim = put(root, 'shadow', 'secret', 0o600);
      const swap = `rm '${root}'/.registries.conf.icspd-????????????????; ln -s '${victim}' "$(cat '${root}/name')"`;
      const copy = 'PATH=${PATH#*:} cp "$@"';
      const remember = `ls -d '${root}'/.registries.conf.icspd-???????????????? > '${root}/name'`;
      fakeCommands(t).add(
        'cp',
        `${remember}; ${(when === 'before' ? [swap, copy] : [copy, swap]).join('; ')}`,
      );
      await failsAs(t, 'readBackDiffers', () => replaceFile(path, Buffer.from('new')));
      t.is(statSync(victim).mode & 0o7777, 0o600);
      t.is(readFileSync(victim, 'utf8'), 'secret');
      t.is(readFileSync(path, 'utf8'), 'old');
      t.false(lstatSync(path).isSymbolicLink());
    },
  );
}

test.serial('a lock that flock cannot take, held by nobody, is no lock that is held', async (t) => {
  const { paths, trust } = emptyState(t);
  fakeCommands(t).add('flock', 'echo "flock: no locks available" >&2; exit 66');
  await failsAs(t, 'lockFailed', () => openLock(paths, trust).hold(1000, () => Promise.resolve()));
});

test('a mount point can be neither renamed over nor linked to, and the finding says so', (t) => {
  for (const code of ['EBUSY', 'EXDEV']) {
    const cause = Object.assign(new Error(code), { code, syscall: 'rename' });
    const error = explain(new HostError('pathUnusable', 'busy', 'wait', { cause }), '/etc/registries.conf');
    t.true(error instanceof HostError && error.findingName === 'targetBindMounted', code);
  }
});

test('a second baseline is refused by name', async (t) => {
  const { paths, trust } = emptyState(t);
  const baseline = openBaseline(paths, trust);
  baseline.capture(Buffer.from('first'));
  await failsAs(t, 'baselineExists', () => {
    baseline.capture(Buffer.from('second'));
  });
});

test('a pin that is no pin is an error, not no pin', async (t) => {
  const { paths, trust } = emptyState(t);
  openPin(paths, trust).write({
    digest: null,
    generation: null,
    reason: 'test',
    actor: { uid: 0, loginUid: null, tty: null, command: 'test' },
    since: '2026-01-01T00:00:00.000Z',
    until: null,
    deployment: null,
  });
  put(dirname(paths.schemaDir), join('v1', 'pin.json'), '{ "digest": 7 }', 0o600);
  await failsAs(t, 'stateUnreadable', () => openPin(paths, trust).read());
});

const untold = { main: null, dropInDirectory: null, home: '/root' };

test("a registries.conf in root's home takes over, and is blamed", (t) => {
  const { paths } = emptyState(t);
  put(paths.root, 'etc/containers/registries.conf', '');
  put(paths.root, 'root/.config/containers/registries.conf', '# own\n');
  const { main, findings } = readRuntimeFiles(paths, untold);
  t.is(main?.path, paths.userRegistriesConf);
  t.deepEqual(
    findings.map(({ id }) => id),
    ['ICSP378'],
  );
});

test('a registries.conf that CRI-O was told to read must exist; one that it looks for need not', (t) => {
  const { paths } = emptyState(t);
  const told = join(paths.root, 'srv/registries.conf');
  const idsOf = (path: string | null): readonly string[] =>
    readRuntimeFiles(paths, path === null ? null : { ...untold, main: { path, isTold: true } }).findings.map(
      ({ id, file }) => `${id} ${file ?? ''}`,
    );
  t.deepEqual(idsOf(null), []);
  t.deepEqual(idsOf(told), [`ICSP374 ${told}`]);
  put(paths.root, 'srv/registries.conf', '');
  t.deepEqual(idsOf(told), []);
});

test("drop-ins of the system and of root's home are read in that order, links that lead nowhere as well", (t) => {
  const { paths } = emptyState(t);
  for (const directory of [paths.userRegistriesConfDir, paths.registriesConfDir]) {
    put(directory, 'a.conf', '');
    symlinkSync('missing', join(directory, 'b.conf'));
  }
  const { files, dangling } = readRuntimeFiles(paths, untold).dropIns;
  const expected = (name: string): readonly string[] =>
    [paths.registriesConfDir, paths.userRegistriesConfDir].map((directory) => join(directory, name));
  t.deepEqual(
    files.map(({ path }) => path),
    expected('a.conf'),
  );
  t.deepEqual(dangling, expected('b.conf'));
});

test('of drop-ins, a directory that CRI-O was told to read stands for all others', (t) => {
  const { paths } = emptyState(t);
  for (const directory of [paths.userRegistriesConfDir, paths.registriesConfDir])
    put(directory, 'a.conf', '');
  put(paths.root, 'srv/conf.d/b.conf', '');
  const told = { ...untold, dropInDirectory: '/srv/conf.d' };
  const namesOf = (): readonly string[] =>
    readRuntimeFiles(paths, told).dropIns.files.map(({ path }) => path);
  t.deepEqual(namesOf(), [join(paths.root, 'srv/conf.d/b.conf')]);
  put(paths.root, 'root/.config/containers/registries.conf', '');
  t.deepEqual(namesOf(), [join(paths.root, 'srv/conf.d/b.conf')]);
});

test("of drop-ins, where a registries.conf in root's home takes over, those beside it count alone", (t) => {
  const { paths } = emptyState(t);
  for (const directory of [paths.userRegistriesConfDir, paths.registriesConfDir])
    put(directory, 'a.conf', '');
  put(paths.root, 'root/.config/containers/registries.conf', '');
  const { dropIns } = readRuntimeFiles(paths, untold);
  t.deepEqual(
    dropIns.files.map(({ path }) => path),
    [join(paths.userRegistriesConfDir, 'a.conf')],
  );
});

test('of drop-ins, what is no directory is told, wherever they are looked for', (t) => {
  const { paths } = emptyState(t);
  put(paths.root, 'etc/containers/registries.conf.d', '');
  put(paths.root, 'srv/conf.d', '');
  const foundWith = (dropInDirectory: string | null): readonly string[] =>
    readRuntimeFiles(paths, { ...untold, dropInDirectory }).findings.map(
      ({ id, file }) => `${id} ${file ?? ''}`,
    );
  t.deepEqual(foundWith(null), [`ICSP366 ${paths.registriesConfDir}`]);
  t.deepEqual(foundWith('/srv/conf.d'), [`ICSP366 ${join(paths.root, 'srv/conf.d')}`]);
  t.deepEqual(foundWith('/srv/missing.d'), []);
});

test('a CRI-O with another home takes the files there for its own', (t) => {
  const { paths } = emptyState(t);
  put(paths.root, 'root/.config/containers/registries.conf', '');
  put(paths.root, 'srv/home/.config/containers/registries.conf.d/a.conf', '');
  const elsewhere = { ...untold, home: '/srv/home' };
  const show = (): readonly string[] => {
    const { main, dropIns } = readRuntimeFiles(paths, elsewhere);
    return [main?.path ?? 'no file', ...dropIns.files.map(({ path }) => path)].map((path) =>
      path.replace(paths.root, ''),
    );
  };
  const ownDropIn = '/srv/home/.config/containers/registries.conf.d/a.conf';
  t.deepEqual(show(), ['no file', ownDropIn]);
  put(paths.root, 'srv/home/.config/containers/registries.conf', '');
  t.deepEqual(show(), ['/srv/home/.config/containers/registries.conf', ownDropIn]);
});

test('short_name_mode is that of the last file of crio.conf.d that has it', (t) => {
  const { paths } = emptyState(t);
  const mode = (): string | null => readRuntimeFiles(paths, null).shortNameMode;
  t.is(mode(), null);
  put(paths.root, 'etc/crio/crio.conf', '[crio.image]\nshort_name_mode = "enforcing"\n');
  put(paths.root, 'etc/crio/crio.conf.d/10.conf', '[crio.image]\nshort_name_mode = "disabled"\n');
  put(paths.root, 'etc/crio/crio.conf.d/20.conf', '[crio.image]\npause_image = "a.example/p"\n');
  t.is(mode(), 'disabled');
});
