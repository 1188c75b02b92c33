// A real `icspd run` on a scratch root: started, watched by what it logs and by what it writes.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';
import type { Root } from '../cli/program.ts';

const program = join(import.meta.dirname, '../../dist/icspd');
const pollMs = 20;
/** Far above what a slow machine needs; a daemon that does not converge never does. */
const patienceMs = 30_000;

export interface Daemon {
  readonly process: ChildProcess;
  log(): string;
  /** Resolves once the rendering on disk says `text`, or does not say it any more; fails the test where that never happens. */
  converges(text: string, isThere?: boolean): Promise<void>;
  /** Resolves once the log says `text`. */
  says(text: string): Promise<void>;
}

/**
 * Starts the daemon and waits until it has reconciled once.
 * @param wrapper a command that runs the command behind it, such as unshare
 */
export async function startDaemon(
  t: ExecutionContext,
  root: Root,
  wrapper: readonly string[] = [],
): Promise<Daemon> {
  const args = [...wrapper, program, 'run', '--root', root.path];
  const child = spawn('env', args, { stdio: ['ignore', 'pipe', 'pipe'] });
  t.teardown(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk) => (log += String(chunk)));
  }
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += pollMs) {
      if (isSo()) {
        t.pass();
        return;
      }
      await wait(pollMs);
    }
    t.fail(`${what} never came; the log: ${log}`);
  };
  const daemon: Daemon = {
    process: child,
    log: () => log,
    converges: (text, isThere = true) =>
      until(`${isThere ? '' : 'no more '}${text}`, () => {
        const conf = root.read('/etc/containers/registries.conf') ?? '';
        return conf.includes(text) === isThere;
      }),
    says: (text) => until(text, () => log.includes(text)),
  };
  await daemon.says('ready:');
  return daemon;
}
