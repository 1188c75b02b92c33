// Reads what a unit says from now on, through a `journalctl` child.
import type { Readable } from 'node:stream';
import type { JournalLine, JournalReader } from '../agent/crio-ports.ts';
import { commandEnvironment, runCommand } from './command.ts';
import { HostError } from '../host-error.ts';
import { entryFields, joinLines, parseEntry } from './journal-entry.ts';

const cursorTimeoutMs = 5_000;
const linesTimeoutMs = 10_000;

/** Why a process gave up is in its very last lines. */
const lastLines = 20;

/** A reader that stands behind the newest entry of the whole journal; null if there is no journal to read. */
export async function openJournal(unit: string): Promise<JournalReader | null> {
  const cursor = await readCursor();
  return cursor === null ? null : { follow: (signal) => followUnit(unit, cursor, signal) };
}

async function readCursor(): Promise<string | null> {
  try {
    // Not by --show-cursor: with -n 0 versions differ in what they print.
    const args = ['--quiet', '--no-pager', '-n', '1', '-o', 'json', '--output-fields=_PID'];
    const { exitCode, stdout } = await runCommand('journalctl', args, { timeoutMs: cursorTimeoutMs });
    return exitCode === 0 ? cursorOf(stdout) : null;
  } catch (error) {
    if (error instanceof HostError) return null;
    throw error;
  }
}

/** Of an entry's JSON, where a message cannot hold it: its quotation marks are escaped. */
function cursorOf(json: string): string | null {
  return /"__CURSOR"\s*:\s*"([^"\\]+)"/.exec(json)?.[1] ?? null;
}

/** The last lines that a process of the unit has written since it began, oldest first; none if journald does not answer. */
export async function readLastLines(
  unit: string,
  pid: number,
  sinceMs: number,
): Promise<readonly JournalLine[]> {
  // Seconds, and one earlier: a pid that was used before by another process is not mixed in, and no line is lost to rounding.
  const since = `--since=@${Math.max(0, Math.floor(sinceMs / 1000) - 1)}`;
  const matches = [`_SYSTEMD_UNIT=${unit}`, `_PID=${pid}`];
  const form = ['--quiet', '--no-pager', '--all', '-o', 'json', `--output-fields=${entryFields.join(',')}`];
  try {
    const args = [...form, since, '-n', String(lastLines), ...matches];
    const { stdout } = await runCommand('journalctl', args, { timeoutMs: linesTimeoutMs });
    const join = joinLines();
    return stdout.split('\n').flatMap((text) => {
      const entry = parseEntry(text);
      return entry === null ? [] : (join(entry) ?? []);
    });
  } catch (error) {
    if (error instanceof HostError) return [];
    throw error;
  }
}

/** Ends when `signal` aborts, the consumer stops or journalctl ends; the child is gone with it. */
async function* followUnit(unit: string, cursor: string, signal: AbortSignal): AsyncGenerator<JournalLine> {
  if (signal.aborted) return;
  const { execa } = await import('execa');
  const subprocess = execa('journalctl', followArguments(unit, cursor), {
    env: commandEnvironment,
    stdin: 'ignore',
    stderr: 'ignore',
    encoding: 'buffer',
    buffer: false,
    reject: false,
    killDescendants: true,
    forceKillAfterDelay: false,
  });
  const child = subprocess.nodeChildProcess;
  const stop = (): void => {
    subprocess.kill('SIGKILL');
    child.stdout?.destroy();
  };
  signal.addEventListener('abort', stop);
  try {
    if (child.stdout === null) return;
    const join = joinLines();
    for await (const text of splitLines(child.stdout)) {
      if (cursorOf(text) === cursor) continue;
      const entry = parseEntry(text);
      const line = entry === null ? null : join(entry);
      if (line !== null) yield line;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stop();
    // Reaps the child, so that none is left when the reader has ended.
    await subprocess;
  }
}

/**
 * Not by --after-cursor: where the entry at the cursor is not one of the unit's, journalctl of systemd 252 leaves out the
 * unit's first entry behind it, and at log level warn or above that is the refusal. --cursor leaves out none; the entry at
 * the cursor comes as well where it is one of the unit's, and is passed over.
 */
function followArguments(unit: string, cursor: string): readonly string[] {
  return [
    ...['--quiet', '--no-pager', '--follow', '--no-tail', '--all', '-o', 'json'],
    `--output-fields=${entryFields.join(',')}`,
    `--cursor=${cursor}`,
    `_SYSTEMD_UNIT=${unit}`,
  ];
}

/** Splits at LF and at nothing else; ends without an error when the stream is destroyed. */
async function* splitLines(stream: Readable): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    // A pipe that was closed on our side, or that broke: either way nothing more comes.
  }
}
