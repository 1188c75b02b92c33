// Runs icspd as it is installed, or built: whole processes.
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What is measured: ICSPD names another than the built one, such as that of an installed package. */
export const program = process.env['ICSPD'] ?? join(import.meta.dirname, '../../dist/icspd');

/** How long a program took from start to end, in milliseconds. Throws where it fails. */
export function timeRun(command: string, args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const took = performance.now() - start;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${String(stderr)}`);
  return took;
}

/** A running daemon. */
export interface Daemon {
  /** From its start until it said that it is ready. */
  readonly readyMs: number;
  readonly pid: number;
  /** SIGTERM, and then until it is gone. */
  stop(): Promise<void>;
}

/** Starts `icspd run` below the root and waits until it is ready. */
export async function startDaemon(root: string): Promise<Daemon> {
  const start = performance.now();
  const child = spawn(program, ['run', '--root', root], { stdio: ['ignore', 'pipe', 'inherit'] });
  const gone = once(child, 'exit');
  await readyLine(child);
  const readyMs = performance.now() - start;
  const { pid } = child;
  if (pid === undefined) throw new Error('icspd run did not start');
  return {
    readyMs,
    pid,
    async stop() {
      child.kill('SIGTERM');
      await gone;
    },
  };
}

/** The journal's line, right before systemd is told. Rejects where the daemon ends before it. */
function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      if (text.includes('>ready: ')) resolve();
    });
    child.once('exit', () => {
      reject(new Error(`icspd run ended: ${text}`));
    });
  });
}

/** In MiB, what the kernel counts as resident of a process now. */
export function residentMiB(pid: number): number {
  return Number(field(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS')) / 1024;
}

/** How often all threads of a process together were put on a processor and taken off it. */
export function contextSwitches(pid: number): number {
  return readdirSync(`/proc/${pid}/task`)
    .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'))
    .flatMap((status) =>
      ['voluntary_ctxt_switches', 'nonvoluntary_ctxt_switches'].map((name) => field(status, name)),
    )
    .reduce((sum, count) => sum + Number(count), 0);
}

function field(status: string, name: string): string {
  return new RegExp(`^${name}:\\s*(\\d+)`, 'm').exec(status)?.[1] ?? '';
}
