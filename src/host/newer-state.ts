// What a newer icspd left below /var/lib/icspd: never read, never touched, but that it is there says when an upgrade came.
import { lstatSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import type { Paths } from '../paths.ts';
import { attemptIfThere } from './errno.ts';
import { resolvePath } from './resolve-path.ts';

/**
 * When the first state directory of a newer schema (v2, v3 …) came; null if there is none.
 * Where the file system does not keep the time of birth, it is the earliest of the other times. Throws HostError.
 */
export function findNewerState({
  root,
  stateDir,
  schemaDir,
}: Pick<Paths, 'root' | 'stateDir' | 'schemaDir'>): Date | null {
  const directory = resolvePath(stateDir, root).path;
  const names = attemptIfThere('list', directory, () => readdirSync(directory)) ?? [];
  const own = schemaOf(posix.basename(schemaDir)) ?? 0;
  const times = names
    .filter((name) => (schemaOf(name) ?? 0) > own)
    .map((name) => posix.join(directory, name))
    .flatMap((path) => attemptIfThere('look at', path, () => bornAtMs(path)) ?? []);
  return times.length === 0 ? null : new Date(Math.min(...times));
}

function schemaOf(name: string): number | null {
  const digits = /^v([1-9]\d{0,8})$/.exec(name)?.[1];
  return digits === undefined ? null : Number(digits);
}

function bornAtMs(path: string): number {
  const { birthtimeMs, mtimeMs, ctimeMs } = lstatSync(path);
  return Math.min(...[birthtimeMs, mtimeMs, ctimeMs].filter((ms) => ms > 0));
}
