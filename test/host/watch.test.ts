import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { watchPaths } from '../../src/host/watch.ts';

interface Scene {
  readonly etc: string;
  /** Waits for a hint that comes after the call. */
  readonly hint: (act: () => void) => Promise<void>;
  readonly check: () => Promise<void>;
}

/** A tree like /etc, watched as the daemon does. */
async function watchTree(
  t: ExecutionContext,
  build: (etc: string) => void = () => undefined,
): Promise<Scene> {
  const etc = mkdtempSync(join(tmpdir(), 'icspd-watch-'));
  mkdirSync(join(etc, 'containers'));
  writeFileSync(join(etc, 'containers/registries.conf'), '');
  build(etc);
  let heard: (() => void) | null = null;
  const watch = await watchPaths({
    paths: ['icsp.d', 'containers/registries.conf', 'containers/registries.conf.d'].map((path) =>
      join(etc, path),
    ),
    onHint: () => heard?.(),
    onDegraded: (words) => t.fail(words),
  });
  // What is watched does not keep the process alive; a test that waits for a hint must.
  const anchor = setInterval(() => undefined, 1000);
  t.teardown(async () => {
    clearInterval(anchor);
    await watch.close();
    rmSync(etc, { recursive: true });
  });
  return {
    etc,
    check: () => watch.check(),
    hint: (act) =>
      new Promise((resolve) => {
        heard = resolve;
        act();
      }),
  };
}

function makePolicies(etc: string): void {
  mkdirSync(join(etc, 'icsp.d'));
  writeFileSync(join(etc, 'icsp.d/a.yaml'), '');
}

test('a policy file that is made, replaced by a rename, touched or removed is a hint', async (t) => {
  const { etc, hint } = await watchTree(t, makePolicies);
  const file = join(etc, 'icsp.d/b.yaml');
  await hint(() => writeFileSync(file, '1'));
  writeFileSync(join(etc, 'new'), '2');
  await hint(() => renameSync(join(etc, 'new'), file));
  await hint(() => writeFileSync(file, '3'));
  await hint(() => unlinkSync(file));
  t.pass();
});

test('a registries.conf that is replaced by a rename is a hint, again and again', async (t) => {
  const { etc, hint } = await watchTree(t);
  for (const content of ['1', '2', '3']) {
    writeFileSync(join(etc, 'containers/new'), content);
    await hint(() => renameSync(join(etc, 'containers/new'), join(etc, 'containers/registries.conf')));
  }
  t.pass();
});

test('the directories behind policy files that are swapped as a whole are a hint', async (t) => {
  const { etc, hint } = await watchTree(t, (root) => {
    makePolicies(root);
    mkdirSync(join(root, 'icsp.d/..1'));
    symlinkSync('..1', join(root, 'icsp.d/..data'));
  });
  mkdirSync(join(etc, 'icsp.d/..2'));
  symlinkSync('..2', join(etc, 'icsp.d/..new'));
  await hint(() => renameSync(join(etc, 'icsp.d/..new'), join(etc, 'icsp.d/..data')));
  t.pass();
});

const replacements: readonly (readonly [string, (etc: string) => void])[] = [
  [
    'recreated',
    (etc) => {
      rmSync(join(etc, 'icsp.d'), { recursive: true });
      makePolicies(etc);
    },
  ],
  [
    'swapped by renames',
    (etc) => {
      mkdirSync(join(etc, 'other'));
      renameSync(join(etc, 'icsp.d'), join(etc, 'old'));
      renameSync(join(etc, 'other'), join(etc, 'icsp.d'));
    },
  ],
  [
    'replaced by a link',
    (etc) => {
      renameSync(join(etc, 'icsp.d'), join(etc, 'old'));
      mkdirSync(join(etc, 'elsewhere'));
      symlinkSync('elsewhere', join(etc, 'icsp.d'));
    },
  ],
];

for (const [title, replace] of replacements) {
  test(`after a check, files in a policy directory that was ${title} are hints`, async (t) => {
    const { etc, hint, check } = await watchTree(t, makePolicies);
    replace(etc);
    await check();
    await hint(() => writeFileSync(join(etc, 'icsp.d/c.yaml'), ''));
    t.pass();
  });
}

test('after a check, files in a policy directory whose link was retargeted are hints', async (t) => {
  const { etc, hint, check } = await watchTree(t, (root) => {
    mkdirSync(join(root, 'one'));
    mkdirSync(join(root, 'two'));
    symlinkSync('one', join(root, 'icsp.d'));
  });
  symlinkSync('two', join(etc, 'link'));
  renameSync(join(etc, 'link'), join(etc, 'icsp.d'));
  await check();
  await hint(() => writeFileSync(join(etc, 'two/c.yaml'), ''));
  t.pass();
});

test('after a check, files in a policy directory that was missing at first are hints', async (t) => {
  const { etc, hint, check } = await watchTree(t);
  makePolicies(etc);
  await check();
  await hint(() => writeFileSync(join(etc, 'icsp.d/c.yaml'), ''));
  t.pass();
});

test('a watch that was closed gives no more hints', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'icspd-watch-'));
  const watch = await watchPaths({
    paths: [directory],
    onHint: () => t.fail(),
    onDegraded: (words) => t.fail(words),
  });
  await watch.close();
  writeFileSync(join(directory, 'a.yaml'), '');
  await new Promise((resolve) => setTimeout(resolve, 50));
  rmSync(directory, { recursive: true });
  t.pass();
});
