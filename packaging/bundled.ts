// Which packages are in the bundle, by what esbuild says it took, each with its version, licence and licence text.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { z } from 'zod';

/** One npm package of which something is in the bundle. */
export interface BundledPackage {
  /** Such as `@iarna/toml`. */
  readonly name: string;
  readonly version: string;
  /** An SPDX expression. */
  readonly licence: string;
  readonly licenceText: string;
  /** From package-lock.json, such as `sha512-…=`. */
  readonly integrity: string;
}

const manifest = z.object({ name: z.string(), version: z.string(), license: z.string() });
const lock = z.object({ packages: z.record(z.string(), z.object({ integrity: z.string().optional() })) });

/**
 * The packages of the bundle, by name and version.
 * @param root the project's directory
 * @throws Error if one of them has no licence, no licence text or is not in package-lock.json: it may not be passed on
 */
export function listBundled(root: string, metafile: Metafile): readonly BundledPackage[] {
  const { packages } = lock.parse(readJson(join(root, 'package-lock.json')));
  const taken = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
  const places = new Set(taken.flatMap((path) => placeOf(path) ?? []));
  return [...places]
    .map((place) => {
      const { name, version, license } = manifest.parse(readJson(join(root, place, 'package.json')));
      const integrity = packages[place]?.integrity;
      if (integrity === undefined) throw new Error(`${place} is not in package-lock.json`);
      return { name, version, licence: license, licenceText: readLicence(join(root, place)), integrity };
    })
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** `node_modules/a/node_modules/b` of `node_modules/a/node_modules/b/lib/c.js`; null for what is no package's. */
function placeOf(path: string): string | null {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? null;
}

function readLicence(directory: string): string {
  const [name] = readdirSync(directory)
    .filter((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry))
    .sort();
  if (name === undefined) throw new Error(`${directory} has no licence text`);
  return readFileSync(join(directory, name), 'utf8');
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
