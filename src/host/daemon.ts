// Whether the daemon runs, as it says itself in /run: pid and the start time of that process, which tells it from a later one.
import { readFileSync, rmSync } from 'node:fs';
import { posix } from 'node:path';
import type { Paths } from '../paths.ts';
import { makeDirectory, writeDurably } from './durable-file.ts';
import { readRegularFile } from './read-file.ts';

export interface DaemonState {
  readonly isRunning: boolean;
  readonly pid: number | null;
}

/** Two numbers. */
const maxBytes = 100;

/** Reads what announceDaemon left. */
export function readDaemon(paths: Paths): DaemonState {
  try {
    const text = new TextDecoder().decode(readRegularFile(daemonFile(paths), maxBytes).bytes);
    const [pid, started] = text.trim().split(' ');
    const isRunning = pid !== undefined && started !== undefined && startOf(Number(pid)) === started;
    return { isRunning, pid: isRunning ? Number(pid) : null };
  } catch {
    return { isRunning: false, pid: null }; // Never started since boot.
  }
}

/** Leaves this process's pid for `icspd status`, whatever stood there. Removed by the returned function. Throws HostError. */
export function announceDaemon(paths: Paths): () => void {
  const file = daemonFile(paths);
  makeDirectory(paths.runtimeDir, 0o755);
  writeDurably(file, `${process.pid} ${startOf(process.pid) ?? ''}\n`, 0o644);
  return () => rmSync(file, { force: true });
}

function daemonFile(paths: Paths): string {
  return posix.join(paths.runtimeDir, 'daemon');
}

/** Field 22 of /proc/PID/stat, proc(5): the start time in clock ticks; null if there is no such process. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}
