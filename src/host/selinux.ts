// Which files SELinux lets containers write to, by their labels. Node has no call for labels: one child tells those of a whole directory.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { commandEnvironment } from './command.ts';

/** Exists where SELinux is on, enforcing or not. */
const usualSwitch = '/sys/fs/selinux/enforce';

const timeoutMs = 2_000;
/** 10 000 names with labels take a third. */
const maxOutputBytes = 8 * 1024 * 1024;

/**
 * The names in `directory` (a link counts as what it leads to; '' is the directory itself) that are labelled container_file_t.
 * None where SELinux is off, which costs one look and no child; none whose label cannot be found out in time.
 * @param find find(1) of GNU, which takes `%Z`
 */
export function findContainerFiles(
  directory: string,
  isOnPath: string = usualSwitch,
  find = 'find',
): ReadonlySet<string> {
  if (!existsSync(isOnPath)) return new Set();
  const { stdout, pid } = spawnSync(find, ['-L', directory, '-maxdepth', '1', '-printf', '%Z\\0%P\\0'], {
    env: { ...process.env, ...commandEnvironment },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    maxBuffer: maxOutputBytes,
  });
  // There is no such command, and so no output either.
  if (pid === 0) return new Set();
  const parts = stdout.split('\0');
  const names = parts.filter((_, index) => index % 2 === 1);
  return new Set(names.filter((_, index) => typeOf(parts[index * 2] ?? '') === 'container_file_t'));
}

/** `user:role:type:level`. */
function typeOf(label: string): string | undefined {
  return label.split(':')[2];
}
