// The must-pull guard: which images that the node cannot do without have no endpoint left, and what blocks them. PURE.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile, type Place } from '../origin.ts';
import type { MergedConf, MergedRegistry } from '../registries/merge.ts';
import { parseNormalized } from '../registries/reference.ts';
import { findRegistry, resolvePull, type PullEndpoint } from '../registries/resolve.ts';
import type { NeededImage } from './ports.ts';

/** An image without an endpoint. `culprit` is the first thing to look at. */
export interface Lockout extends NeededImage {
  readonly why: string;
  readonly culprit: Place;
}

/** The name of registries.conf in the merged configuration, and the file in which its administrator wrote what no policy did. */
export interface OwnFiles {
  readonly main: string;
  readonly administrator: string;
}

/** So many entries are named for one table; more of them would hide the sentence. */
const mostOrigins = 3;

/**
 * Finds the images whose every endpoint is blocked, or whose pull fails before any is tried.
 * @param merged what CRI-O would hold: registries.conf with the drop-ins laid over it
 */
export function findLockouts(
  needed: readonly NeededImage[],
  merged: MergedConf,
  ownFiles: OwnFiles,
): readonly Lockout[] {
  return needed.flatMap(({ image, by }) => {
    const { endpoints, problem, matched } = resolvePull(merged, image);
    if (problem !== null)
      return [{ image, by, why: problem, culprit: wholeFile(matched?.file ?? ownFiles.main) }];
    if (endpoints.some(({ blocked }) => !blocked)) return [];
    // The source stands last; it is what a policy names.
    const tables = endpoints.toReversed().flatMap((endpoint) => findBlock(endpoint, merged) ?? []);
    const places = tables.map((table) => placesOf(table, ownFiles));
    const [culprit = wholeFile(ownFiles.main)] = places.flat();
    const words = tables.map(({ scope }, i) => describeBlock(scope, places[i] ?? [], culprit));
    return [{ image, by, why: `all are blocked, by ${[...new Set(words)].join(', ')}`, culprit }];
  });
}

/** What a change would take the last endpoint from: an error that refuses it. */
export function describeLost(lockouts: readonly Lockout[]): readonly Finding[] {
  const help =
    'take the block out, or add a mirror that is not blocked; icspd apply --allow-lockout, or --force to icspd restore, writes it all the same';
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

/** The table that blocks the endpoint by its own name. */
function findBlock({ reference, blocked }: PullEndpoint, merged: MergedConf): MergedRegistry | null {
  const parsed = parseNormalized(reference);
  return blocked && parsed.ok ? findRegistry(merged, parsed.reference.name) : null;
}

/** The entries behind a table, or the file of its administrator. */
function placesOf({ file, registry }: MergedRegistry, ownFiles: OwnFiles): readonly Place[] {
  if (registry.origins.length === 0)
    return [wholeFile(file === ownFiles.main ? ownFiles.administrator : file)];
  return registry.origins.map((origin) => ({ ...wholeFile(origin.file), line: origin.line }));
}

/** The table, and where it is written other than at the place that the finding has anyway. */
function describeBlock(scope: string, places: readonly Place[], culprit: Place): string {
  const others = places
    .filter(({ file, line }) => file !== culprit.file || line !== culprit.line)
    .map(({ file, line }) => (line === null ? quote(file) : `${quote(file)}:${line}`));
  const more = others.length > mostOrigins ? ' and others' : '';
  return `${quote(scope)}${others.length === 0 ? '' : ` (${others.slice(0, mostOrigins).join(', ')}${more})`}`;
}
