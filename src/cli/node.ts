// Opens the node that a command works on: settings, paths and host.
import type { Agent } from '../agent/reconciliation.ts';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Log, LogSeverity } from '../agent/ports.ts';
import { makeReadingCache } from '../agent/reading-cache.ts';
import { defaultSettings, isCrioVersion, readSettings, type Settings } from '../config.ts';
import { escape, quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { asCaller } from '../host/caller.ts';
import { openHost } from '../host/host.ts';
import { trustUnder } from '../host/trust.ts';
import { readTrusted } from '../host/trusted-file.ts';
import { wholeFile } from '../origin.ts';
import { pathsUnder } from '../paths.ts';
import { UnusableSettings, UsageError, type Options } from './command.ts';
import type { Output } from './output.ts';

/** Far above what anybody writes into icspd.conf. */
const maxSettingsBytes = 256 * 1024;

/** The log of commands: warnings and errors as they come; what an apply changed is printed by the command itself. */
function logTo(output: Output): Log {
  const isOn = (severity: LogSeverity): boolean =>
    severity === 'error' || severity === 'warning' || output.isVerbose;
  const log: Log = (severity, message) => {
    // The lines of a file stand in it as they are.
    if (isOn(severity)) output.tell(message.split('\n').map(escape).join('\n'));
  };
  return Object.assign(log, { isOn });
}

/**
 * Reads icspd.conf (--config, --root) and opens the host. Throws UnusableSettings and UsageError.
 * @param mayWrite the command changes the node: then settings named on the command line must be trusted as well
 */
export function openAgent(options: Options, output: Output, mayWrite: boolean): Promise<Agent> {
  return openAgentWith(options, logTo(output), mayWrite);
}

/** As openAgent, with another log. */
export async function openAgentWith(options: Options, log: Log, mayWrite = true): Promise<Agent> {
  const root = resolve(options.text('root') ?? '/');
  const config = options.text('config');
  const file = config ?? pathsUnder(root, defaultSettings).settings;
  const { settings, findings } = await loadSettings(resolve(file), root, {
    isNamed: config !== null,
    mayWrite,
  });
  const policyDirs = options.texts('policy-dir').map((dir) => resolve(dir));
  const baseline = options.text('baseline');
  for (const name of [...policyDirs, ...(baseline === null ? [] : [baseline])]) {
    if (!existsSync(name)) throw new UsageError(`no such file or directory: ${quote(name)}`);
  }
  const crioVersion = options.text('crio-version');
  if (crioVersion !== null && !isCrioVersion(crioVersion)) {
    throw new UsageError(`--crio-version takes a version such as 1.33, not ${quote(crioVersion)}`);
  }
  const paths = { ...pathsUnder(root, settings), settings: file };
  const named = {
    ...(policyDirs.length === 0 ? {} : { policyDirs }),
    ...(baseline === null ? {} : { baseline: resolve(baseline) }),
  };
  return {
    settings: { ...settings, assumeCrioVersion: crioVersion ?? settings.assumeCrioVersion },
    settingsFindings: findings,
    paths,
    host: openHost(paths, settings, log, named),
    readings: makeReadingCache(),
  };
}

/** Settings of `file`; the defaults if there is none and nobody named it. */
async function loadSettings(
  file: string,
  root: string,
  { isNamed, mayWrite }: { readonly isNamed: boolean; readonly mayWrite: boolean },
): Promise<{ readonly settings: Settings; readonly findings: readonly Finding[] }> {
  const read = isNamed
    ? asCaller(() => readTrusted(file, trustUnder(mayWrite ? root : '/', mayWrite), maxSettingsBytes))
    : readTrusted(file, trustUnder(root), maxSettingsBytes);
  if (read.state === 'missing') {
    if (!isNamed) return { settings: defaultSettings, findings: [] };
    throw new UnusableSettings([
      finding('settingsUnreadable', wholeFile(file), 'no such file', 'name an existing file'),
    ]);
  }
  if (read.state === 'refused') throw new UnusableSettings(read.findings);
  const { settings, findings } = await readSettings(new TextDecoder().decode(read.file.bytes), file);
  if (settings === null) throw new UnusableSettings(findings);
  return { settings, findings: [...read.findings, ...findings] };
}
