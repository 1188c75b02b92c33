// The policy files and directories that a command line names: read as a policy directory would be, but trust is only a warning.
import { lstatSync, statSync } from 'node:fs';
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
  switch (kindOf(path)) {
    case 'directory':
      return readPolicyDirectories([path], trust)[0] ?? { path, state: 'missing', entries: [], findings: [] };
    case 'file':
      return readAlone(path);
    case null: {
      const sentence = `${quote(name)} does not exist or cannot be read`;
      const missing = finding(
        'unreadableFile',
        wholeFile(path),
        sentence,
        'name an existing file or directory',
      );
      return { path, state: 'unreadable', entries: [], findings: [missing] };
    }
  }
}

function readAlone(path: string): PolicyDirectory {
  const directory = dirname(path);
  const folder = { path: directory, realPath: directory, distrust: null, budget: { leftBytes: Infinity } };
  const entry = lookAtEntry(basename(path), lstatSync(path), folder, trust);
  return { path: directory, state: 'listed', entries: entry === null ? [] : [entry], findings: [] };
}

function kindOf(path: string): 'directory' | 'file' | null {
  try {
    return statSync(path).isDirectory() ? 'directory' : 'file';
  } catch {
    return null;
  }
}
