// The registries.conf files that a command line names, and the files that it asks for: read and written with the caller's rights.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { FileText } from '../agent/ports.ts';
import { quote } from '../escape.ts';
import { HostError } from '../host-error.ts';
import { asCaller } from './caller.ts';
import { attempt } from './errno.ts';
import { readIfThere } from './text-file.ts';

/** Reads the file that somebody named. Throws HostError where there is none, or it cannot be read. */
export function readConfArgument(name: string): FileText {
  const path = resolve(name);
  const found = asCaller(() => readIfThere(path, '/'));
  if (found !== null) return found;
  throw new HostError('pathMissing', `there is no file ${quote(name)}`, 'name an existing file', { path });
}

/**
 * Writes files that are not there yet into a directory, which is made if need be.
 * Throws HostError, also where a name is taken: then that file stays as it is.
 * @returns their paths
 */
export function writeNewFiles(
  directory: string,
  files: readonly (readonly [name: string, text: string])[],
): readonly string[] {
  return asCaller(() => {
    const path = resolve(directory);
    attempt('make the directory', path, () => mkdirSync(path, { recursive: true }));
    return files.map(([name, text]) => {
      const file = join(path, name);
      attempt('create', file, () => {
        writeFileSync(file, text, { flag: 'wx', mode: 0o644 });
      });
      return file;
    });
  });
}
