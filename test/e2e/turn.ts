// There is room for one test system on a machine: whoever wants one waits for a turn.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const lock = '/run/icspd-e2e.lock';

/** Waits until no other process has a system. The turn ends with the returned function, or with this process. */
export async function takeTurn(): Promise<() => Promise<void>> {
  // flock(1) holds the lock as long as `cat` runs, and that is as long as our end of its input is open.
  const holder = spawn('flock', ['--timeout', '1800', lock, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const isHeld = await Promise.race([once(holder.stdout, 'data').then(() => true), ended.then(() => false)]);
  if (!isHeld)
    throw new Error(`another test system has been running for half an hour; see who holds ${lock}`);
  return async () => {
    holder.stdin.end();
    await ended;
  };
}
