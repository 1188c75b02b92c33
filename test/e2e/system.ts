// The system under test: a real systemd over this machine's files, booted, rebooted and thrown away by a test.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { takeTurn } from './turn.ts';

const lab = fileURLToPath(new URL('./lab/', import.meta.url));
/** systemd's signal for an orderly power-off, SIGRTMIN+4; Node has no name for it. */
const POWER_OFF = 38;

/** What a command did. A failing command is a result, not an error. */
export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Options of `boot`. */
export interface BootOptions {
  /** Leaves icspd out, to look at CRI-O alone. */
  readonly withoutIcspd?: boolean;
}

/** Polls until `probe` gives something other than undefined or false; throws with `what` after `timeoutMs`. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 15_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms in vain: ${what}`);
    await sleep(25);
  }
}

/** One booted system. There is at most one on a machine: `boot` waits for another one to end. */
export class System {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #endTurn: () => Promise<void>;
  #unshare: ChildProcess | undefined;
  #init = 0;
  #complaints = '';

  private constructor(environment: NodeJS.ProcessEnv, endTurn: () => Promise<void>) {
    this.#environment = environment;
    this.#endTurn = endTurn;
  }

  /** Boots a freshly furnished system and waits until it is up. */
  static async boot(options: BootOptions = {}): Promise<System> {
    const environment =
      options.withoutIcspd === true ? { ...process.env, E2E_WITHOUT_ICSPD: '1' } : process.env;
    const system = new System(environment, await takeTurn());
    try {
      await system.#start('new');
    } catch (error) {
      await system.shutdown();
      throw error;
    }
    return system;
  }

  /** Powers off in order and boots from the same disk; /run and /tmp are new. */
  async reboot(): Promise<void> {
    await this.#stop(POWER_OFF);
    await this.#start('again');
  }

  /** Kills everything at once and boots from the same disk. */
  async crash(): Promise<void> {
    await this.#stop('SIGKILL');
    await this.#start('again');
  }

  /** Ends the system and removes every trace of it. */
  async shutdown(): Promise<void> {
    await this.#stop('SIGKILL');
    await execa('bash', [join(lab, 'down.sh')], { env: this.#environment });
    await this.#endTurn();
  }

  /** How to start a command inside, as root, with an environment of its own. */
  inside(command: readonly string[]): { readonly file: string; readonly args: readonly string[] } {
    const place = ['-t', String(this.#init), '-m', '-p', '-i', '-u', '-n', '-C', '--root', '--wd'];
    const environment = [
      'env',
      '-i',
      'PATH=/usr/sbin:/usr/bin:/sbin:/bin',
      'HOME=/root',
      'LANG=C.UTF-8',
      'TERM=dumb',
    ];
    // As PID 1 (lab/init.sh), which whoever enters from outside does not take after.
    const rights = ['setpriv', '--bounding-set=-sys_time', '--inh-caps=-sys_time'];
    return { file: 'nsenter', args: [...place, ...rights, ...environment, ...command] };
  }

  /** Runs a command inside and waits for its end. */
  async run(
    command: readonly string[],
    options: { readonly input?: string; readonly timeoutMs?: number } = {},
  ): Promise<Ran> {
    const { file, args } = this.inside(command);
    const done = await execa(file, args, {
      reject: false,
      input: options.input ?? '',
      timeout: options.timeoutMs ?? 60_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return {
      exitCode: done.exitCode ?? -1,
      stdout: done.stdout,
      stderr: done.timedOut ? `${done.stderr}\n(timed out)` : done.stderr,
    };
  }

  /** Runs a command that has to succeed; gives its output. */
  async must(...command: readonly string[]): Promise<string> {
    const ran = await this.run(command);
    if (ran.exitCode !== 0)
      throw new Error(`${command.join(' ')}: exit ${ran.exitCode}\n${ran.stdout}\n${ran.stderr}`);
    return ran.stdout;
  }

  /** The place of a path of the system in this process's view. Only for paths without absolute symlinks on the way. */
  outside(path: string): string {
    return `/proc/${this.#init}/root${path}`;
  }

  /** Writes a file whole: beside its place, then by a rename, as careful tools do. */
  write(path: string, content: string | Uint8Array): void {
    mkdirSync(this.outside(dirname(path)), { recursive: true });
    const beside = this.outside(join(dirname(path), `.${Date.now()}.new`));
    writeFileSync(beside, content, { mode: 0o644 });
    renameSync(beside, this.outside(path));
  }

  /** The text of a file; undefined where there is none. */
  read(path: string): string | undefined {
    try {
      return readFileSync(this.outside(path), 'utf8');
    } catch {
      return undefined;
    }
  }

  remove(path: string): void {
    rmSync(this.outside(path));
  }

  async #start(disk: 'new' | 'again'): Promise<void> {
    this.#complaints = '';
    // The kernel ends the system when this process dies, however it dies.
    const unshare = spawn('setpriv', ['--pdeathsig', 'KILL', 'bash', join(lab, 'up.sh'), disk], {
      env: this.#environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#unshare = unshare;
    const note = (chunk: Buffer): void => void (this.#complaints += chunk.toString());
    unshare.stdout.on('data', note);
    unshare.stderr.on('data', note);
    this.#init = await until('systemd is PID 1', () => this.#findInit(unshare), 60_000);
    await until('the system is up', () => this.#isUp(), 60_000);
  }

  #findInit(unshare: ChildProcess): number | undefined {
    if (unshare.exitCode !== null || unshare.signalCode !== null || unshare.pid === undefined) {
      throw new Error(`the system did not start: ${this.#complaints}`);
    }
    try {
      const pid = unshare.pid;
      const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
      const init = Number(children.trim().split(' ')[0]);
      return readFileSync(`/proc/${init}/comm`, 'utf8') === 'systemd\n' ? init : undefined;
    } catch {
      return undefined;
    }
  }

  async #isUp(): Promise<boolean> {
    const { stdout } = await this.run(['systemctl', 'is-system-running']);
    return stdout === 'running' || stdout === 'degraded';
  }

  async #stop(signal: NodeJS.Signals | number): Promise<void> {
    const unshare = this.#unshare;
    const init = this.#init;
    this.#init = 0;
    this.#unshare = undefined;
    if (unshare?.exitCode !== null || unshare.signalCode !== null) return;
    const gone = once(unshare, 'exit');
    if (init === 0) unshare.kill('SIGKILL');
    else process.kill(init, signal);
    const late = setTimeout(() => unshare.kill('SIGKILL'), 30_000);
    await gone;
    clearTimeout(late);
  }
}
