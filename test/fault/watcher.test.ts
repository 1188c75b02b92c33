// What happens to policy directories under a running daemon: events or none, the file on disk comes to what is there.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { digestPolicy, makeRoot, type Root } from '../cli/program.ts';
import { leaveOut } from '../leave-out.ts';
import { startDaemon, type Daemon } from './daemon.ts';

const settings = 'resync = "1s"\n';

function policy(mirror: string): string {
  return digestPolicy.replace('mirror.example/team', mirror);
}

function makeWatchedRoot(t: ExecutionContext): Root {
  const root = makeRoot(t);
  root.write('/etc/icspd/icspd.conf', settings);
  mkdirSync(join(root.path, 'etc/icsp.d'), { mode: 0o755 });
  return root;
}

/** Before the daemon starts, and what is done to it then; afterwards new.example is in force and old.example is not. */
interface Scene {
  readonly title: string;
  readonly before: (root: Root) => void;
  readonly act: (root: Root, daemon: Daemon) => Promise<void> | void;
}

function putOld(root: Root): void {
  root.write('/etc/icsp.d/a.yaml', policy('old.example'));
}

const scenes: readonly Scene[] = [
  {
    title: 'the directory is removed and made again',
    before: putOld,
    act(root) {
      root.remove('/etc/icsp.d');
      root.write('/etc/icsp.d/a.yaml', policy('new.example'));
    },
  },
  {
    title: 'another directory is moved in its place',
    before: putOld,
    act(root) {
      root.write('/etc/next/a.yaml', policy('new.example'));
      renameSync(join(root.path, 'etc/icsp.d'), join(root.path, 'etc/last'));
      renameSync(join(root.path, 'etc/next'), join(root.path, 'etc/icsp.d'));
    },
  },
  {
    title: 'the directory is a link, and the link is turned',
    before(root) {
      root.write('/etc/one/a.yaml', policy('old.example'));
      root.write('/etc/two/a.yaml', policy('new.example'));
      root.remove('/etc/icsp.d');
      symlinkSync('one', join(root.path, 'etc/icsp.d'));
    },
    act(root) {
      symlinkSync('two', join(root.path, 'etc/link'));
      renameSync(join(root.path, 'etc/link'), join(root.path, 'etc/icsp.d'));
    },
  },
  {
    title: 'the files are links through ..data, and ..data is turned, as in a mounted ConfigMap',
    before(root) {
      root.write('/etc/icsp.d/..1/a.yaml', policy('old.example'));
      root.write('/etc/icsp.d/..2/a.yaml', policy('new.example'));
      symlinkSync('..1', join(root.path, 'etc/icsp.d/..data'));
      symlinkSync('..data/a.yaml', join(root.path, 'etc/icsp.d/a.yaml'));
    },
    act(root) {
      symlinkSync('..2', join(root.path, 'etc/icsp.d/..tmp'));
      renameSync(join(root.path, 'etc/icsp.d/..tmp'), join(root.path, 'etc/icsp.d/..data'));
    },
  },
  {
    title: 'the directory is removed while empty, and comes back later with a file',
    before: () => undefined,
    async act(root) {
      root.remove('/etc/icsp.d');
      // Long enough that the daemon has seen it missing.
      await wait(2_500);
      root.write('/etc/icsp.d/a.yaml', policy('new.example'));
    },
  },
  {
    title: 'two writes come within 50 ms',
    before: putOld,
    async act(root) {
      root.write('/etc/icsp.d/a.yaml', policy('middle.example'));
      await wait(10);
      root.write('/etc/icsp.d/a.yaml', policy('new.example'));
    },
  },
  {
    title: 'more events come than the kernel keeps, while the daemon cannot read them',
    before: putOld,
    act(root, daemon) {
      daemon.process.kill('SIGSTOP');
      // One more than fs.inotify.max_queued_events, inotify(7).
      for (let i = 0; i <= 16_384; i += 1) writeFileSync(join(root.path, 'etc/icsp.d/.noise'), '');
      rmSync(join(root.path, 'etc/icsp.d/.noise'));
      root.write('/etc/icsp.d/a.yaml', policy('new.example'));
      daemon.process.kill('SIGCONT');
    },
  },
];

for (const { title, before, act } of scenes) {
  test(`${title}: it converges`, async (t) => {
    const root = makeWatchedRoot(t);
    before(root);
    const daemon = await startDaemon(t, root);
    await act(root, daemon);
    await daemon.converges('new.example');
    await daemon.converges('old.example', false);
    await daemon.converges('middle.example', false);
    t.log('1 point');
  });
}

test('a hundred files within a second are few changes', async (t) => {
  const root = makeWatchedRoot(t);
  const daemon = await startDaemon(t, root);
  const beganMs = performance.now();
  for (let i = 0; i < 100; i += 1) {
    root.write(`/etc/icsp.d/${i}.yaml`, policy('new.example').replaceAll('team', `team${i}`));
    await wait(8);
  }
  await daemon.converges('team99');
  await daemon.converges('team0"');
  // A busy machine takes longer than a second to drop them: one more for each.
  const seconds = (performance.now() - beganMs) / 1000;
  const generations = readdirSync(join(root.path, 'var/lib/icspd/v1/generations')).length;
  t.true(generations <= 3 + Math.floor(seconds), `${generations} generations in ${seconds} s`);
  t.log(`1 point: ${generations} generations`);
});

/** Whether a process may have an inotify limit of its own here. */
function canLimitWatches(): boolean {
  try {
    execFileSync('unshare', ['-Ur', 'sh', '-c', 'echo 1 > /proc/sys/user/max_inotify_watches'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

test('where no more files can be watched it says so once, and converges at the resync', async (t) => {
  if (!canLimitWatches()) {
    leaveOut(t, 'unshare -U cannot set max_inotify_watches');
    return;
  }
  const root = makeWatchedRoot(t);
  putOld(root);
  const limit = 'echo 0 > /proc/sys/user/max_inotify_watches; exec "$@"';
  const daemon = await startDaemon(t, root, ['unshare', '-Ur', 'sh', '-c', limit, 'sh']);
  for (const mirror of ['second.example', 'third.example', 'new.example']) {
    root.write('/etc/icsp.d/a.yaml', policy(mirror));
    await daemon.converges(mirror);
  }
  const times = daemon.log().split('cannot be watched').length - 1;
  t.is(times, 1, daemon.log());
  t.log('3 points');
});
