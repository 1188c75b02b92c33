// Runs a command of the host to its end: bounded in time and in output, whatever the command does to its pipes.
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type { Options } from 'execa';
import { quote } from '../escape.ts';
import { HostError } from '../host-error.ts';

/** What a command said. `exitCode` is 128 + the signal's number if a signal ended it, as in a shell. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandOptions {
  readonly timeoutMs: number;
  /** Written to the command's stdin; without it stdin is /dev/null. */
  readonly stdinText?: string;
  /** A descriptor of ours that the command finds as its descriptor 3. */
  readonly inheritFd?: number;
}

/** The host's tools are parsed: what they print must not depend on the locale or time zone that icspd was started in. */
export const commandEnvironment = { LC_ALL: 'C.UTF-8', LANGUAGE: '', TZ: 'UTC' } as const;

const keptBytes = 1024 * 1024;

/** How long output may lag behind the exit; who holds the pipes longer is a grandchild, and nobody waits for that. */
const drainMs = 250;

type End = { readonly exitCode: number } | { readonly cause: unknown } | 'timeout';

/**
 * Runs `file` (looked up in PATH, which the launcher sets) with `args`, without a shell, in a session of its own.
 * The first 1 MiB of each output is kept; the rest is read and dropped, so that the command never blocks on us.
 * Never throws because of an exit code. Throws HostError if the command cannot be started, or has not exited within
 * `timeoutMs`: then its process group is killed, and not waited for.
 */
export async function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  // In an object, since a subprocess is a promise as well, which `await` would follow.
  const { subprocess } = await start(file, args, options);
  const child = subprocess.nodeChildProcess;
  const stdout = keep(child.stdout);
  const stderr = keep(child.stderr);
  const failure = subprocess.then((result) => result.cause);
  const end = await untilEnd(child, failure, options.timeoutMs);
  if (end === 'timeout') subprocess.kill('SIGKILL');
  letGo(child);
  if (end === 'timeout') throw timedOut(file, args, options.timeoutMs);
  if ('cause' in end) throw notStarted(file, end.cause);
  return { exitCode: end.exitCode, stdout: stdout(), stderr: stderr() };
}

/** Execa's own time limit is not used: it waits until the pipes are closed, which a grandchild can delay for ever. */
async function start(file: string, args: readonly string[], options: CommandOptions) {
  const { execa } = await import('execa');
  try {
    return { subprocess: execa(file, args, spawnOptions(options)) };
  } catch (cause) {
    // Arguments that no process can have, such as one with a NUL.
    throw notStarted(file, cause);
  }
}

function spawnOptions({ stdinText, inheritFd }: CommandOptions) {
  return {
    env: commandEnvironment,
    stdio: [
      stdinText === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      // Execa passes any descriptor on, but its types know those below 10 only.
      ...(inheritFd === undefined ? [] : [inheritFd as 9]),
    ],
    ...(stdinText === undefined ? {} : { input: stdinText }),
    encoding: 'buffer',
    buffer: false,
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: false,
  } as const satisfies Options;
}

/** Collects what the stream carries; the returned function gives what came so far. */
function keep(stream: Readable | null): () => string {
  const chunks: Uint8Array[] = [];
  let length = 0;
  stream?.on('data', (chunk: Uint8Array) => {
    const kept = chunk.subarray(0, keptBytes - length);
    if (kept.length > 0) chunks.push(kept);
    length += kept.length;
  });
  return () => new TextDecoder().decode(Buffer.concat(chunks));
}

/** The exit and the end of the output; or the exit and `drainMs`; or `timeoutMs`; or the reason why there is no process. */
async function untilEnd(child: ChildProcess, failure: Promise<unknown>, timeoutMs: number): Promise<End> {
  const timers: NodeJS.Timeout[] = [];
  const ended = new Promise<End>((resolve) => {
    let hasExited = false;
    const giveUp = (): void => {
      if (!hasExited) resolve('timeout');
    };
    timers.push(setTimeout(() => afterEvents(giveUp), timeoutMs));
    child.once('exit', (code, signal) => {
      hasExited = true;
      const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
      child.once('close', () => resolve({ exitCode }));
      timers.push(setTimeout(() => afterEvents(() => resolve({ exitCode })), drainMs));
    });
    void failure.then((cause) => {
      if (child.pid === undefined) resolve({ cause });
    });
  });
  return ended.finally(() => timers.forEach((timer) => clearTimeout(timer)));
}

/** Calls back once the events that have happened by now are told: where this process was held up, the exit may be among them. */
function afterEvents(callback: () => void): void {
  setImmediate(() => setImmediate(callback));
}

/** Keeps neither pipes nor the process from ending, whoever still holds the other side. */
function letGo(child: ChildProcess): void {
  for (const stream of child.stdio) stream?.destroy();
  child.unref();
}

function timedOut(file: string, args: readonly string[], timeoutMs: number): HostError {
  const command = [file, ...args].join(' ');
  return new HostError(
    'commandTimedOut',
    `the command ${quote(command)} has not ended within ${String(timeoutMs / 1000)} s and was killed`,
    'look at the state of the service that the command talks to, and at the load of the node',
    { path: file },
  );
}

function notStarted(file: string, cause: unknown): HostError {
  const reason = cause instanceof Error ? cause.message : 'no reason given';
  return new HostError(
    'commandNotStarted',
    `the command ${quote(file)} cannot be started: ${quote(reason)}`,
    `install the package that provides ${quote(file)}; icspd looks in /usr/sbin, /usr/bin, /sbin and /bin`,
    { path: file, cause },
  );
}
