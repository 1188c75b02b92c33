// Who runs this command, for the record.
import { readFileSync, readlinkSync } from 'node:fs';
import type { Actor } from '../agent/record.ts';

/** The kernel's word for "no login uid", audit(8). */
const unsetLoginUid = 4_294_967_295;

/** uid, login uid and terminal of this process. */
export function currentActor(command: string): Actor {
  return { uid: process.getuid?.() ?? 0, loginUid: readLoginUid(), tty: readTty(), command };
}

function readLoginUid(): number | null {
  try {
    const uid = Number(readFileSync('/proc/self/loginuid', 'utf8'));
    return Number.isInteger(uid) && uid !== unsetLoginUid ? uid : null;
  } catch {
    return null; // A kernel without audit.
  }
}

function readTty(): string | null {
  try {
    const target = readlinkSync('/proc/self/fd/0');
    return target.startsWith('/dev/pts/') || target.startsWith('/dev/tty') ? target : null;
  } catch {
    return null; // No /proc, or standard input is closed.
  }
}
