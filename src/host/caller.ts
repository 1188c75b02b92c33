// Under sudo, files that the caller names are opened with the caller's rights: `sudo icspd check /etc/shadow` must not print it.

/** Runs `read`, which must be synchronous, as the user who called sudo; without sudo as it is. */
export function asCaller<T>(read: () => T): T {
  const caller = findCaller();
  if (caller === null) return read();
  const groups = process.getgroups?.() ?? [];
  // Without the caller's further groups: rather too few rights than too many.
  process.setgroups?.([caller.gid]);
  process.setegid?.(caller.gid);
  process.seteuid?.(caller.uid);
  try {
    return read();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
    process.setgroups?.(groups);
  }
}

/** Who called sudo(8); null if nobody did, or root itself. */
function findCaller(): { readonly uid: number; readonly gid: number } | null {
  if (process.geteuid?.() !== 0) return null;
  const uid = Number(process.env['SUDO_UID'] ?? '0');
  const gid = Number(process.env['SUDO_GID'] ?? '0');
  // A group of 0 makes nobody root: users of it are common on nodes, and their rights end where their own do.
  return Number.isInteger(uid) && uid > 0
    ? { uid, gid: Number.isInteger(gid) && gid >= 0 ? gid : uid }
    : null;
}
