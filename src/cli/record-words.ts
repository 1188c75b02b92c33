// When and by whom, as a person reads it.
import type { Actor } from '../agent/record.ts';
import { escape } from '../escape.ts';

/** ISO 8601 → to the minute. */
export function timeOf(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

/** How long ago; never negative, though a clock may have been set back. */
export function ageSecondsOf(iso: string, now: Date): number {
  return Math.max(0, Math.floor((now.getTime() - Date.parse(iso)) / 1_000));
}

/** How long ago, in its largest two units, such as `3 h 20 min`. */
export function ageOf(iso: string, now: Date): string {
  const minutes = Math.floor(ageSecondsOf(iso, now) / 60);
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)];
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes % 60} min` : `${minutes} min`;
}

/** Who asked, with the user who logged in where that is another one, and what for. */
export function whoOf({ uid, loginUid, tty, command }: Actor): string {
  const user = uid === 0 ? 'root' : `uid ${uid}`;
  const login = loginUid === null || loginUid === uid ? null : `login uid ${loginUid}`;
  const from = [login, tty === null ? null : escape(tty)].filter((part) => part !== null).join(', ');
  return `${user}${from === '' ? '' : ` (${from})`} with icspd ${escape(command)}`;
}

/** The same in a word or two, for a line that says why as well. */
export function briefWhoOf({ actor, reason }: { readonly actor: Actor; readonly reason: string }): string {
  const { uid, loginUid, command } = actor;
  if (command === 'run') return 'daemon';
  const user =
    loginUid !== null && loginUid !== 0 ? `login uid ${loginUid}` : uid === 0 ? 'root' : `uid ${uid}`;
  return reason.startsWith(`icspd ${command}`) ? user : `${user}, icspd ${escape(command)}`;
}
