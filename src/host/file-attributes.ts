// Owner, mode, attributes and label of a file, carried over by cp: Node has no calls for extended attributes.
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { quote, shellWord } from '../escape.ts';
import { runCommand } from './command.ts';
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
  const { exitCode, stderr } = await runCommand(
    'cp',
    ['--attributes-only', `--preserve=${wanted.join(',')}`, '--no-target-directory', '--', from, target],
    { timeoutMs, inheritFd: to.fd },
  );
  if (exitCode === 0 || isSealOnly(stderr)) return;
  throw new HostError(
    'attributesNotCopied',
    `cannot copy owner, mode and attributes of ${quote(from)}: ${quote(stderr.trim())}`,
    `make it a plain file of root: chown root:root ${shellWord(from)}; setfacl -b ${shellWord(from)}; getfattr -d -m - ${shellWord(from)} shows the rest`,
    { path: from },
  );
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
