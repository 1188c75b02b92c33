// Owner, mode, attributes and label of a file, carried over by cp: Node has no calls for extended attributes.
import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { quote, shellWord } from '../escape.ts';
import { runCommand, type CommandOptions, type CommandResult } from './command.ts';
import { HostError } from '../host-error.ts';

const timeoutMs = 10_000;

/** Exists where SELinux is on, enforcing or not. */
const usualSwitch = '/sys/fs/selinux/enforce';

/** The descriptor that runCommand hands on, as a path. */
const inherited = '/proc/self/fd/3';

/**
 * Gives the open file `to` owner, extended attributes and, where the kernel has SELinux, label of the file `from`; data and times stay.
 * @param to cp writes to the descriptor, so that nothing that takes the place of the name is touched; to the name where there is no /proc
 * @param withMode also the mode, and with it the ACL
 * @param switchPath where it is missing there is no SELinux, and cp refuses to preserve a label at all
 * Throws HostError if any of it fails.
 */
export async function copyAttributes(
  from: string,
  to: { readonly fd: number; readonly path: string },
  withMode: boolean,
  switchPath = usualSwitch,
): Promise<void> {
  const target = existsSync(posix.dirname(inherited)) ? inherited : to.path;
  const wanted = [
    'ownership',
    'xattr',
    ...(withMode ? ['mode'] : []),
    ...(existsSync(switchPath) ? ['context'] : []),
  ];
  const args = [
    ...['--attributes-only', `--preserve=${wanted.join(',')}`],
    ...['--no-target-directory', '--', from, target],
  ];
  const { exitCode, stderr } = await runCopy(args, { timeoutMs, inheritFd: to.fd });
  if (exitCode === 0 || isSealOnly(stderr)) return;
  throw new HostError(
    'attributesNotCopied',
    `cannot copy owner, mode and attributes of ${quote(from)}: ${quote(stderr.trim())}`,
    `make it a plain file of root: chown root:root ${shellWord(from)}; setfacl -b ${shellWord(from)}; getfattr -d -m - ${shellWord(from)} shows the rest`,
    { path: from },
  );
}

/** CAP_SYS_ADMIN, as in /proc/PID/status. */
const sysAdmin = 1n << 21n;

/** setpriv is of util-linux, as flock is. */
const withoutSealing = ['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'] as const;

/** Where setpriv is missing or may not do it, as in a container with other rights, cp runs as it is. */
async function runCopy(args: readonly string[], options: CommandOptions): Promise<CommandResult> {
  if (maySeal()) {
    const [command, ...rights] = withoutSealing;
    try {
      const result = await runCommand(command, [...rights, 'cp', ...args], options);
      if (result.exitCode === 0 || !result.stderr.startsWith('setpriv: ')) return result;
    } catch (error) {
      if (!(error instanceof HostError) || error.findingName !== 'commandNotStarted') throw error;
    }
  }
  return runCommand('cp', args, options);
}

/** Whether this process, as a command of root's, could copy the seals (see isSealOnly), and is to leave them like the service does. */
function maySeal(): boolean {
  try {
    const set = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return set !== undefined && (BigInt(`0x${set}`) & sysAdmin) !== 0n;
  } catch {
    return false; // No /proc, as in some image builds.
  }
}

const seal = /^cp: setting attribute 'security\.(?:ima|evm)' for .*: Operation not permitted$/;

/**
 * Whether all that cp could not copy are the kernel's seals of the old content, which only CAP_SYS_ADMIN may set and which
 * would be wrong for the new: the service has no capability, and a signed file of a package is no reason to refuse it.
 * cp goes on to the other attributes and the mode after each such error.
 */
function isSealOnly(stderr: string): boolean {
  return stderr
    .trimEnd()
    .split('\n')
    .every((line) => seal.test(line));
}

/**
 * Gives a new file the label that the SELinux policy has for it.
 * A failure changes nothing: the file then keeps the label that its directory gave it, which for /etc/containers is the same.
 */
export async function setDefaultLabel(path: string, switchPath = usualSwitch): Promise<void> {
  if (!existsSync(switchPath)) return;
  await runCommand('restorecon', [path], { timeoutMs }).catch((error: unknown) => {
    if (!(error instanceof HostError)) throw error;
  });
}
