// registries.conf as the host has it: where it really is, what it holds, and its replacement.
import { lstatSync, type Stats } from 'node:fs';
import { posix } from 'node:path';
import type { Target, TargetState } from '../agent/ports.ts';
import { quote, shellWord } from '../escape.ts';
import type { Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import { hasNamedEntries } from './acl.ts';
import { digest } from './digest.ts';
import { HostError, toFinding } from '../host-error.ts';
import { sweepDirectory, sweepOwnDirectories } from './leftovers.ts';
import { maxConfBytes, readRegularFile } from './read-file.ts';
import { replaceFile, type WayBack } from './replace-file.ts';
import { resolvePath, type Resolved } from './resolve-path.ts';
import { explain, judgeAcl, judgePlace, judgeTarget, writableByOthers } from './target-fitness.ts';
import type { Trust } from './trust.ts';

type TargetPaths = Pick<Paths, 'root' | 'registriesConf' | 'configDir' | 'schemaDir'>;

/** The target at `paths.registriesConf`, which may be a link within its directory or /etc/containers. */
export function openTarget(paths: TargetPaths, trust: Trust): Target {
  const path = paths.registriesConf;
  let wayBack: WayBack | null = null;
  // Asking for the ACL takes a child: once for each change of owner, mode or ACL, which the ctime tells.
  let plain = '';
  const judge = (realPath: string, stats: Stats): void => {
    judgeTarget(realPath, stats, trust);
    const state = [stats.dev, stats.ino, stats.ctimeMs].join(' ');
    if (state !== plain) judgeAcl(realPath, hasNamedEntries);
    plain = state;
  };
  return {
    path,
    read: () => readState(paths, trust, judge),
    async replace(bytes, planned) {
      const way = locate(paths);
      judgePlace(path, way, trust);
      if (way.stats !== null) judge(way.path, way.stats);
      try {
        wayBack = await replaceFile(way.path, bytes, () => refuseOther(path, way.path, planned));
      } catch (error) {
        throw explain(error, way.path);
      }
    },
    takeBack() {
      if (wayBack === null) throw nothingReplaced(path);
      wayBack.takeBack();
      wayBack = null;
    },
    settle() {
      wayBack?.settle();
      wayBack = null;
    },
    sweep() {
      sweepDirectory(posix.dirname(locate(paths).path));
      sweepOwnDirectories(paths);
    },
  };
}

function readState(
  paths: TargetPaths,
  trust: Trust,
  judge: (realPath: string, stats: Stats) => void,
): TargetState {
  const path = paths.registriesConf;
  try {
    const way = locate(paths);
    judgePlace(path, way, trust);
    const found = way.stats;
    if (found === null) return { state: 'absent' };
    const obstacle = findObstacle(path, () => judge(way.path, found));
    const { bytes, stats } = readRegularFile(way.path, maxConfBytes);
    const warning = writableByOthers(path, stats);
    const findings = warning === null ? [] : [warning];
    const owner = `${stats.uid}:${stats.gid}`;
    const modifiedAt = stats.mtime.toISOString();
    return {
      state: 'file',
      file: { path, bytes, digest: digest(bytes) },
      findings,
      obstacle,
      owner,
      modifiedAt,
    };
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    return { state: 'unusable', finding: toFinding(error, error.findingName, path) };
  }
}

/** Owner, ACL and further names forbid to replace the file, not to find that it is right as it is. Throws HostError for no file. */
function findObstacle(path: string, judge: () => void): Finding | null {
  try {
    judge();
    return null;
  } catch (error) {
    if (!(error instanceof HostError) || error.findingName === 'targetNotRegular') throw error;
    return toFinding(error, error.findingName, path);
  }
}

/** Where registries.conf really is. Throws HostError if its links lead to where it may not be replaced. */
function locate(paths: TargetPaths): Resolved {
  const path = paths.registriesConf;
  const way = resolvePath(path, paths.root);
  if (way.links.length === 0) return way;
  const own = resolvePath(posix.dirname(path), paths.root).path;
  const containers = resolvePath(posix.join(paths.root, '/etc/containers'), paths.root).path;
  const isAllowed = posix.dirname(way.path) === own || way.path.startsWith(`${containers}/`);
  if (isAllowed) return way;
  throw new HostError(
    'targetLeavesDirectory',
    `${quote(path)} is a link to ${quote(way.path)}, outside of its directory`,
    `put the file itself there: cp --remove-destination -p ${shellWord(way.path)} ${shellWord(path)}`,
    { path },
  );
}

/** Who takes no lock, as an editor or Ansible, may have written since the plan was made. Throws HostError. */
function refuseOther(path: string, realPath: string, planned: string | null | undefined): void {
  if (planned === undefined) return;
  const isThere = lstatSync(realPath, { throwIfNoEntry: false }) !== undefined;
  const found = isThere ? digest(readRegularFile(realPath, maxConfBytes).bytes) : null;
  if (found === planned) return;
  throw new HostError(
    'fileKeepsChanging',
    `somebody else writes ${quote(path)} while icspd is about to replace it`,
    'look who it is (icspd status shows the owner and time of a drift), and try again',
    { path },
  );
}

function nothingReplaced(path: string): HostError {
  const help = 'bring an earlier content back from the history: icspd restore --previous';
  return new HostError('nothingToTakeBack', `${quote(path)} was not replaced by this process`, help, {
    path,
  });
}
