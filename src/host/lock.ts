// The lock that daemon and commands share: flock(2) on a descriptor of ours, which dies with us whatever happens.
import { closeSync, constants, fchmodSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { posix } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Lock } from '../agent/ports.ts';
import type { Paths } from '../paths.ts';
import { escape, quote } from '../escape.ts';
import { runCommand } from './command.ts';
import { makeDirectory } from './durable-file.ts';
import { attempt, errnoOf } from './errno.ts';
import { HostError } from '../host-error.ts';
import { resolvePath } from './resolve-path.ts';

const pollMs = 50;
const commandTimeoutMs = 5_000;
/** What flock(1) is told to exit with where someone else holds the lock, so that nothing else looks like it. */
const isHeldCode = 75;

/** Opens the lock at `paths.lock`. The file stays where it is for ever: removing a lock file lets two in. */
export function openLock(paths: Pick<Paths, 'root' | 'lock'>): Lock {
  return {
    async hold(timeoutMs, work) {
      const path = resolvePath(paths.lock, paths.root).path;
      makeDirectory(posix.dirname(path), 0o700);
      const fd = openLockFile(path);
      try {
        await take(fd, path, performance.now() + timeoutMs);
        nameHolder(fd);
        return await work();
      } finally {
        closeSync(fd);
      }
    },
  };
}

function openLockFile(path: string): number {
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  return attempt('open', path, () => {
    const fd = openSync(path, flags, 0o600);
    fchmodSync(fd, 0o600);
    return fd;
  });
}

/** flock(1) locks the open file that it inherits; it is ours too, so that the lock stays when the child has gone. */
async function take(fd: number, path: string, deadlineMs: number): Promise<void> {
  const args = ['--nonblock', '--conflict-exit-code', String(isHeldCode), '3'];
  for (;;) {
    const { exitCode, stderr } = await runCommand('flock', args, {
      timeoutMs: commandTimeoutMs,
      inheritFd: fd,
    });
    if (exitCode === 0) return;
    if (exitCode !== isHeldCode) throw failed(path, stderr);
    if (performance.now() >= deadlineMs) throw held(path);
    await wait(pollMs);
  }
}

/** For the message of those who wait, only: a full disk must not keep anybody from taking a bad file back. */
function nameHolder(fd: number): void {
  try {
    ftruncateSync(fd);
    writeSync(fd, `${process.pid} ${escape(['icspd', ...process.argv.slice(2)].join(' '))}\n`, 0);
  } catch (error) {
    if (errnoOf(error) === null) throw error;
  }
}

function held(path: string): HostError {
  const holder = /^(\d+) (.*)$/m.exec(readHolder(path));
  const who = holder === null ? 'another icspd' : `process ${holder[1] ?? ''} (${quote(holder[2] ?? '')})`;
  return new HostError(
    'lockHeld',
    `${who} is applying and holds ${quote(path)}`,
    holder === null ? 'try again in a moment' : `try again in a moment; ps -p ${holder[1] ?? ''} shows it`,
    { path },
  );
}

function readHolder(path: string): string {
  return attempt('read', path, () => readFileSync(path, 'utf8'));
}

function failed(path: string, stderr: string): HostError {
  const help = 'look at the file system that it lies on: it has to be a local one that is writable';
  return new HostError('lockFailed', `cannot lock ${quote(path)}: ${quote(stderr.trim())}`, help, { path });
}
