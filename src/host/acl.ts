// Whether a file has ACL entries for named users or groups. Node has no call for ACLs; ls marks them, and is there wherever cp is.
import { spawnSync } from 'node:child_process';
import { commandEnvironment } from './command.ts';

const timeoutMs = 2_000;

/** `-rw-r--r--+`: type, permissions, and the mark of an ACL that says more than they do (ls of GNU coreutils). */
const marked = /^[-a-z][-a-zA-Z]{9}\+/;

/** False also where ls does not tell, as on a file system without ACLs. The file is named, not followed. */
export function hasNamedEntries(path: string): boolean {
  const { stdout, pid } = spawnSync('ls', ['-ldn', '--', path], {
    env: { ...process.env, ...commandEnvironment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  // There is no such command, and so no output either.
  return pid !== 0 && marked.test(stdout);
}
