// What replacing one file promises.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import test from 'ava';
import { HostError } from '../../src/host-error.ts';
import { replaceFile } from '../../src/host/replace-file.ts';
import { emptyTree, put, testAsRoot } from './tree.ts';
import { leaveOut } from '../leave-out.ts';

const text = (content: string) => Buffer.from(content);
const modeOf = (path: string) => statSync(path).mode & 0o7777;

test('The new content stands where the old one stood, and the old one is kept beside it until it is settled', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  const wayBack = await replaceFile(path, text('new'));
  t.is(readFileSync(path, 'utf8'), 'new');
  t.is(readFileSync(join(dirname(path), '.registries.conf.icspd-previous'), 'utf8'), 'old');
  wayBack.settle();
  t.deepEqual(readdirSync(dirname(path)), ['registries.conf']);
});

test('Taking back restores the very same file', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  const { ino } = statSync(path);
  const wayBack = await replaceFile(path, text('new'));
  wayBack.takeBack();
  t.is(readFileSync(path, 'utf8'), 'old');
  t.is(statSync(path).ino, ino);
  t.deepEqual(readdirSync(dirname(path)), ['registries.conf']);
});

test('Where there was no file, taking back removes the new one', async (t) => {
  const path = join(emptyTree(t), 'registries.conf');
  const wayBack = await replaceFile(path, text('new'));
  t.is(readFileSync(path, 'utf8'), 'new');
  wayBack.takeBack();
  t.deepEqual(readdirSync(dirname(path)), []);
});

test('A removal can be taken back as well', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  const wayBack = await replaceFile(path, null);
  t.is(lstatSync(path, { throwIfNoEntry: false }), undefined);
  wayBack.takeBack();
  t.is(readFileSync(path, 'utf8'), 'old');
});

test('A settled removal leaves nothing behind', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  (await replaceFile(path, null)).settle();
  t.deepEqual(readdirSync(dirname(path)), []);
});

test('Removing what is not there does nothing, and so does taking that back', async (t) => {
  const path = join(emptyTree(t), 'registries.conf');
  const wayBack = await replaceFile(path, null);
  wayBack.takeBack();
  wayBack.settle();
  t.deepEqual(readdirSync(dirname(path)), []);
});

for (const [mode, expected] of [
  [0o600, 0o600],
  [0o640, 0o640],
  [0o644, 0o644],
  [0o664, 0o644],
  [0o666, 0o644],
  [0o777, 0o755],
] as const) {
  test(`A file of mode ${mode.toString(8)} is replaced by one of mode ${expected.toString(8)}`, async (t) => {
    const path = put(emptyTree(t), 'registries.conf', 'old', mode);
    await replaceFile(path, text('new'));
    t.is(modeOf(path), expected);
    t.is(readFileSync(path, 'utf8'), 'new');
  });
}

test('A first file has mode 644 and its directory 755, whatever the umask', (t) => {
  const root = emptyTree(t);
  const path = join(root, 'etc/containers/registries.conf');
  const module = new URL('../../src/host/replace-file.ts', import.meta.url).href;
  const script = `const { replaceFile } = await import('${module}'); await replaceFile('${path}', Buffer.from('new'));`;
  execFileSync('sh', [
    '-c',
    'umask 077; exec "$@"',
    'sh',
    process.execPath,
    '--input-type=module',
    '-e',
    script,
  ]);
  t.is(modeOf(path), 0o644);
  t.is(modeOf(dirname(path)), 0o755);
  t.is(modeOf(join(root, 'etc')), 0o755);
});

test('Empty content and content of many megabytes are written whole', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  const large = Buffer.alloc(5_000_000, 'registries.conf\n');
  (await replaceFile(path, large)).settle();
  t.true(readFileSync(path).equals(large));
  (await replaceFile(path, Buffer.alloc(0))).settle();
  t.is(statSync(path).size, 0);
});

test('A name that an earlier replacement kept gives way to the newer one', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'first');
  await replaceFile(path, text('second'));
  const wayBack = await replaceFile(path, text('third'));
  wayBack.takeBack();
  t.is(readFileSync(path, 'utf8'), 'second');
});

test('An error before the rename leaves the old file and nothing else', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  // A directory in the place of the kept name: it can neither be removed as a file nor linked over.
  mkdirSync(join(dirname(path), '.registries.conf.icspd-previous'));
  await t.throwsAsync(replaceFile(path, text('new')), { instanceOf: HostError });
  t.is(readFileSync(path, 'utf8'), 'old');
  t.is(statSync(path).nlink, 1);
  t.deepEqual(readdirSync(dirname(path)), ['.registries.conf.icspd-previous', 'registries.conf']);
});

test('A directory in the place of the file is refused, and nothing stays beside it', async (t) => {
  const path = join(emptyTree(t), 'registries.conf');
  mkdirSync(path);
  const error = await t.throwsAsync(replaceFile(path, text('new')), { instanceOf: HostError });
  t.true(error.message.includes(path));
  t.deepEqual(readdirSync(dirname(path)), ['registries.conf']);
});

test('Taking back after someone removed the kept file says where to get it', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old');
  const wayBack = await replaceFile(path, text('new'));
  unlinkSync(join(dirname(path), '.registries.conf.icspd-previous'));
  const error = t.throws(() => wayBack.takeBack(), { instanceOf: HostError });
  t.is(error.findingName, 'nothingToTakeBack');
  t.is(readFileSync(path, 'utf8'), 'new');
});

test('Who reads all the while sees the old or the new content, never anything else', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'a'.repeat(100_000));
  const seen = new Set<string>();
  const look = setInterval(() => seen.add(readFileSync(path, 'utf8')), 0);
  for (const letter of ['b', 'c', 'd']) (await replaceFile(path, text(letter.repeat(100_000)))).settle();
  clearInterval(look);
  for (const content of seen) t.regex(content, /^(?:a{100000}|b{100000}|c{100000}|d{100000})$/);
});

testAsRoot('Without /proc, as in some image builds, owner and mode are carried over all the same', (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old', 0o640);
  chownSync(path, 0, 12);
  const module = new URL('../../src/host/replace-file.ts', import.meta.url).href;
  const script = `const { replaceFile } = await import('${module}'); await replaceFile('${path}', Buffer.from('new'));`;
  const node = [process.execPath, '--input-type=module', '-e', script];
  const inNamespace = `mount -t tmpfs none /proc || { echo 'not run: nothing can be mounted'; exit; }; exec "$@"`;
  const said = execFileSync('unshare', ['--mount', 'sh', '-c', inNamespace, 'sh', ...node], {
    encoding: 'utf8',
  });
  if (said.startsWith('not run')) {
    leaveOut(t, 'nothing can be mounted here');
    return;
  }
  t.is(modeOf(path), 0o640);
  t.is(statSync(path).gid, 12);
});

testAsRoot('Owner and group of the old file stay', async (t) => {
  const path = put(emptyTree(t), 'registries.conf', 'old', 0o640);
  chownSync(path, 0, 12);
  chmodSync(path, 0o660);
  await replaceFile(path, text('new'));
  t.is(statSync(path).gid, 12);
  t.is(modeOf(path), 0o640);
});

test('Other files beside it are left alone', async (t) => {
  const root = emptyTree(t);
  const path = put(root, 'registries.conf', 'old');
  writeFileSync(join(root, '.registries.conf.swp'), 'editor');
  linkSync(path, join(root, 'other'));
  renameSync(join(root, 'other'), join(root, 'registries.conf.bak'));
  (await replaceFile(path, text('new'))).settle();
  t.deepEqual(readdirSync(root), ['.registries.conf.swp', 'registries.conf', 'registries.conf.bak']);
  t.is(readFileSync(join(root, 'registries.conf.bak'), 'utf8'), 'old');
});
