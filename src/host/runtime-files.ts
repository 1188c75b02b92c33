// The files that a pull rests on, found as containers/image finds them (`newConfigWrapperWithHomeDir`, `dropInConfigs`).
import type { FileText } from '../agent/ports.ts';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { HostError } from '../host-error.ts';
import { wholeFile } from '../origin.ts';
import type { Paths } from '../paths.ts';
import { readConfDirectory } from './drop-in-dir.ts';
import { readIfThere } from './text-file.ts';

export interface RuntimeFiles {
  /** registries.conf; null where there is none, which is an empty configuration. */
  readonly main: FileText | null;
  /** In load order. */
  readonly dropIns: readonly FileText[];
  /** Short-name aliases that were learned on this machine; null where there are none. */
  readonly aliases: FileText | null;
  readonly findings: readonly Finding[];
}

/**
 * Reads what CRI-O, started as root, would read now.
 * @param told the file that CRI-O was told to read; null where it looks in its usual places: in root's home, then in /etc
 */
export function readRuntimeFiles(paths: Paths, told: string | null): RuntimeFiles {
  const findings: Finding[] = [];
  const { root } = paths;
  const own = told === null ? readOwn(() => readIfThere(paths.userRegistriesConf, root), findings) : null;
  const ownDropIns = readOwn(() => readConfDirectory(paths.userRegistriesConfDir, root), findings) ?? [];
  const aliases = readIfThere(paths.shortNameAliases, root);
  if (own !== null) return { main: own, dropIns: ownDropIns, aliases, findings: [takenOver(paths)] };
  return {
    main: readIfThere(told ?? paths.registriesConf, root),
    dropIns: [...readConfDirectory(paths.registriesConfDir, root), ...ownDropIns],
    aliases,
    findings,
  };
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
