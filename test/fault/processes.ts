// Runs a command to its end, and says what it said and how it ended.
import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** For NODE_COMPILE_CACHE: compiled code is kept between runs, so that a start takes half the time. Below the checkout, since root runs it. */
export const compileCache = join(import.meta.dirname, '../../.cache/fault');

export interface Ended {
  /** Null where a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** Far above what any run takes here: who gets to it hangs. */
const timeoutMs = 60_000;

/** Without a shell, stdin empty, and nothing in the environment but what is given and a plain PATH. */
export async function run(
  argv: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, {
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => void (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (said.err += text));
  const [code, signal] = await new Promise<readonly [number | null, NodeJS.Signals | null]>((done, fail) => {
    child.once('error', fail);
    child.once('close', (...end) => done(end));
  });
  return { code, signal, ...said };
}

/** As run; throws where the command fails. */
export async function mustRun(...argv: readonly string[]): Promise<string> {
  const { code, signal, out, err } = await run(argv);
  if (code === 0) return out;
  throw new Error(`${argv.join(' ')}: exit ${code ?? signal ?? ''}: ${err}`);
}
