// The points of a run at which something can go wrong: each call on something below the root.
import { trace, type Call, type Traced } from './strace.ts';
import type { Replacer, Scene } from './replacer.ts';
import type { Scratch } from './scratch.ts';

/** The system calls that change a file system. */
export const writingCalls: readonly string[] = [
  ...['write', 'pwrite64', 'writev', 'pwritev', 'ftruncate', 'truncate', 'fallocate', 'copy_file_range'],
  ...['fsync', 'fdatasync', 'sync_file_range', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
  ...['unlink', 'unlinkat', 'rmdir', 'symlink', 'symlinkat', 'mkdir', 'mkdirat', 'mknod', 'mknodat'],
  ...['chmod', 'fchmod', 'fchmodat', 'chown', 'fchown', 'lchown', 'fchownat', 'utimensat'],
  ...['setxattr', 'fsetxattr', 'lsetxattr', 'removexattr', 'fremovexattr'],
];

/** Those that only look, but for read(2), of which Node.js itself makes more or less; `openat` also creates. */
export const readingCalls: readonly string[] = [
  ...['openat', 'getdents64', 'statx', 'newfstatat', 'readlink', 'access'],
];

export interface Point {
  readonly call: Call;
  /** Which of the calls of that shape, from 1. */
  readonly place: number;
}

/** Every point of an undisturbed run, in order. */
export async function findPoints(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  names: readonly string[],
): Promise<readonly Point[]> {
  await scratch.place(scene.template);
  const { calls, code, err } = await tracedRun(replacer, scene, scratch, names);
  if (code !== 0) throw new Error(`${scene.title}: the undisturbed run fails: ${err}`);
  const seen = new Map<string, number>();
  return calls.map((call) => {
    const place = 1 + (seen.get(call.shape) ?? 0);
    seen.set(call.shape, place);
    return { call, place };
  });
}

/** How often a point is aimed at: the number of calls before it can vary a little. */
const aims = 25;

/**
 * Runs the scene with the fault at exactly that point, on a fresh root each time until it is hit; null if it never is.
 * @param fault as for strace, such as `error=EIO`
 */
export async function strike(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  { call, place }: Point,
  fault: string,
): Promise<Traced | null> {
  let { ordinal } = call;
  for (let aim = 0; aim < aims; aim += 1) {
    await scratch.place(scene.template);
    const inject = `${call.name}:${fault}:when=${ordinal}`;
    const traced = await tracedRun(replacer, scene, scratch, [call.name], inject);
    const found = traced.calls.filter(({ shape }) => shape === call.shape)[place - 1];
    const isTampered = fault.startsWith('signal=') ? traced.signal === 'SIGKILL' : traced.tampered === 1;
    if (found?.ordinal === ordinal && isTampered) return traced;
    // Struck behind it, it shows where it was; struck before it, it is further on.
    ordinal = found?.ordinal ?? ordinal + 1;
  }
  return null;
}

function tracedRun(
  replacer: Replacer,
  scene: Scene,
  { root }: Scratch,
  names: readonly string[],
  inject?: string,
): Promise<Traced> {
  const { environment } = replacer;
  const options = { names, root, environment, ...(inject === undefined ? {} : { inject }) };
  return trace(replacer.command(root, scene.args), options);
}
