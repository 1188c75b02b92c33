// The must-pull guard: which images that the node cannot do without have no endpoint left, and what blocks them. PURE.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile, type Place } from '../origin.ts';
import type { MergedConf } from '../registries/merge.ts';
import { parseNormalized } from '../registries/reference.ts';
import { findRegistry, resolvePull, type PullEndpoint } from '../registries/resolve.ts';
import type { NeededImage } from './ports.ts';

/** An image without an endpoint. `culprit` is the first thing to look at. */
export interface Lockout extends NeededImage {
  readonly why: string;
  readonly culprit: Place;
}

/** So many entries are named for one table; more of them would hide the sentence. */
const mostOrigins = 3;

/**
 * Finds the images whose every endpoint is blocked, or whose pull fails before any is tried.
 * @param merged what CRI-O would hold: registries.conf with the drop-ins laid over it
 * @param ownFiles the name of registries.conf in `merged`, and the file in which its administrator wrote what no policy did
 */
export function findLockouts(
  needed: readonly NeededImage[],
  merged: MergedConf,
  ownFiles: { readonly main: string; readonly administrator: string },
): readonly Lockout[] {
  return needed.flatMap(({ image, by }) => {
    const { endpoints, problem, matched } = resolvePull(merged, image);
    if (problem !== null)
      return [{ image, by, why: problem, culprit: wholeFile(matched?.file ?? ownFiles.main) }];
    if (endpoints.some(({ blocked }) => !blocked)) return [];
    // The source stands last; it is what a policy names.
    const blocks = endpoints
      .toReversed()
      .flatMap((endpoint) => describeBlock(endpoint, merged, ownFiles) ?? []);
    const words = [...new Set(blocks.map(({ text }) => text))].join(', ');
    const [first] = blocks;
    return [
      { image, by, why: `all are blocked, by ${words}`, culprit: first?.place ?? wholeFile(ownFiles.main) },
    ];
  });
}

/** What a change would take the last endpoint from: an error that refuses it. */
export function describeLost(lockouts: readonly Lockout[]): readonly Finding[] {
  const help =
    'take the block out, or add a mirror that is not blocked; icspd apply --allow-lockout writes it all the same';
  return describe(lockouts, (images, { why, culprit }) =>
    finding('mustPullLost', culprit, `${images} would be left without an endpoint: ${why}`, help),
  );
}

/** What has no endpoint as things are: an error that refuses nothing, since no change would make it worse. */
export function describeBlocked(lockouts: readonly Lockout[]): readonly Finding[] {
  const help =
    'take the block out, or add a mirror that is not blocked; or set must-pull in icspd.conf to the images that count';
  return describe(lockouts, (images, { why, culprit }) =>
    finding('mustPullBlocked', culprit, `${images} has no endpoint: ${why}`, help),
  );
}

/** One finding for all images that the same thing locks out: a release has dozens of one repository. */
function describe(
  lockouts: readonly Lockout[],
  say: (images: string, first: Lockout) => Finding,
): readonly Finding[] {
  const groups = Map.groupBy(lockouts, ({ why }) => why);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const more = group.length === 1 ? '' : `, with ${group.length - 1} more,`;
    return [say(`the image ${quote(first.image)} (${first.by})${more}`, first)];
  });
}

/** The table that blocks the endpoint by its own name, and where that is written. */
function describeBlock(
  { reference, blocked }: PullEndpoint,
  merged: MergedConf,
  { main, administrator }: { readonly main: string; readonly administrator: string },
): { readonly text: string; readonly place: Place } | null {
  const parsed = parseNormalized(reference);
  const table = blocked && parsed.ok ? findRegistry(merged, parsed.reference.name) : null;
  if (table === null) return null;
  const { scope, file, registry } = table;
  const [origin] = registry.origins;
  if (origin === undefined) {
    const place = wholeFile(file === main ? administrator : file);
    return { text: `${quote(scope)} in ${quote(place.file)}`, place };
  }
  const origins = registry.origins.map((entry) => `${quote(entry.file)}:${entry.line}`);
  const more = origins.length > mostOrigins ? ' and others' : '';
  return {
    text: `${quote(scope)} of ${origins.slice(0, mostOrigins).join(', ')}${more}`,
    place: { ...wholeFile(origin.file), line: origin.line },
  };
}
