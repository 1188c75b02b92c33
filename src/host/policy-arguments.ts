// The policy files and directories that a command line names: read as a policy directory would be, but trust is only a warning.
import { statSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { wholeFile } from '../origin.ts';
import type { PolicyDirectory } from '../policy/drop-ins.ts';
import { readPolicyDirectories } from './policy-dirs.ts';
import { trustUnder } from './trust.ts';

/** One listing for each argument: a directory whole, a file as the only one of its directory. */
export function readPolicyArguments(names: readonly string[]): readonly PolicyDirectory[] {
  return names.map((name) => {
    const path = resolve(name);
    const what = kindOf(path);
    if (what === 'directory') return list(path);
    if (what === 'file') {
      const holder = list(dirname(path));
      return { ...holder, entries: holder.entries.filter((entry) => entry.name === basename(path)) };
    }
    const missing = finding(
      'unreadableFile',
      wholeFile(path),
      `${quote(name)} does not exist or cannot be read`,
      'name an existing file or directory',
    );
    return { path, state: 'unreadable', entries: [], findings: [missing] };
  });
}

function list(path: string): PolicyDirectory {
  const [listing] = readPolicyDirectories([path], trustUnder('/', false));
  return listing ?? { path, state: 'missing', entries: [], findings: [] };
}

function kindOf(path: string): 'directory' | 'file' | null {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file';
  } catch {
    return null;
  }
}
