// Whether the daemon runs, as it says itself in /run: pid and the start time of that process, which tells it from a later one.
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { Paths } from '../paths.ts';

export interface DaemonState {
  readonly isRunning: boolean;
  readonly pid: number | null;
}

/** Reads what announceDaemon left. */
export function readDaemon(paths: Paths): DaemonState {
  try {
    const [pid, started] = readFileSync(daemonFile(paths), 'utf8').trim().split(' ');
    const isRunning = pid !== undefined && started !== undefined && startOf(Number(pid)) === started;
    return { isRunning, pid: isRunning ? Number(pid) : null };
  } catch {
    return { isRunning: false, pid: null }; // Never started since boot.
  }
}

/** Leaves this process's pid for `icspd status`. Removed by the returned function. */
export function announceDaemon(paths: Paths): () => void {
  const file = daemonFile(paths);
  mkdirSync(paths.runtimeDir, { recursive: true, mode: 0o755 });
  writeFileSync(`${file}.new`, `${process.pid} ${startOf(process.pid) ?? ''}\n`, { mode: 0o644 });
  renameSync(`${file}.new`, file);
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
