// The files of registries.conf.d, chosen and ordered as containers/image does.
import { lstatSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { underRoot, type Paths } from '../paths.ts';
import type { DropInDirectory, DropIns, FileText } from '../agent/ports.ts';
import { quote } from '../escape.ts';
import { compareBytes } from '../byte-order.ts';
import { attemptIfThere } from './errno.ts';
import { finding, type Finding } from '../finding.ts';
import { HostError, toFinding } from '../host-error.ts';
import { wholeFile } from '../origin.ts';
import { resolvePath } from './resolve-path.ts';
import { glanceAt, readSteadily } from './steady.ts';
import { readIfThere } from './text-file.ts';

/** Opens the drop-ins of the system. */
export function openDropIns(paths: Pick<Paths, 'root' | 'registriesConfDir'>): DropIns {
  const { registriesConfDir, root } = paths;
  return {
    read(told) {
      const directory = told === null ? registriesConfDir : underRoot(told, root);
      try {
        return { ...readConfDirectory(directory, root), findings: judgeDirectory(directory, root) };
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        return { ...noDropIns, findings: [toFinding(error)] };
      }
    },
  };
}

export const noDropIns: DropInDirectory = { files: [], dangling: [] };

/**
 * Reads one directory of drop-ins in load order; one that is missing is empty. The rules are those of filepath.WalkDir as sysregistriesv2 uses it:
 * names that end in `.conf`, also hidden ones, by byte; links to files count, directories do not, and a directory that is itself a link is not entered.
 * A file with such a name in the place of the directory is a drop-in itself.
 * All are read as they were at one moment. Throws HostError for what the runtime would fail on, and where files come and go too fast.
 * @param root absolute links count from here
 */
export function readConfDirectory(directory: string, root: string): DropInDirectory {
  const parent = resolvePath(posix.dirname(directory), root);
  const real = posix.join(parent.path, posix.basename(directory));
  const stats = attemptIfThere('look at', real, () => lstatSync(real));
  if (stats === null) return noDropIns;
  if (!stats.isDirectory()) return isDropInName(directory) ? readAlone(directory, real, root) : noDropIns;
  const { value, isTorn } = readSteadily(
    () => glanceAt(real, isDropInName),
    (miss) => {
      const names = attemptIfThere('list', real, () => readdirSync(real)) ?? [];
      return names
        .filter(isDropInName)
        .sort(compareBytes)
        .flatMap((name) => readDropIn(posix.join(directory, name), posix.join(real, name), root, miss) ?? []);
    },
  );
  if (isTorn) throw keepsChanging(directory);
  return sortOut(value);
}

function readAlone(path: string, realPath: string, root: string): DropInDirectory {
  return sortOut([readDropIn(path, realPath, root, () => undefined) ?? []].flat());
}

function sortOut(found: readonly (FileText | string)[]): DropInDirectory {
  return {
    files: found.filter((one) => typeof one !== 'string'),
    dangling: found.filter((one) => typeof one === 'string'),
  };
}

/** Tells of a link or a file in the place of the directory: the runtime passes over it without a word. */
export function judgeDirectory(directory: string, root: string): readonly Finding[] {
  const parent = resolvePath(posix.dirname(directory), root);
  const real = posix.join(parent.path, posix.basename(directory));
  const stats = attemptIfThere('look at', real, () => lstatSync(real));
  if (stats === null || stats.isDirectory() || isDropInName(directory)) return [];
  const what = stats.isSymbolicLink() ? 'a link' : 'no directory';
  return [
    finding(
      'dropInsNotEntered',
      wholeFile(directory),
      `this is ${what}, so that CRI-O reads no drop-in from it, and says nothing`,
      'put a directory in its place, or remove it',
    ),
  ];
}

function isDropInName(name: string): boolean {
  return name.endsWith('.conf');
}

function keepsChanging(directory: string): HostError {
  return new HostError(
    'dropInUnreadable',
    `files of ${quote(directory)} are renamed or removed each time that it is read`,
    'find what changes them all the time; the daemon then goes on by itself',
    { path: directory },
  );
}

/** The path alone where it is a link that leads nowhere; null for what every runtime passes over: directories, and files that are gone. */
function readDropIn(
  path: string,
  realPath: string,
  root: string,
  miss: () => void,
): FileText | string | null {
  const stats = attemptIfThere('look at', realPath, () => lstatSync(realPath));
  if (stats === null) miss();
  if (stats === null || stats.isDirectory()) return null;
  try {
    const text = readIfThere(realPath, root);
    if (text !== null) return { ...text, path };
    if (stats.isSymbolicLink()) return path;
    miss();
    return null;
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new HostError(
      'dropInUnreadable',
      `the drop-in cannot be read, and then the runtime loads no configuration at all: ${error.message}`,
      `correct or remove ${quote(path)}`,
      { path, cause: error },
    );
  }
}
