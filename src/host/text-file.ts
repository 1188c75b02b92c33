// Reads a configuration file of the runtime, whoever may write to it: what counts is what the runtime reads.
import type { FileText } from '../agent/ports.ts';
import { digest } from './digest.ts';
import { HostError } from '../host-error.ts';
import { maxConfBytes, readRegularFile } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';

/**
 * Null where there is no such file, or a link that leads nowhere. Throws HostError if it cannot be read.
 * @param root absolute links count from here
 */
export function readIfThere(path: string, root: string): FileText | null {
  try {
    const way = resolvePath(path, root);
    if (way.stats === null) return null;
    const { bytes } = readRegularFile(way.path, maxConfBytes);
    return { path, bytes, digest: digest(bytes) };
  } catch (error) {
    if (error instanceof HostError && error.findingName === 'pathMissing') return null;
    throw error;
  }
}
