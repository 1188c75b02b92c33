// The files that a pull rests on, found as containers/image finds them (`newConfigWrapperWithHomeDir`, `dropInConfigs`).
import type { CrioConf } from '../agent/crio-ports.ts';
import type { DropInDirectory, FileText } from '../agent/ports.ts';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { HostError } from '../host-error.ts';
import { wholeFile } from '../origin.ts';
import { underRoot, withHome, type Paths } from '../paths.ts';
import { readShortNameMode } from './crio-conf.ts';
import { judgeDirectory, noDropIns, readConfDirectory } from './drop-in-dir.ts';
import { readIfThere } from './text-file.ts';

export interface RuntimeFiles {
  /** registries.conf; null where there is none, which is an empty configuration. */
  readonly main: FileText | null;
  readonly dropIns: DropInDirectory;
  /** Short-name aliases that were learned on this machine; null where there are none. */
  readonly aliases: FileText | null;
  /** `short_name_mode` of crio.conf; null where it is not set. */
  readonly shortNameMode: string | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads what CRI-O would read now.
 * @param crio where it looks, and what it was told; null where that is not known: then in root's home, and in /etc
 */
export function readRuntimeFiles(usualPaths: Paths, crio: CrioConf | null): RuntimeFiles {
  const findings: Finding[] = [];
  const paths = crio === null ? usualPaths : withHome(usualPaths, crio.home);
  const { root, userRegistriesConf } = paths;
  const told = crio?.main?.isTold === true ? crio.main.path : null;
  const own = told === null ? readOwn(() => readIfThere(userRegistriesConf, root), findings) : null;
  const main = own ?? readIfThere(told ?? paths.registriesConf, root);
  if (main === null && told !== null) findings.push(missing(told));
  if (own !== null) findings.push(takenOver(paths));
  const dropIns = readAllDropIns(paths, crio?.dropInDirectory ?? null, own !== null, findings);
  const aliases = readIfThere(paths.shortNameAliases, root);
  return { main, dropIns, aliases, shortNameMode: readShortNameMode(root), findings };
}

/** Of a directory that it was told to read alone; of that in /etc only where no file in its home takes over. */
function readAllDropIns(
  paths: Paths,
  told: string | null,
  isTakenOver: boolean,
  findings: Finding[],
): DropInDirectory {
  const { root, registriesConfDir, userRegistriesConfDir } = paths;
  const read = (directory: string): DropInDirectory => {
    findings.push(...judgeDirectory(directory, root));
    return readConfDirectory(directory, root);
  };
  if (told !== null) return read(underRoot(told, root));
  const own = readOwn(() => read(userRegistriesConfDir), findings) ?? noDropIns;
  if (isTakenOver) return own;
  const { files, dangling } = read(registriesConfDir);
  return { files: [...files, ...own.files], dangling: [...dangling, ...own.dangling] };
}

/** What is in the usual place may be missing, what CRI-O was told to read may not. */
function missing(told: string): Finding {
  return finding(
    'toldFileMissing',
    wholeFile(told),
    'CRI-O was told to read this file, which does not exist, so that it refuses to load its registries, and to start',
    'put the file back, or remove --registries-conf (or CONTAINER_REGISTRIES_CONF) from the unit of CRI-O',
  );
}

/** Root's own files are closed to others, who then see the answer without them. */
function readOwn<T>(read: () => T, findings: Finding[]): T | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof HostError) || error.findingName !== 'accessDenied') throw error;
    const message =
      'the home directory of root is not readable here: configuration in it, if there is any, is left out';
    findings.push(finding('ownFilesNotRead', null, message, 'run the command as root to be sure'));
    return null;
  }
}

function takenOver(paths: Paths): Finding {
  return finding(
    'mainFileShadowed',
    wholeFile(paths.userRegistriesConf),
    `this file takes the place of ${quote(paths.registriesConf)} for everything that root runs, CRI-O included`,
    `remove ${quote(paths.userRegistriesConf)} if CRI-O should follow the policies`,
  );
}
