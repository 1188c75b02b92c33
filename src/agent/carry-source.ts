// What composition carries over of files that cannot be read now: the last rendering of ours, and what the records say of its sources. PURE.
import type { InForce, Provenance, Unreadable } from '../compose/in-force.ts';
import type { Paths } from '../paths.ts';
import { isGap } from '../policy/directory-gaps.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { unseal } from '../registries/seal.ts';
import type { Observation } from './observation.ts';
import { provenanceIn } from './sources.ts';

/** Null where all policies can be read or were taken away, or where no rendering of ours is in force. */
export function findCarrySource(
  seen: Observation,
  paths: Paths,
  digest: (bytes: Uint8Array | string) => string,
): InForce | null {
  const unreadable = findUnreadable(seen);
  if (unreadable.length === 0) return null;
  const bytes = findRendering(seen, digest);
  const conf = bytes === null ? null : parseRegistriesConf(bytes, paths.registriesConf).conf;
  if (bytes === null || conf === null) return null;
  const provenance = findProvenance(seen, digest(bytes));
  return { conf, provenance, unreadable, blame: makeBlame(seen, provenance, unreadable) };
}

/** Files of which nothing counts although they are there, and directories of which nobody knows what is in them. */
function findUnreadable({ policies: { files, directories } }: Observation): readonly Unreadable[] {
  const ofFiles = files.filter(
    ({ state, digest }) => (state === 'refused' || state === 'unsupported') && digest === null,
  );
  return [
    ...ofFiles.map(({ path }) => ({ path, type: 'file' as const })),
    ...directories.filter(isGap).map(({ path }) => ({ path, type: 'directory' as const })),
  ];
}

/**
 * The text on disk where it is one of ours as it was written, else the one that was last put in force: what somebody
 * deleted, edited or replaced is no word about policies. Null where neither is a rendering.
 */
function findRendering(
  { target, currentBytes, otherEtc }: Observation,
  digest: (text: string) => string,
): Uint8Array | null {
  const onDisk = target.state === 'file' ? target.file.bytes : null;
  const sealed = onDisk === null ? null : unseal(new TextDecoder().decode(onDisk));
  if (sealed !== null && digest(sealed.body) === sealed.digest) return onDisk;
  // What was put in force in another /etc is no word about this one.
  if (otherEtc !== null) return null;
  if (currentBytes === null) return sealed === null ? null : onDisk;
  return unseal(new TextDecoder().decode(currentBytes)) === null ? null : currentBytes;
}

function findProvenance({ current, newestOf }: Observation, digest: string): Provenance | null {
  const record = current?.digest === digest ? current : newestOf(digest);
  return record === null ? null : provenanceIn(record);
}

/**
 * A file is to blame itself, or the directory that it was in. Where nothing that counted was in a directory that is there
 * and looked at, and one that is looked at is not there, its name is wrong, and it stands for them all.
 */
function makeBlame(
  { policies: { files, directories } }: Observation,
  provenance: Provenance | null,
  unreadable: readonly Unreadable[],
): InForce['blame'] {
  const byPath = new Map(unreadable.map((one) => [one.path, one]));
  const standing = new Set(files.flatMap(({ path, digest }) => (digest === null ? [] : [path])));
  const looked = new Set(directories.map(({ path }) => path));
  const behind = Object.values(provenance?.tables ?? {}).flatMap((origins) =>
    origins.map(({ file }) => file),
  );
  const isElsewhere = !behind.some((file) => looked.has(directoryOf(file)) || looked.has(file));
  const wrong = isElsewhere ? unreadable.find(({ type }) => type === 'directory') : undefined;
  return (file) => {
    if (standing.has(file)) return null;
    return byPath.get(file) ?? byPath.get(directoryOf(file)) ?? wrong ?? null;
  };
}

function directoryOf(file: string): string {
  return file.slice(0, Math.max(0, file.lastIndexOf('/')));
}
