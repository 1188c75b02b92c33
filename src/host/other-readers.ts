// The other programs on the node that read registries.conf, and their versions. For people, never for decisions.
import type { Reader } from '../agent/ports.ts';
import { runCommand } from './command.ts';
import { HostError } from '../host-error.ts';

const timeoutMs = 2_000;

/** Podman and Skopeo, as far as they are here and say which they are; two seconds at the most. */
export async function readOtherReaders(): Promise<readonly Reader[]> {
  const readers = await Promise.all((['podman', 'skopeo'] as const).map(readReader));
  return readers.flat();
}

async function readReader(name: Reader['name']): Promise<readonly Reader[]> {
  try {
    const { exitCode, stdout } = await runCommand(name, ['--version'], { timeoutMs });
    const version = /\bversion v?(\d+\.\d+(?:\.\d+)?[0-9A-Za-z.+-]*)/.exec(stdout)?.[1];
    return exitCode === 0 && version !== undefined ? [{ name, version }] : [];
  } catch (error) {
    if (error instanceof HostError) return []; // It is not here, or hangs.
    throw error;
  }
}
