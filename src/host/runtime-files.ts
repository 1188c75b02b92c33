// The files that a pull rests on, found as containers/image finds them (`newConfigWrapperWithHomeDir`, `dropInConfigs`).
import { posix } from 'node:path';
import type { FileText } from '../agent/ports.ts';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
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

/** Reads what CRI-O, started as root without options, would read now. A file of root's own takes the place of all in /etc. */
export function readRuntimeFiles(paths: Paths): RuntimeFiles {
  const own = readIfThere(paths.userRegistriesConf, paths.root);
  const aliases = readIfThere(paths.shortNameAliases, paths.root);
  const ownDropIns = readConfDirectory(paths.userRegistriesConfDir, paths.root);
  if (own === null) {
    const dropIns = [...readConfDirectory(paths.registriesConfDir, paths.root), ...ownDropIns];
    return { main: readIfThere(paths.registriesConf, paths.root), dropIns, aliases, findings: [] };
  }
  const takenOver = finding(
    'mainFileShadowed',
    wholeFile(paths.userRegistriesConf),
    `this file takes the place of ${quote(paths.registriesConf)} for everything that root runs, CRI-O included`,
    `remove ${quote(posix.dirname(paths.userRegistriesConf))} if CRI-O should follow the policies`,
  );
  return { main: own, dropIns: ownDropIns, aliases, findings: [takenOver] };
}
