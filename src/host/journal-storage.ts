// Where journald keeps what it is told: the audit trail is as lasting as that.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** `volatile`: in memory, gone with the next boot. `none`: nowhere, as in a container without journald. */
export type JournalStorage = 'persistent' | 'volatile' | 'none';

/**
 * Looks for the system journal of this machine. journald moves what is in /run to /var as soon as it may keep it there, and
 * removes it in /run: what is there stays there (systemd-journald.service(8), Storage= of journald.conf(5)).
 */
export function readJournalStorage(root = '/'): JournalStorage {
  const machine = readMachineId(root);
  if (machine === null) return 'none';
  const hasJournal = (directory: string): boolean =>
    existsSync(join(root, directory, machine, 'system.journal'));
  if (hasJournal('run/log/journal')) return 'volatile';
  return hasJournal('var/log/journal') ? 'persistent' : 'none';
}

function readMachineId(root: string): string | null {
  try {
    return readFileSync(join(root, 'etc/machine-id'), 'utf8').trim();
  } catch {
    return null;
  }
}
