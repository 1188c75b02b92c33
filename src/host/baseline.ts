// The administrator's own registries.conf, kept in /etc/icspd, or the stamp that there was none.
import { linkSync, unlinkSync } from 'node:fs';
import { posix } from 'node:path';
import type { Baseline, BaselineStore } from '../agent/ports.ts';
import type { Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import { quote } from '../escape.ts';
import { makeDirectory, removeDurably, writeBeside, writeDurably } from './durable-file.ts';
import { attempt, errnoOf, translate } from './errno.ts';
import { HostError } from '../host-error.ts';
import { sweepDirectory } from './leftovers.ts';
import { maxConfBytes } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';
import { readTrusted } from './trusted-file.ts';
import type { Trust } from './trust.ts';

type BaselinePaths = Pick<Paths, 'root' | 'baseline' | 'baselineAbsent' | 'registriesConf'>;

/** Opens the baseline; where both the file and the stamp are there, the file counts. */
export function openBaseline(paths: BaselinePaths, trust: Trust): BaselineStore {
  return {
    read: () => readBaseline(paths, trust),
    capture(bytes) {
      const found = readBaseline(paths, trust);
      if (found.state === 'unusable') throw unusable(paths.baseline, found.finding);
      if (found.state !== 'none') throw exists(paths.baseline);
      const path = resolvePath(bytes === null ? paths.baselineAbsent : paths.baseline, paths.root).path;
      makeDirectory(posix.dirname(path), 0o755);
      sweepDirectory(posix.dirname(path));
      const mode = bytes === null ? 0o644 : modeOf(paths);
      writeBeside(path, bytes ?? new Uint8Array(), mode, (temporary) => giveName(temporary, path));
    },
    replace(bytes) {
      const found = readBaseline(paths, trust);
      if (found.state === 'unusable') throw unusable(paths.baseline, found.finding);
      // Where the baseline is a link, the link is replaced and not what it leads to: that is somebody's own file.
      const directory = resolvePath(posix.dirname(paths.baseline), paths.root).path;
      makeDirectory(directory, 0o755);
      sweepDirectory(directory);
      writeDurably(posix.join(directory, posix.basename(paths.baseline)), bytes, modeOf(paths));
      // Cut off before this, the file counts, and the stamp is only in the way of reading.
      removeDurably(resolvePath(paths.baselineAbsent, paths.root).path);
    },
  };
}

/** As the file had that it is a copy of, so that what only root could read stays so; nobody else may write. */
function modeOf({ registriesConf, root }: BaselinePaths): number {
  return ((resolvePath(registriesConf, root).stats?.mode ?? 0o644) & 0o755) | 0o600;
}

function readBaseline(paths: BaselinePaths, trust: Trust): Baseline {
  const file = readTrusted(paths.baseline, trust, maxConfBytes);
  if (file.state === 'read') return { ...file, state: 'captured' };
  const stamp = file.state === 'missing' ? readTrusted(paths.baselineAbsent, trust, maxConfBytes) : file;
  switch (stamp.state) {
    case 'read':
      return { state: 'absent' };
    case 'missing':
      return { state: 'none' };
    case 'refused':
      return { state: 'unusable', finding: stamp.findings[0] };
  }
}

/** By a link, not a rename: it fails where configuration management has put a baseline there meanwhile. */
function giveName(temporary: string, path: string): void {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') throw exists(path);
    throw translate(error, 'create', path);
  }
  attempt('remove', temporary, () => unlinkSync(temporary));
}

function unusable(path: string, { message, help }: Finding): HostError {
  return new HostError('pathUnusable', `no baseline can be kept: ${message}`, help, { path });
}

function exists(path: string): HostError {
  return new HostError(
    'baselineExists',
    `there is a baseline already: ${quote(path)}`,
    'look at it; it is captured once and then belongs to the administrator',
    { path },
  );
}
