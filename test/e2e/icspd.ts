// icspd as its operators see it: its commands, its files, its audit events.
import { type Entry, type Mark, entries } from './journal.ts';
import { APPLIED } from './crio.ts';
import { type Ran, type System, until } from './system.ts';
import { untilMessage } from './journal.ts';

export const REGISTRIES_CONF = '/etc/containers/registries.conf';
const POLICIES = '/etc/icsp.d';

/** Puts a policy file where icspd looks. */
export function putPolicy(system: System, name: string, text: string): void {
  system.write(`${POLICIES}/${name}`, text);
}

export function removePolicy(system: System, name: string): void {
  system.remove(`${POLICIES}/${name}`);
}

/** Runs icspd. */
export async function icspd(system: System, ...args: readonly string[]): Promise<Ran> {
  return system.run(['icspd', ...args]);
}

/** Waits until the audit trail has an event of this name after the mark. */
export async function untilEvent(system: System, after: Mark, event: string): Promise<Entry> {
  return until(`the audit event ${event}`, async () =>
    (await entries(system, after, `ICSPD_EVENT=${event}`)).at(-1),
  );
}

/** Waits until CRI-O says that it applied a configuration which names `location`. */
export async function untilApplied(system: System, after: Mark, location: string): Promise<string> {
  const literal = location.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return untilMessage(system, after, 'crio', new RegExp(`${APPLIED.source}.*Location:${literal} `));
}
