// What the configuration files of CRI-O say about images, in the order in which CRI-O reads them.
import { posix } from 'node:path';
import { isTomlTable, type TomlTable } from '../registries/model.ts';
import { readToml } from '../registries/toml.ts';
import { listFiles, readFile, type Trouble } from './foreign-files.ts';

export interface CrioImageTable {
  readonly file: string;
  /** `[crio.image]`, of a file that has one. */
  readonly table: TomlTable;
}

/** `short_name_mode`, since CRI-O 1.34; null where no file that can be read has it. */
export function readShortNameMode(root: string): string | null {
  const modes = readCrioImageTables(root, () => undefined).map(({ table }) => table['short_name_mode']);
  return modes.filter((mode) => typeof mode === 'string').at(-1) ?? null;
}

/**
 * Reads crio.conf and every file of crio.conf.d, whatever its name, ascending: of each key the last file that has it
 * counts (crio.conf.d(5)).
 * @param root every path is below it, and so is where absolute links lead
 */
export function readCrioImageTables(root: string, trouble: Trouble): readonly CrioImageTable[] {
  const drop = posix.join(root, '/etc/crio/crio.conf.d');
  const files = [posix.join(root, '/etc/crio/crio.conf'), ...listFiles(drop, root, () => true, trouble)];
  return files.flatMap((file) => {
    const bytes = readFile(file, root, trouble);
    if (bytes === null) return [];
    const toml = readToml(bytes, file);
    if (!toml.ok) {
      trouble(file, toml.finding.message);
      return [];
    }
    const { crio } = toml.table;
    const table = isTomlTable(crio) ? crio['image'] : undefined;
    return isTomlTable(table) ? [{ file, table }] : [];
  });
}
