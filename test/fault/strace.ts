// Runs a command under strace(1), and says which system calls its main thread made below a root.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Ended } from './processes.ts';

/** One call on something below the root. */
export interface Call {
  readonly name: string;
  /** The how manieth call of that name of its thread, from 1: what strace's `when=` counts. */
  readonly ordinal: number;
  /** Name and paths without what differs from run to run: root, descriptors, random names, sizes. */
  readonly shape: string;
}

export interface Traced extends Ended {
  /** Of the main thread, in order. */
  readonly calls: readonly Call[];
  /** Of other threads and of children; none where a fault was injected, which only the main thread meets. */
  readonly others: readonly Call[];
  /** How many calls strace has tampered with. */
  readonly tampered: number;
}

export interface TraceOptions {
  /** The system calls to look at; a name that this kernel does not have is left out. */
  readonly names: readonly string[];
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** As for strace's `inject=`: `fsync:error=EIO:when=3`. */
  readonly inject?: string;
}

/** Throws where strace itself does not work. */
export async function trace(argv: readonly string[], options: TraceOptions): Promise<Traced> {
  const folder = mkdtempSync(join(tmpdir(), 'icspd-strace-'));
  const log = join(folder, 'log');
  try {
    const ended = await run(['strace', ...flags(options), '-o', log, ...argv], options.environment);
    return { ...ended, ...parse(readFileSync(log, 'utf8'), options.root) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function flags({ names, inject }: TraceOptions): readonly string[] {
  // `when=` counts for each thread by itself, so that only the main thread must meet it.
  return [
    ...(inject === undefined ? ['--follow-forks', '--seccomp-bpf'] : []),
    ...['--decode-fds=path', '--string-limit=0', '--quiet=all', '--signal=none'],
    `--trace=execve,${names.map((name) => `?${name}`).join(',')}`,
    ...(inject === undefined ? [] : [`--inject=${inject}`]),
  ];
}

function parse(log: string, root: string): Pick<Traced, 'calls' | 'others' | 'tampered'> {
  const calls: Call[] = [];
  const others: Call[] = [];
  const counts = new Map<string, number>();
  let main: string | null = null;
  for (const line of log.split('\n')) {
    const [, thread, name, rest] = /^(\d+ +|)(\w+)\((.*)$/.exec(line) ?? [];
    if (thread === undefined || name === undefined || rest === undefined) continue;
    main ??= thread;
    const ordinal = 1 + (counts.get(`${thread} ${name}`) ?? 0);
    counts.set(`${thread} ${name}`, ordinal);
    if (name === 'execve' || !(rest.includes(`"${root}`) || rest.includes(`<${root}`))) continue;
    (thread === main ? calls : others).push({ name, ordinal, shape: shapeOf(name, rest, root) });
  }
  return { calls, others, tampered: log.split('(INJECTED)').length - 1 };
}

/** The call that a line without its thread tells of; null if it is none on something below the root. */
export function callOf(line: string, root: string): string | null {
  const [, name, rest] = /^(\w+)\((.*)$/.exec(line) ?? [];
  if (name === undefined || rest === undefined) return null;
  return rest.includes(`"${root}`) || rest.includes(`<${root}`) ? shapeOf(name, rest, root) : null;
}

function shapeOf(name: string, rest: string, root: string): string {
  const paths = rest
    .replace(/\) += .*$/, '')
    .replace(/AT_FDCWD<[^>]*>/, '')
    .replaceAll(new RegExp(`${root}(?=[">])`, 'g'), '/')
    .replaceAll(root, '')
    .replaceAll(/\.icspd-[0-9a-f]{16}/g, '.icspd-*')
    .matchAll(/"(\/[^"]*|)"|<(\/[^>]*|)>|(O_CREAT)/g);
  const words = [...paths].map(([, quoted, decoded, flag]) => quoted ?? decoded ?? flag ?? '');
  return [name, ...words.filter((word) => word !== '')].join(' ');
}
