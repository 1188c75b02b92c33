// What icspd asks of systemd: the state of a unit, its reload, and to be told how the daemon is.
import type { Notifier } from '../agent/loop.ts';
import type { UnitState } from '../agent/crio-ports.ts';
import { escape, quote } from '../escape.ts';
import { runCommand, type CommandResult } from './command.ts';
import { HostError } from '../host-error.ts';

/** `systemctl` answers in milliseconds unless PID 1 is in trouble. */
const queryTimeoutMs = 10_000;

const stateProperties = [
  'LoadState',
  'ActiveState',
  'MainPID',
  'ExecMainPID',
  'ExecMainStartTimestamp',
  'ExecMainStartTimestampMonotonic',
  'InactiveExitTimestamp',
  'InactiveExitTimestampMonotonic',
];

/**
 * The properties of a unit by name, as `systemctl show` prints them; times in UTC, several values of one property on lines.
 * Null where systemd is not what runs this system. Throws HostError if it does not answer.
 */
export async function showUnit(
  unit: string,
  properties: readonly string[],
): Promise<ReadonlyMap<string, string> | null> {
  const args = ['show', `--property=${properties.join(',')}`, '--', unit];
  // Microseconds need systemd 248; older ones round times down to seconds.
  const exact = await runCommand('systemctl', ['--timestamp=us', ...args], { timeoutMs: queryTimeoutMs });
  const result =
    exact.exitCode === 0 ? exact : await runCommand('systemctl', args, { timeoutMs: queryTimeoutMs });
  if (result.exitCode === 0) return parseProperties(result.stdout);
  if (result.stderr.includes('not been booted with systemd')) return null;
  throw new HostError(
    'systemdUnreachable',
    `systemd does not tell the state of ${quote(unit)}: ${quote(lastWords(result))}`,
    `run "systemctl show ${escape(unit)}" to see what is wrong with systemd`,
  );
}

function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (equals <= 0) continue;
    const name = line.slice(0, equals);
    const before = properties.get(name);
    const value = line.slice(equals + 1);
    properties.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return properties;
}

/** The state of a unit; a unit that systemd does not know is not found and inactive. Throws HostError if systemd does not answer. */
export async function readUnitState(unit: string): Promise<UnitState> {
  const properties = await showUnit(unit, stateProperties);
  const load = properties?.get('LoadState') ?? 'not-found';
  // Once the main process has ended, its last lines are still its own.
  const pids = ['MainPID', 'ExecMainPID'].map((name) => Number(properties?.get(name) ?? 0));
  const monotonicOf = (name: string): number => Number(properties?.get(`${name}Monotonic`) ?? 0);
  const timeOf = (name: string): number => readTime(properties?.get(name) ?? '', monotonicOf(name));
  return {
    isFound: load !== 'not-found',
    active: properties?.get('ActiveState') ?? 'inactive',
    mainPid: pids.find((pid) => pid > 0) ?? 0,
    mainStartedAtMs: timeOf('ExecMainStartTimestamp'),
    mainStartedMonotonicUs: monotonicOf('ExecMainStartTimestamp') || null,
    startedAtMs: timeOf('InactiveExitTimestamp'),
    startedMonotonicUs: monotonicOf('InactiveExitTimestamp') || null,
  };
}

/**
 * When something happened, in ms since the epoch. Where the clock was set back since, systemd's stamp is from ahead, and a CRI-O
 * that started long before a file would seem to have started on it; where it was set forward, reckoning back from now is. The
 * earlier of the two is neither.
 * @param monotonicUs systemd's stamp of the clock that nobody sets (CLOCK_MONOTONIC, as hrtime); 0 where there is none
 */
function readTime(stamp: string, monotonicUs: number): number {
  const stampedMs = parseTimestamp(stamp);
  if (stampedMs === 0 || monotonicUs === 0) return stampedMs;
  const agoMs = Number(process.hrtime.bigint()) / 1e6 - monotonicUs / 1e3;
  // Rounded up, since Date.now() is rounded down: without a step the stamp is the earlier one, and exact.
  return Math.min(stampedMs, Date.now() + 1 - agoMs);
}

/** Reads `Sun 2026-11-22 11:49:32.392607 UTC` as ms since the epoch; 0 for a time that never was (empty, `n/a`). */
function parseTimestamp(text: string): number {
  const match = /^[A-Z][a-z]{2} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)? UTC$/.exec(text);
  if (match === null) return 0;
  const [, day, time, fraction = ''] = match;
  return Date.parse(`${day ?? ''}T${time ?? ''}Z`) + Number(`0${fraction}`) * 1000;
}

/**
 * `systemctl reload`; for CRI-O's unit, which only sends a signal, success says just that.
 * Throws HostError if it fails or takes longer than `timeoutMs`.
 */
export async function reloadUnit(unit: string, timeoutMs: number): Promise<void> {
  const result = await runCommand('systemctl', ['--no-ask-password', 'reload', '--', unit], { timeoutMs });
  if (result.exitCode === 0) return;
  throw new HostError(
    'reloadFailed',
    `systemd could not reload ${quote(unit)}: ${quote(lastWords(result))}`,
    `look at "systemctl status ${escape(unit)}"`,
  );
}

/** What a failed command said, on one line. */
function lastWords({ exitCode, stderr }: CommandResult): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const words = lines.filter((line) => line !== '').join('; ');
  return words === '' ? `exit code ${String(exitCode)}` : words.slice(0, 1000);
}

const notifyTimeoutMs = 5_000;

/**
 * Tells systemd how the daemon is where it asked for that (NOTIFY_SOCKET, sd_notify(3)). Node has no datagram sockets, so a child
 * sends: the unit needs `NotifyAccess=all`. Never throws: a daemon that cannot say how it is goes on; `onFailure` hears why.
 */
export function makeNotifier(onFailure: (message: string) => void = () => undefined): Notifier {
  const send = async (...assignments: readonly string[]): Promise<void> => {
    if ((process.env['NOTIFY_SOCKET'] ?? '') === '') return;
    try {
      const result = await runCommand('systemd-notify', assignments, { timeoutMs: notifyTimeoutMs });
      if (result.exitCode !== 0) onFailure(`systemd-notify failed: ${quote(lastWords(result))}`);
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      onFailure(error.message);
    }
  };
  return {
    ready: () => send('READY=1'),
    status: (text) => send(`STATUS=${escape(text)}`),
    keepAlive: () => send('WATCHDOG=1'),
    stopping: () => send('STOPPING=1'),
    extendStart: (ms) => send(`EXTEND_TIMEOUT_USEC=${ms * 1000}`),
  };
}
