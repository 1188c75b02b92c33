// A CRI-O unit inside a jail, as systemctl and journalctl tell of it: what it is, what a reload does, what it says.
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Jail } from './jail.ts';

const pid = 163;
const conf = '/etc/containers/registries.conf';

/** One entry of the journal; by the main process over its stdout unless it says otherwise. */
export interface Entry {
  readonly message: string;
  readonly pid?: number;
  readonly transport?: 'stdout' | 'syslog' | 'journal';
}

/** What systemd and CRI-O do in one run of icspd. Bodies are of shell scripts. */
export interface Unit {
  readonly load?: 'loaded' | 'not-found';
  readonly active?: 'active' | 'activating' | 'deactivating' | 'reloading' | 'inactive' | 'failed';
  /** When it began: before anything else here, or right when it is asked for, so after whatever was written. */
  readonly started?: 'long ago' | 'now';
  /** In place of the answer to `systemctl show`. */
  readonly show?: string;
  readonly reload?: string;
  /** What stands in the journal after the reload. */
  readonly says?: readonly Entry[];
  /** What its last process said. */
  readonly lastWords?: readonly Entry[];
  /** What journalctl does besides: before it gives the cursor, and when it has told all that there is. */
  readonly journalFirst?: string;
  readonly journalLast?: string;
}

/** The formats that CRI-O logs in. */
export type Format = 'text' | 'json';

/** A line of CRI-O's as it stands in the journal. */
export function logLine(format: Format, level: string, message: string): string {
  return format === 'text'
    ? `time="2026-11-22T11:40:24.208613726Z" level=${level} msg=${JSON.stringify(message)}`
    : `{"level":"${level}","msg":${JSON.stringify(message).replaceAll('&', '\\u0026')},"time":"2026-11-22T11:42:54Z"}`;
}

/** What CRI-O says when it has loaded one source with that mirror. */
export function appliedWith(source: string, mirror: string): string {
  return (
    'Applied new registry configuration: &{Registries:[' +
    `{Prefix:${source} Endpoint:{Location:${source} Insecure:false PullFromMirror:} ` +
    `Mirrors:[{Location:${mirror} Insecure:false PullFromMirror:digest-only}] Blocked:false MirrorByDigestOnly:false}] ` +
    'UnqualifiedSearchRegistries:[] CredentialHelpers:[containers-auth.json] ShortNameMode: ' +
    'AdditionalLayerStoreAuthHelper: shortNameAliasConf:{Aliases:map[]}}'
  );
}

/** What it says when it cannot load `file`. */
export function refusalOf(file = conf): string {
  return `Unable to reload configuration: system registries reload failed: ${conf}: ${whyNot(file)}`;
}

/** What it says when it does not start on `file`. */
export function startRefusalOf(file = conf): string {
  return `validating runtime config: invalid registries: ${whyNot(file)}`;
}

function whyNot(file: string): string {
  const what = file === conf ? 'loading registries' : 'loading drop-in registries';
  return `${what} configuration "${file}": invalid location 'https://q.io': URI schemes are not supported`;
}

/** Makes the jail's systemd and journal answer so, from now on. */
export function play(jail: Jail, unit: Unit): void {
  jail.clear();
  jail.add('crio', 'echo crio version 1.36.3');
  jail.add(
    'systemctl',
    ['case "$*" in', `*"show "*) ${unit.show ?? showOf(unit)} ;;`, `*) ${reloadOf(unit)} ;;`, 'esac'].join(
      '\n',
    ),
  );
  for (const [name, entries] of [
    ['says', unit.says ?? []],
    ['last-words', unit.lastWords ?? []],
  ] as const) {
    writeFileSync(join(jail.folder, name), entries.map(printEntry).join(''));
  }
  jail.add(
    'journalctl',
    [
      'case "$*" in',
      `*--follow*) cat /commands/says; ${unit.journalLast ?? ''} ;;`,
      '*--since*) cat /commands/last-words ;;',
      `*) ${unit.journalFirst ?? ''}\necho '{"_PID":"1","__CURSOR":"s=1"}' ;;`,
      'esac',
    ].join('\n'),
  );
}

/** How often systemd was told to reload the unit since `play`. */
export function countReloads(jail: Jail): number {
  const path = join(jail.folder, 'reloads');
  const count = existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
  rmSync(path, { force: true });
  return count;
}

function showOf({ load = 'loaded', active = 'active', started = 'long ago' }: Unit): string {
  const time = started === 'now' ? '$(date -u "+%a %F %T.%6N UTC")' : 'Sun 2020-01-05 00:00:00 UTC';
  const up = active === 'inactive' || active === 'failed' ? 0 : pid;
  return [
    'cat <<END',
    `LoadState=${load}`,
    `ActiveState=${active}`,
    `MainPID=${up}`,
    `ExecMainPID=${pid}`,
    `ExecMainStartTimestamp=${time}`,
    `InactiveExitTimestamp=${time}`,
    'ExecStart={ path=/commands/crio ; argv[]=/commands/crio ; ignore_errors=no ; }',
    'END\n',
  ].join('\n');
}

function reloadOf({ reload = '' }: Unit): string {
  return `echo >> /commands/reloads\n${reload}`;
}

function printEntry({ message, pid: by = pid, transport = 'stdout' }: Entry): string {
  return `${JSON.stringify({ MESSAGE: message, _PID: String(by), _TRANSPORT: transport, PRIORITY: '6' })}\n`;
}
