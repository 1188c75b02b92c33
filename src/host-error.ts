// Errors of the host, translated once at the rim: what failed, on which path, and what to do.
import { escape } from './escape.ts';
import { finding, type Finding, type FindingName } from './finding.ts';
import { wholeFile } from './origin.ts';

/** A failure of a file, a command or a service. `message` names path and cause; `help` is the remedy. */
export class HostError extends Error {
  override readonly name = 'HostError';
  readonly findingName: FindingName;
  readonly path: string | null;
  readonly help: string;

  constructor(
    findingName: FindingName,
    message: string,
    help: string,
    options?: { path?: string; cause?: unknown },
  ) {
    super(message, { cause: options?.cause });
    this.findingName = findingName;
    this.path = options?.path ?? null;
    this.help = help;
  }
}

/**
 * The same news as data, for where a failure is an answer and no exception.
 * @param name what the failure means to who asked; without it what it is by itself
 * @param path the name that the operator knows, where the failure met another one
 */
export function toFinding(
  error: HostError,
  name: FindingName = error.findingName,
  path: string | null = error.path,
): Finding {
  return finding(name, path === null ? null : wholeFile(path), error.message, error.help);
}

/** Whatever was thrown as a finding; what is no HostError is a defect of ours and says so, with its words. */
export function findingOf(error: unknown): Finding {
  if (error instanceof HostError) return toFinding(error);
  const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const help = 'report this as a bug of icspd; registries.conf stays as it is';
  return finding('internalError', null, `icspd failed: ${escape(words)}`, help);
}
