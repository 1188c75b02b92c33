// Whatever the disk answers, the daemon lives, says so, leaves the file alone, and converges by itself once the cause is gone.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { makeRoot } from '../cli/program.ts';
import { startDaemon } from './daemon.ts';
import { policy } from './icspd.ts';

/** Each call of that name fails with that errno, until strace lets go. */
const failures = [
  ['pwrite64', 'ENOSPC', 'ICSP301'],
  ['pwrite64', 'EDQUOT', 'ICSP301'],
  ['fsync', 'EIO', 'ICSP300'],
  ['mkdir', 'EROFS', 'ICSP302'],
  ['rename', 'EACCES', 'ICSP303'],
  ['link', 'EIO', 'ICSP300'],
  ['openat', 'EROFS', 'ICSP302'],
  ['openat', 'EIO', 'ICSP300'],
] as const;

for (const [call, errno, id] of failures) {
  test.serial(`A daemon under which each ${call} fails with ${errno} waits for better times`, async (t) => {
    const root = makeRoot(t);
    root.write('/etc/icspd/icspd.conf', 'resync = "1s"\n');
    root.write('/etc/icsp.d/team.yaml', policy('mirror.example/team'));
    const daemon = await startDaemon(t, root);
    await daemon.converges('mirror.example');
    const before = root.read('/etc/containers/registries.conf');
    const pid = String(daemon.process.pid);
    const inject = `--inject=${call}:error=${errno}`;
    const strace = spawn('strace', ['-f', '-p', pid, `--trace=${call}`, inject, '--output=/dev/null'], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    t.teardown(() => strace.kill('SIGKILL'));
    await once(strace.stderr, 'data'); // It says that it is attached.
    root.write('/etc/icsp.d/team.yaml', policy('other.example/team'));
    await daemon.says(id);
    t.is(root.read('/etc/containers/registries.conf'), before);
    strace.kill('SIGINT');
    await once(strace, 'exit');
    await daemon.converges('other.example');
    t.is(daemon.process.exitCode, null);
    t.notRegex(daemon.log(), /ICSP399|^ {4}at /m);
    t.log('1 point');
  });
}
