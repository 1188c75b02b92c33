// The file that node_exporter's textfile collector reads: /run/icspd/icspd.prom, replaced as a whole.
import type { Paths } from '../paths.ts';
import { makeDirectory, writeDurably } from './durable-file.ts';
import { sweepDirectory } from './leftovers.ts';
import { readIfThere } from './text-file.ts';
import { HostError } from '../host-error.ts';

/** What was written last, since the boot; '' where there is nothing, or nothing that can be read. Only for the daemon: sweeps. */
export function readMetrics({ metrics, runtimeDir, root }: Paths): string {
  try {
    sweepDirectory(runtimeDir);
    return new TextDecoder().decode(readIfThere(metrics, root)?.bytes);
  } catch (error) {
    if (error instanceof HostError) return '';
    throw error;
  }
}

/** Puts the text in the place of the one before, for everybody to read. Throws HostError. */
export function writeMetrics({ metrics, runtimeDir }: Paths, text: string): void {
  makeDirectory(runtimeDir, 0o755);
  writeDurably(metrics, text, 0o644);
}
