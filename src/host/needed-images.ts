// Which images this node cannot do without: CRI-O's pause image, and what a release of MicroShift consists of.
import { posix } from 'node:path';
import type { NeededImage, NeededImages } from '../agent/ports.ts';
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { isFullReference } from '../registries/reference.ts';
import { readCrioImageTables } from './crio-conf.ts';
import { listFiles, readFile, type Trouble } from './foreign-files.ts';
import { isObject, parseJson } from './json-checks.ts';

/** What CRI-O is compiled with; its tag differs from version to version and does not matter here. */
const defaultPauseImage = 'registry.k8s.io/pause';

const remedy = 'correct the file, or list in must-pull of icspd.conf what this node needs';

interface Lists {
  readonly images: NeededImage[];
  readonly findings: Finding[];
}

/** @param root every path is below it, and so is where absolute links lead */
export function readNeededImages(root: string): NeededImages {
  const lists: Lists = { images: [], findings: [] };
  const trouble: Trouble = (file, why) => void lists.findings.push(untold(file, why));
  addPauseImage(root, lists, trouble);
  const releases = posix.join(root, '/usr/share/microshift/release');
  for (const file of listFiles(releases, root, (name) => /^release-.*\.json$/.test(name), trouble))
    addRelease(file, root, lists, trouble);
  return lists;
}

/** `pause_image`; empty is as good as not set. */
function addPauseImage(root: string, lists: Lists, trouble: Trouble): void {
  let last: NeededImage = { image: defaultPauseImage, by: 'the pause image of CRI-O by default' };
  for (const { file, table } of readCrioImageTables(root, trouble)) {
    const image = table['pause_image'];
    if (typeof image === 'string' && image !== '')
      last = { image, by: `the pause image of CRI-O in ${quote(file)}` };
  }
  add(last, lists);
}

/** The images of a release by component: `{"images": {"cli": "quay.io/…@sha256:…"}}`. */
function addRelease(file: string, root: string, lists: Lists, trouble: Trouble): void {
  const bytes = readFile(file, root, trouble);
  if (bytes === null) return;
  const release = parseJson(bytes);
  const images = isObject(release) ? release['images'] : null;
  if (!isObject(images)) {
    trouble(file, 'it is not JSON with an object "images"');
    return;
  }
  for (const image of Object.values(images)) {
    if (typeof image === 'string') add({ image, by: quote(file) }, lists);
  }
}

function add({ image, by }: NeededImage, lists: Lists): void {
  if (lists.images.some((known) => known.image === image)) return;
  if (isFullReference(image)) lists.images.push({ image, by });
  else lists.findings.push(untold(null, `${quote(image)} (${by}) is not an image with its registry`));
}

function untold(file: string | null, why: string): Finding {
  const message = `which images must stay pullable cannot be told: ${why}`;
  return finding('mustPullUnknown', file === null ? null : wholeFile(file), message, remedy);
}
