// Which deployment of an image-based OS is booted: what the pin and the records of this node belong to.
import { readFileSync, realpathSync } from 'node:fs';

/** What is read of the host; a test gives its own. */
export interface BootFiles {
  /** The command line of the kernel. Throws where it cannot be read. */
  readonly commandLine: () => string;
  /** The path without links. Throws where there is none. */
  readonly resolve: (path: string) => string;
}

const thisBoot: BootFiles = {
  commandLine: () => readFileSync('/proc/cmdline', 'utf8'),
  resolve: (path) => realpathSync(path),
};

/**
 * The name of the deployment, such as `fedora-coreos/3f1c….0`; null where the OS has none.
 * `ostree=` names a link below /ostree/boot.0 or boot.1, which change places with each change of the boot loader: the
 * directory that it leads to is the deployment. Where it leads nowhere, the argument itself has to do.
 */
export function readDeployment(files: BootFiles = thisBoot): string | null {
  const argument = readArgument(files);
  if (argument === null) return null;
  try {
    const found = /\/deploy\/([^/]+)\/deploy\/([^/]+)$/.exec(files.resolve(argument));
    return found === null ? argument : `${found[1]}/${found[2]}`;
  } catch {
    return argument;
  }
}

function readArgument({ commandLine }: BootFiles): string | null {
  try {
    return /(?:^|\s)ostree=(\S+)/.exec(commandLine())?.[1] ?? null;
  } catch {
    return null; // No /proc, as in some image builds.
  }
}
