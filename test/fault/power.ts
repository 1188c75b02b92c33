// The layer of power cuts: the disk as it is at each call of a run, mounted anew. What was not synced is not on it.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Findings } from './crash.ts';
import { judgeInstant, judgeRecovery, judgeReplaced } from './judge.ts';
import { findPoints, writingCalls } from './points.ts';
import { mustRun } from './processes.ts';
import type { Replacer, Scene } from './replacer.ts';
import type { Scratch } from './scratch.ts';
import { callOf } from './strace.ts';

/** The disk right after a call. */
interface Instant {
  readonly after: string;
  readonly image: string;
  /** The program has said that it is done. */
  readonly isReported: boolean;
}

/** Far above what a run takes that is stopped at each call. */
const runMs = 120_000;

/** Small enough to be copied at each call, and large enough for a journal. */
const diskBytes = 16 * 1024 * 1024;

/**
 * Runs the scene on an ext4 of its own, stops it after each call that writes, and keeps the disk as it is then.
 * @param options for mount(8), such as `data=writeback`
 */
export async function sweepPowerCuts(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  options: string,
): Promise<Findings> {
  const names = (await findPoints(replacer, scene, scratch, writingCalls)).map(({ call }) => call.shape);
  const instants = await record(replacer, scene, scratch, options);
  const kept = instants.map(({ after }) => after);
  const missing = names.filter((name) => !kept.includes(name));
  const judged = new Map<string, readonly string[]>();
  const complaints = missing.map((name) => `power cut after ${name}: never hit`);
  for (const { after, image, isReported } of instants) {
    // The same disk need not be judged twice.
    const key = `${createHash('sha256').update(readFileSync(image)).digest('hex')} ${String(isReported)}`;
    const words = judged.get(key) ?? (await judge(replacer, scene, scratch, { image, options, isReported }));
    judged.set(key, words);
    rmSync(image);
    complaints.push(...words.map((each) => `power cut after ${after}: ${each}`));
  }
  return { points: instants.length, tried: instants.length, complaints };
}

/** Whether this machine can mount a file. */
export async function canMountFiles(scratch: Scratch): Promise<boolean> {
  const image = await makeDisk(scratch);
  try {
    await mount(image, scratch.root, 'defaults');
    await unmount(scratch.root);
    return true;
  } catch {
    return false;
  }
}

async function judge(
  replacer: Replacer,
  scene: Scene,
  { root }: Scratch,
  disk: { readonly image: string; readonly options: string; readonly isReported: boolean },
): Promise<readonly string[]> {
  await mount(disk.image, root, disk.options);
  try {
    return [
      ...judgeInstant(replacer, scene, root),
      ...(disk.isReported ? judgeReplaced(scene, root) : []),
      ...(await judgeRecovery(replacer, scene, root)),
    ];
  } finally {
    await unmount(root);
  }
}

async function record(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  options: string,
): Promise<readonly Instant[]> {
  const { root } = scratch;
  const disk = await makeDisk(scratch);
  await mount(disk, root, options);
  try {
    await mustRun('cp', '-a', `${scene.template}/.`, root);
    await unmount(root);
    await mount(disk, root, options);
    return await runStopping(replacer, scene, scratch, disk);
  } finally {
    await unmount(root);
    rmSync(disk);
  }
}

/** SIGSTOP is delivered when the call has returned, so that the disk then is that of a power cut after it. */
async function runStopping(
  replacer: Replacer,
  scene: Scene,
  { root, path }: Scratch,
  disk: string,
): Promise<readonly Instant[]> {
  const names = writingCalls.map((name) => `?${name}`).join(',');
  const flags = ['--follow-forks', '--decode-fds=path', '--string-limit=0', '--quiet=all'];
  const tracing = [`--trace=execve,${names}`, '--signal=SIGSTOP', `--inject=${names}:signal=SIGSTOP`];
  const child = spawn(
    'strace',
    [...flags, ...tracing, '--output=|cat >&3', ...replacer.command(root, scene.args)],
    {
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...replacer.environment },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      timeout: runMs,
      killSignal: 'SIGKILL',
    },
  );
  const ended = once(child, 'exit');
  const instants: Instant[] = [];
  const keep = async (after: string, isReported: boolean): Promise<void> => {
    const image = join(path, `instant-${instants.length}`);
    await mustRun('cp', '--sparse=always', disk, image);
    instants.push({ after, image, isReported: isReported || instants.at(-1)?.isReported === true });
  };
  const last = new Map<string, string>();
  const stopping = new Set<string>();
  let main: string | null = null;
  for await (const line of createInterface({ input: child.stdio[3] as Readable })) {
    const [, thread = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? [];
    main ??= thread;
    if (rest.startsWith('--- SIGSTOP')) stopping.add(thread);
    else if (!rest.startsWith('---')) last.set(thread, rest);
    // The other threads of a process that stops say so as well.
    if (rest !== '--- stopped by SIGSTOP ---' || !stopping.delete(thread)) continue;
    const call = last.get(thread) ?? '';
    const shape = callOf(call, root);
    const isAnswer = thread === main && call.startsWith('write(1<') && instants.at(-1)?.isReported !== true;
    if (shape !== null || isAnswer) await keep(shape ?? 'its answer', isAnswer);
    process.kill(Number(thread), 'SIGCONT');
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`${scene.title}: the run fails on the disk: exit ${String(code)}`);
  await keep('its end', true);
  return instants;
}

async function makeDisk({ path }: Scratch): Promise<string> {
  const image = join(path, 'disk');
  rmSync(image, { force: true });
  await mustRun('truncate', `--size=${diskBytes}`, image);
  await mustRun('mkfs.ext4', '-q', '-F', image);
  return image;
}

async function mount(image: string, on: string, options: string): Promise<void> {
  await mustRun('mount', '-t', 'ext4', '-o', `loop,${options}`, image, on);
}

async function unmount(path: string): Promise<void> {
  await mustRun('umount', path);
}
