// Errors of the host, translated once at the rim: what failed, on which path, and what to do.
import type { FindingName } from '../finding.ts';

/** A failure of a file, a command or a service. `message` names path and cause; `help` is the remedy. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly findingName: FindingName;
  readonly path: string | null;
  readonly help: string;

  constructor(findingName: FindingName, message: string, help: string, options?: { path?: string; cause?: unknown }) {
    super(message, { cause: options?.cause });
    this.findingName = findingName;
    this.path = options?.path ?? null;
    this.help = help;
  }
}
