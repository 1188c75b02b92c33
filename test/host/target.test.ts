// registries.conf on the host: which states it can be in, and when it is not replaced.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { defaultSettings } from '../../src/config.ts';
import { digest } from '../../src/host/digest.ts';
import { HostError } from '../../src/host-error.ts';
import { openTarget } from '../../src/host/target.ts';
import { trustUnder } from '../../src/host/trust.ts';
import { pathsUnder } from '../../src/paths.ts';
import { emptyTree, put, putDirectory, testAsRoot } from './tree.ts';
import { leaveOut } from '../leave-out.ts';

const conf = 'etc/containers/registries.conf';
const text = (content: string) => Buffer.from(content);

function openUnder(root: string) {
  return openTarget(pathsUnder(root, defaultSettings), trustUnder(root));
}

/** The id of what makes it unusable, or forbids to replace it. */
function faultOf(root: string): string | null {
  const state = openUnder(root).read();
  if (state.state === 'absent') return null;
  return (state.state === 'unusable' ? state.finding : state.obstacle)?.id ?? null;
}

async function isRefused(
  t: ExecutionContext,
  root: string,
  findingName: HostError['findingName'],
): Promise<void> {
  const error = await t.throwsAsync(openUnder(root).replace(text('new')), { instanceOf: HostError });
  t.is(error.findingName, findingName);
}

test('A file is read with its digest', (t) => {
  const root = emptyTree(t);
  put(root, conf, 'content');
  const state = openUnder(root).read();
  t.like(state, {
    state: 'file',
    file: {
      path: join(root, conf),
      digest: 'ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73',
    },
    findings: [],
  });
});

for (const [what, directories] of [
  ['no file', ['etc/containers']],
  ['no directory', []],
] as const) {
  test(`Where there is ${what}, it is absent, and the first replacement creates what is missing`, async (t) => {
    const root = emptyTree(t);
    for (const directory of directories) putDirectory(root, directory);
    const target = openUnder(root);
    t.deepEqual(target.read(), { state: 'absent' });
    await target.replace(text('new'));
    target.settle();
    t.is(readFileSync(join(root, conf), 'utf8'), 'new');
  });
}

test('Replace, take back, replace and settle leave exactly one file', async (t) => {
  const root = emptyTree(t);
  put(root, conf, 'old');
  const target = openUnder(root);
  await target.replace(text('refused'));
  target.takeBack();
  t.is(readFileSync(join(root, conf), 'utf8'), 'old');
  await target.replace(text('accepted'));
  target.settle();
  t.is(readFileSync(join(root, conf), 'utf8'), 'accepted');
  t.deepEqual(readdirSync(join(root, 'etc/containers')), ['registries.conf']);
});

for (const [what, planned, bytes] of [
  ['another file than was planned for', digest('planned'), text('new')],
  ['a file where none was planned for', null, text('new')],
  ['another file than was to be removed', digest('planned'), null],
] as const) {
  test(`Where there is ${what}, it stays, and nothing beside it`, async (t) => {
    const root = emptyTree(t);
    put(root, conf, 'theirs');
    const target = openUnder(root);
    const error = await t.throwsAsync(target.replace(bytes, planned), { instanceOf: HostError });
    t.is(error.findingName, 'fileKeepsChanging');
    t.is(readFileSync(join(root, conf), 'utf8'), 'theirs');
    t.deepEqual(readdirSync(join(root, 'etc/containers')), ['registries.conf']);
    await target.replace(bytes, digest('theirs'));
    target.settle();
    t.is(existsSync(join(root, conf)), bytes !== null);
  });
}

test('The kept name does not count as a foreign hard link', async (t) => {
  const root = emptyTree(t);
  const path = put(root, conf, 'old');
  linkSync(path, join(root, 'etc/containers/.registries.conf.icspd-previous'));
  t.is(faultOf(root), null);
  await t.notThrowsAsync(openUnder(root).replace(text('new')));
});

test('Any other hard link does, and the file is not replaced', async (t) => {
  const root = emptyTree(t);
  const path = put(root, conf, 'old');
  linkSync(path, join(root, 'elsewhere'));
  t.is(faultOf(root), 'ICSP314');
  await isRefused(t, root, 'targetHardLinked');
  t.is(readFileSync(path, 'utf8'), 'old');
});

for (const [where, link, real] of [
  ['its directory', 'real.conf', 'etc/containers/real.conf'],
  [
    '/etc/containers, by an absolute text',
    '/etc/containers/local/real.conf',
    'etc/containers/local/real.conf',
  ],
] as const) {
  test(`A link within ${where} stays a link; what it leads to is replaced`, async (t) => {
    const root = emptyTree(t);
    put(root, real, 'old');
    symlinkSync(link, join(root, conf));
    const target = openUnder(root);
    t.like(target.read(), { state: 'file', file: { path: join(root, conf) } });
    await target.replace(text('new'));
    target.settle();
    t.true(lstatSync(join(root, conf)).isSymbolicLink());
    t.is(readFileSync(join(root, real), 'utf8'), 'new');
  });
}

test('A directory that is a link does not make the file leave it', async (t) => {
  const root = emptyTree(t);
  put(root, 'srv/containers/registries.conf', 'old');
  putDirectory(root, 'etc');
  symlinkSync('/srv/containers', join(root, 'etc/containers'));
  await openUnder(root).replace(text('new'));
  t.is(readFileSync(join(root, 'srv/containers/registries.conf'), 'utf8'), 'new');
});

test('A link to elsewhere is refused, and what it leads to is not touched', async (t) => {
  const root = emptyTree(t);
  const path = put(root, 'usr/share/registries.conf', 'image');
  putDirectory(root, 'etc/containers');
  symlinkSync('/usr/share/registries.conf', join(root, conf));
  t.is(faultOf(root), 'ICSP312');
  await isRefused(t, root, 'targetLeavesDirectory');
  t.is(readFileSync(path, 'utf8'), 'image');
});

test('A link out of the root is refused', async (t) => {
  const root = emptyTree(t);
  putDirectory(root, 'etc/containers');
  symlinkSync('../../../../../../../../../../etc/hostname', join(root, conf));
  t.is(faultOf(root), 'ICSP306');
  await isRefused(t, root, 'pathEscapesRoot');
});

test('A directory in the place of the file is refused', async (t) => {
  const root = emptyTree(t);
  mkdirSync(join(root, conf), { recursive: true });
  t.is(faultOf(root), 'ICSP311');
  await isRefused(t, root, 'targetNotRegular');
});

test('A FIFO in the place of the file is refused and does not block', async (t) => {
  const root = emptyTree(t);
  putDirectory(root, 'etc/containers');
  execFileSync('mkfifo', [join(root, conf)]);
  t.is(faultOf(root), 'ICSP311');
  await isRefused(t, root, 'targetNotRegular');
});

for (const [what, mode] of [
  ['others can write', 0o775],
  ['others can write, if only their own files', 0o1777],
] as const) {
  test(`In a directory that ${what} nothing is replaced, and nothing is created`, async (t) => {
    const root = emptyTree(t);
    const path = put(root, conf, 'old');
    chmodSync(join(root, 'etc/containers'), mode);
    t.is(faultOf(root), 'ICSP327');
    await isRefused(t, root, 'targetReplaceable');
    t.is(readFileSync(path, 'utf8'), 'old');
    rmSync(path);
    await isRefused(t, root, 'targetReplaceable');
    t.deepEqual(readdirSync(join(root, 'etc/containers')), []);
  });
}

test('Each directory that a link leads through counts as well', async (t) => {
  const root = emptyTree(t);
  put(root, 'etc/containers/local/real.conf', 'old');
  symlinkSync('local/real.conf', join(root, conf));
  chmodSync(join(root, 'etc/containers/local'), 0o777);
  await isRefused(t, root, 'targetReplaceable');
});

testAsRoot('A directory of another user is refused', async (t) => {
  const root = emptyTree(t);
  put(root, conf, 'old');
  chownSync(join(root, 'etc'), 1000, 1000);
  await isRefused(t, root, 'targetReplaceable');
});

test('Write bits for others are a warning', (t) => {
  const root = emptyTree(t);
  put(root, conf, 'old', 0o664);
  const state = openUnder(root).read();
  t.like(state, { state: 'file', findings: [{ id: 'ICSP317', severity: 'warning' }] });
});

test('Sweeping removes what an interruption left, and nothing else', (t) => {
  const root = emptyTree(t);
  const path = put(root, conf, 'old');
  const directory = join(root, 'etc/containers');
  linkSync(path, join(directory, '.registries.conf.icspd-previous'));
  for (const name of ['.registries.conf.icspd-0123456789abcdef', '.registries.conf.swp', 'policy.json']) {
    writeFileSync(join(directory, name), '');
  }
  openUnder(root).sweep();
  t.deepEqual(readdirSync(directory), ['.registries.conf.swp', 'policy.json', 'registries.conf']);
});

test('Of the same names a link is removed but not followed, a FIFO is removed, and a directory stays', (t) => {
  const root = emptyTree(t);
  const victim = put(root, 'victim', 'content');
  const directory = putDirectory(root, 'etc/containers');
  symlinkSync(victim, join(directory, '.registries.conf.icspd-previous'));
  execFileSync('mkfifo', [join(directory, '.registries.conf.icspd-0123456789abcdef')]);
  put(root, 'etc/containers/.registries.conf.icspd-00000000deadbeef/somebodys', 'content');
  openUnder(root).sweep();
  t.deepEqual(readdirSync(directory), ['.registries.conf.icspd-00000000deadbeef']);
  t.is(readFileSync(victim, 'utf8'), 'content');
});

for (const bytes of [text('new'), null]) {
  test(`A directory where the old file would be kept is named, and stops the ${bytes === null ? 'removal' : 'replacement'}`, async (t) => {
    const root = emptyTree(t);
    const path = put(root, conf, 'old');
    const kept = put(root, 'etc/containers/.registries.conf.icspd-previous/somebodys', 'content');
    const error = await t.throwsAsync(openUnder(root).replace(bytes), { instanceOf: HostError });
    t.regex(error.help, /^move it away: mv /);
    t.is(readFileSync(path, 'utf8'), 'old');
    t.is(readFileSync(kept, 'utf8'), 'content');
    t.is(readdirSync(join(root, 'etc/containers')).length, 2);
  });
}

test('Sweeping where there is no directory does nothing', (t) => {
  t.notThrows(() => openUnder(emptyTree(t)).sweep());
});

test('Taking back without a replacement is an error', (t) => {
  const root = emptyTree(t);
  put(root, conf, 'old');
  t.throws(() => openUnder(root).takeBack(), { instanceOf: HostError });
});

testAsRoot('A file of another user is not replaced, but read: it may hold what it should', async (t) => {
  const root = emptyTree(t);
  chownSync(put(root, conf, 'old'), 1000, 1000);
  t.is(faultOf(root), 'ICSP313');
  t.like(openUnder(root).read(), { state: 'file', owner: '1000:1000' });
  await isRefused(t, root, 'targetNotOwned');
});

for (const [what, entry] of [
  ['may read', 'u:1000:r'],
  ['may write', 'g:1000:rw'],
] as const) {
  test(`A file that an ACL entry says somebody ${what} is refused, with the command that takes the entry away`, async (t) => {
    const root = emptyTree(t);
    const path = put(root, conf, 'old');
    const target = openUnder(root);
    t.is(target.read().state, 'file');
    try {
      execFileSync('setfacl', ['-m', entry, path], { stdio: 'ignore' });
    } catch {
      leaveOut(t, 'there is no setfacl, or no ACL on this file system');
      return;
    }
    t.like(target.read(), { state: 'file', obstacle: { id: 'ICSP328' } });
    await isRefused(t, root, 'targetHasAcl');
    execFileSync('setfacl', ['--remove-all', path]);
    await target.replace(text('new'));
    t.is(readFileSync(path, 'utf8'), 'new');
  });
}

for (const [what, flag, name] of [
  ['An immutable file', 'i', conf],
  ['An append-only file', 'a', conf],
  ['A file in an immutable directory', 'i', 'etc/containers'],
  ['A file in an append-only directory', 'a', 'etc/containers'],
] as const) {
  testAsRoot(`${what} is refused with a sentence that says so`, async (t) => {
    const root = emptyTree(t);
    const path = put(root, conf, 'old');
    try {
      execFileSync('chattr', [`+${flag}`, join(root, name)], { stdio: 'ignore' });
    } catch {
      leaveOut(t, 'this file system knows no immutable files');
      return;
    }
    try {
      await isRefused(t, root, 'targetImmutable');
      t.is(readFileSync(path, 'utf8'), 'old');
    } finally {
      execFileSync('chattr', [`-${flag}`, join(root, name)]);
    }
    openUnder(root).sweep();
    t.deepEqual(readdirSync(join(root, 'etc/containers')), ['registries.conf']);
  });
}

for (const [what, mount, findingName] of [
  ['bind-mounted file', 'mount --bind "$0" "$0"', 'targetBindMounted'],
  [
    'file on a read-only file system',
    'cd "${0%/*}" && mount --bind . . && cd . && mount -o remount,bind,ro "${0%/*}"',
    'readOnlyFileSystem',
  ],
] as const) {
  testAsRoot(`A ${what} is refused with a sentence that says so`, (t) => {
    const root = emptyTree(t);
    const path = put(root, conf, 'old');
    const module = (name: string) => new URL(`../../src/${name}.ts`, import.meta.url).href;
    const script = `
      const { openTarget } = await import('${module('host/target')}');
      const { trustUnder } = await import('${module('host/trust')}');
      const target = openTarget({ root: '${root}', registriesConf: '${path}' }, trustUnder('${root}'));
      await target.replace(Buffer.from('new')).catch((error) => console.log(error.findingName));`;
    const inNamespace = `${mount} || { echo 'not run'; exit; }; exec "$@"`;
    const node = [process.execPath, '--input-type=module', '-e', script];
    const said = execFileSync('unshare', ['--mount', 'sh', '-c', inNamespace, path, ...node], {
      encoding: 'utf8',
    });
    if (said === 'not run\n') {
      leaveOut(t, 'nothing can be mounted here');
      return;
    }
    t.is(said, `${findingName}\n`);
    t.is(readFileSync(path, 'utf8'), 'old');
    t.deepEqual(readdirSync(join(root, 'etc/containers')), ['registries.conf']);
  });
}
