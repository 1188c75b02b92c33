// The policy files and directories that a command line names: read as a policy directory would be, but trust is only a warning.
import { lstatSync, statSync, type Stats } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { finding } from '../finding.ts';
import { quote } from '../escape.ts';
import { wholeFile } from '../origin.ts';
import type { PolicyDirectory } from '../policy/drop-ins.ts';
import { asCaller } from './caller.ts';
import { readPolicyDirectories } from './policy-dirs.ts';
import { lookAtEntry } from './policy-entry.ts';
import { trustUnder } from './trust.ts';

/** One listing for each argument: a directory whole, a file as the only one of its directory. */
export function readPolicyArguments(names: readonly string[]): readonly PolicyDirectory[] {
  return names.map((name) => asCaller(() => readArgument(name)));
}

const trust = trustUnder('/', false);

function readArgument(name: string): PolicyDirectory {
  const path = resolve(name);
  const found = lookAt(path);
  if (found?.isDirectory === true) {
    return readPolicyDirectories([path], trust)[0] ?? { path, state: 'missing', entries: [], findings: [] };
  }
  if (found !== null) return readAlone(path, found.entry);
  const sentence = `${quote(name)} does not exist or cannot be read`;
  const remedy = 'name an existing file or directory';
  const missing = finding('unreadableFile', wholeFile(path), sentence, remedy);
  return { path, state: 'unreadable', entries: [], findings: [missing] };
}

function readAlone(path: string, entry: Stats): PolicyDirectory {
  const directory = dirname(path);
  const limits = { budget: { leftBytes: Infinity }, miss: () => undefined };
  const folder = { path: directory, realPath: directory, distrust: null, ...limits };
  const found = lookAtEntry(basename(path), entry, folder, trust);
  return { path: directory, state: 'listed', entries: found === null ? [] : [found], findings: [] };
}

/** What stands there, a link not followed, and whether it leads to a directory; null where it leads to nothing. */
function lookAt(path: string): { readonly entry: Stats; readonly isDirectory: boolean } | null {
  try {
    return { entry: lstatSync(path), isDirectory: statSync(path).isDirectory() };
  } catch {
    return null;
  }
}
