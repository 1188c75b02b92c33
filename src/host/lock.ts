// The lock that daemon and commands share: flock(2) on a descriptor of ours, which dies with us whatever happens.
import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
  type Stats,
} from 'node:fs';
import { posix } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Lock } from '../agent/ports.ts';
import type { Paths } from '../paths.ts';
import { escape, quote, shellWord } from '../escape.ts';
import { runCommand } from './command.ts';
import { makeDirectory } from './durable-file.ts';
import { attempt, errnoOf } from './errno.ts';
import { HostError } from '../host-error.ts';
import { kindOf } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';
import { judgeWay, type Trust } from './trust.ts';

const pollMs = 50;
const commandTimeoutMs = 5_000;
/** What flock(1) is told to exit with where someone else holds the lock, so that nothing else looks like it. */
const isHeldCode = 75;
/** A command line can be longer; its beginning says enough. */
const maxHolderBytes = 4096;

/** Opens the lock at `paths.lock`. The file stays where it is for ever: removing a lock file lets two in. */
export function openLock(paths: Pick<Paths, 'root' | 'lock'>, trust: Trust): Lock {
  return {
    async hold(timeoutMs, work) {
      const path = locate(paths, trust);
      makeDirectory(posix.dirname(path), 0o700);
      const fd = openLockFile(path);
      try {
        refuseForeign(fd, path, trust);
        await take(fd, path, performance.now() + timeoutMs);
        nameHolder(fd);
        return await work();
      } finally {
        closeSync(fd);
      }
    },
  };
}

/** Where the lock really is. Nothing is opened or made where others than root could have put something. */
function locate({ root, lock }: Pick<Paths, 'root' | 'lock'>, trust: Trust): string {
  const way = resolvePath(lock, root);
  const distrust = judgeWay(way, trust);
  if (distrust !== null) {
    const message = `the lock ${quote(lock)} cannot be trusted: ${distrust.message}`;
    throw new HostError('untrustedState', message, distrust.help, { path: lock });
  }
  // Opening alone can have effects on a device.
  if (way.stats !== null) refuseOthers(way.path, way.stats);
  return way.path;
}

// Not blocking: a FIFO that comes between must not hold us up.
const safely = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK;

function openLockFile(path: string): number {
  return attempt('open', path, () => openSync(path, safely, 0o600));
}

/** The file is written to, so it must be a file of ours under one name. Its mode is ours to set. */
function refuseForeign(fd: number, path: string, trust: Trust): void {
  const stats = attempt('look at', path, () => fstatSync(fd));
  refuseOthers(path, stats);
  if (stats.uid !== trust.uid || stats.nlink !== 1) {
    const what = stats.uid === trust.uid ? `has ${stats.nlink} names` : `belongs to uid ${stats.uid}`;
    throw notOurs(path, what);
  }
  attempt('set the mode of', path, () => fchmodSync(fd, 0o600));
}

function refuseOthers(path: string, stats: Stats): void {
  if (!stats.isFile()) throw notOurs(path, `is not a regular file but a ${kindOf(stats)}`);
}

function notOurs(path: string, what: string): HostError {
  const help = `look who put it there (ls -l ${shellWord(path)}), and remove it: rm ${shellWord(path)}; icspd makes a new one`;
  return new HostError('untrustedState', `the lock ${quote(path)} ${what}`, help, { path });
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
    if (performance.now() >= deadlineMs) throw held(fd, path);
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

function held(fd: number, path: string): HostError {
  const holder = /^(\d+) (.*)$/m.exec(readHolder(fd, path));
  const who = holder === null ? 'another icspd' : `process ${holder[1] ?? ''} (${quote(holder[2] ?? '')})`;
  return new HostError(
    'lockHeld',
    `${who} is applying and holds ${quote(path)}`,
    holder === null ? 'try again in a moment' : `try again in a moment; ps -p ${holder[1] ?? ''} shows it`,
    { path },
  );
}

function readHolder(fd: number, path: string): string {
  const start = Buffer.alloc(maxHolderBytes);
  const length = attempt('read', path, () => readSync(fd, start, 0, start.length, 0));
  return start.toString('utf8', 0, length);
}

function failed(path: string, stderr: string): HostError {
  const help = 'look at the file system that it lies on: it has to be a local one that is writable';
  return new HostError('lockFailed', `cannot lock ${quote(path)}: ${quote(stderr.trim())}`, help, { path });
}
