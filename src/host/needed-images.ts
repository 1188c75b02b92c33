// Which images this node cannot do without: CRI-O's pause image, and what a release of MicroShift consists of.
import { readdirSync } from 'node:fs';
import { posix } from 'node:path';
import type { NeededImage, NeededImages } from '../agent/ports.ts';
import { compareBytes } from '../byte-order.ts';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { HostError } from '../host-error.ts';
import { wholeFile } from '../origin.ts';
import { isTomlTable, type TomlTable } from '../registries/model.ts';
import { isFullReference } from '../registries/reference.ts';
import { readToml } from '../registries/toml.ts';
import { attemptIfThere } from './errno.ts';
import { parseJson } from './json-checks.ts';
import { readRegularFile } from './read-file.ts';
import { resolvePath } from './resolve-path.ts';

/** What CRI-O is compiled with; its tag differs from version to version and does not matter here. */
const defaultPauseImage = 'registry.k8s.io/pause';

/** Real ones have a few kilobytes, and there are a handful. */
const maxFileBytes = 1024 * 1024;
const maxFiles = 100;

const remedy = 'correct the file, or list in must-pull of icspd.conf what this node needs';

interface Lists {
  readonly images: NeededImage[];
  readonly findings: Finding[];
}

/** @param root every path is below it, and so is where absolute links lead */
export function readNeededImages(root: string): NeededImages {
  const lists: Lists = { images: [], findings: [] };
  const under = (path: string): string => posix.join(root, path);
  const drop = under('/etc/crio/crio.conf.d');
  const files = [under('/etc/crio/crio.conf'), ...listFiles(drop, root, () => true, lists)];
  addPauseImage(files, root, lists);
  const releases = under('/usr/share/microshift/release');
  for (const file of listFiles(releases, root, (name) => /^release-.*\.json$/.test(name), lists))
    addRelease(file, root, lists);
  return lists;
}

/** CRI-O reads every file of its directory, whatever its name, ascending; the last one that says something counts. */
function addPauseImage(files: readonly string[], root: string, lists: Lists): void {
  let last: NeededImage = { image: defaultPauseImage, by: 'the pause image of CRI-O by default' };
  for (const file of files) {
    const bytes = read(file, root, lists);
    if (bytes === null) continue;
    const toml = readToml(bytes, file);
    const image = toml.ok ? pauseImageOf(toml.table) : null;
    if (!toml.ok) lists.findings.push(untold(file, toml.finding.message));
    else if (image !== null) last = { image, by: `the pause image of CRI-O in ${quote(file)}` };
  }
  add(last, lists);
}

/** `[crio.image] pause_image`; null where it is not set, or to nothing. */
function pauseImageOf({ crio }: TomlTable): string | null {
  const table = isTomlTable(crio) ? crio['image'] : undefined;
  const image = isTomlTable(table) ? table['pause_image'] : undefined;
  return typeof image === 'string' && image !== '' ? image : null;
}

/** The images of a release by component: `{"images": {"cli": "quay.io/…@sha256:…"}}`. */
function addRelease(file: string, root: string, lists: Lists): void {
  const bytes = read(file, root, lists);
  if (bytes === null) return;
  const release = parseJson(bytes);
  const images = isObject(release) ? release['images'] : null;
  if (!isObject(images)) {
    lists.findings.push(untold(file, 'it is not JSON with an object "images"'));
    return;
  }
  for (const image of Object.values(images)) {
    if (typeof image === 'string') add({ image, by: quote(file) }, lists);
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function add({ image, by }: NeededImage, lists: Lists): void {
  if (lists.images.some((known) => known.image === image)) return;
  if (isFullReference(image)) lists.images.push({ image, by });
  else lists.findings.push(untold(null, `${quote(image)} (${by}) is not an image with its registry`));
}

function listFiles(
  directory: string,
  root: string,
  counts: (name: string) => boolean,
  lists: Lists,
): readonly string[] {
  const names = tolerate(directory, lists, () => {
    const way = resolvePath(directory, root);
    if (way.stats?.isDirectory() !== true) return [];
    return attemptIfThere('list', way.path, () => readdirSync(way.path, { withFileTypes: true })) ?? [];
  });
  return (names ?? [])
    .filter((entry) => !entry.isDirectory() && counts(entry.name))
    .map(({ name }) => posix.join(directory, name))
    .sort(compareBytes)
    .slice(0, maxFiles);
}

/** Null where there is no such file, or it cannot be read, which is told. */
function read(file: string, root: string, lists: Lists): Uint8Array | null {
  return tolerate(file, lists, () => {
    const way = resolvePath(file, root);
    return way.stats === null ? null : readRegularFile(way.path, maxFileBytes).bytes;
  });
}

/** A file of others that cannot be read is no reason to stop; the guard knows less, and that is told. */
function tolerate<T>(path: string, lists: Lists, look: () => T): T | null {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (error.findingName !== 'pathMissing') lists.findings.push(untold(path, error.message));
    return null;
  }
}

function untold(file: string | null, why: string): Finding {
  const message = `which images must stay pullable cannot be told: ${why}`;
  return finding('mustPullUnknown', file === null ? null : wholeFile(file), message, remedy);
}
