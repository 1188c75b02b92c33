// For which registries CRI-O has credentials. Of the file that holds them nothing but the names of registries is kept.
import { posix } from 'node:path';
import type { RegistryLogins } from '../agent/ports.ts';
import { readCrioImageTables } from './crio-conf.ts';
import { readFile } from './foreign-files.ts';
import { isObject, parseJson } from './json-checks.ts';

/** Where the names of registries are keys: containers-auth.json(5). The values are secrets, or programs that tell them. */
const sections = ['auths', 'credHelpers'] as const;

/**
 * Reads the names in `global_auth_file` of CRI-O. Null where CRI-O has no such file, or it cannot be read, which nobody
 * is told: what is wrong with a file of secrets is nothing to be printed.
 * @param root every path is below it, and so is where absolute links lead
 */
export function readRegistryLogins(root: string): RegistryLogins | null {
  const file = readCrioImageTables(root, ignore)
    .map(({ table }) => table['global_auth_file'])
    .findLast((value) => typeof value === 'string');
  if (file === undefined || !posix.isAbsolute(file)) return null;
  const bytes = readFile(posix.join(root, file), root, ignore);
  const content = bytes === null ? null : parseJson(bytes);
  if (!isObject(content)) return null;
  const scopes = sections.flatMap((section) => {
    const names = content[section];
    return isObject(names) ? Object.keys(names) : [];
  });
  return { file, scopes: [...new Set(scopes.map(normalizeScope))] };
}

function ignore(): void {
  // Told where the same files are read for the images that they name.
}

/** As getAuthConfig of containers/image compares: a name written as a URL stands for its host, and Docker Hub has one name. */
function normalizeScope(key: string): string {
  const name = key.replace(/^https?:\/\//, '');
  const scope = name === key ? name : (name.split('/')[0] ?? name);
  return scope === 'index.docker.io' || scope === 'registry-1.docker.io' ? 'docker.io' : scope;
}
