// How the answer of icspd explain looks: the places of a pull in their order, who put each there, and what would change it.
import { escape, quote } from '../escape.ts';
import type { Origin } from '../origin.ts';
import type { PullKind } from '../registries/model.ts';
import type { PullEndpoint, Resolution } from '../registries/resolve.ts';
import { layRows, type Row, type Way } from './explain-rows.ts';
import { paint, type Output } from './output.ts';

/** What was asked for; `ways` are one or both, of the same name. */
export interface Explained {
  readonly name: string;
  readonly ways: readonly [Way, ...(readonly Way[])];
  /** The registries.conf that policies go into; tables of other files are drop-ins'. */
  readonly mainFile: string;
}

/** Prints one name. */
export function printExplained(output: Output, { name, ways, mainFile }: Explained): void {
  const [{ resolution }] = ways;
  output.say(paint(escape(name), '1', output.hasColorOut));
  const { matched } = resolution;
  const scope = matched === null ? null : `scope ${escape(matched.scope)} of ${escape(matched.file)}`;
  output.say(`  ${scope ?? 'no scope matches: the image is pulled from its own registry'}`);
  for (const { kind, resolution: way } of ways)
    if (way.problem !== null) output.say(`  by ${kind} it fails: ${escape(way.problem)}`);
  const isBoth = ways.length > 1;
  if (isBoth) output.say(`  ${ways.map(({ kind }) => kind.padStart(6)).join('  ')}`);
  for (const row of layRows(ways)) printRow(output, row, isBoth);
  for (const { kind, resolution: way } of ways)
    if (way.problem === null && !hasEndpoint(way))
      output.say(paint(`  => pulls by ${kind} fail: every endpoint is blocked`, '31', output.hasColorOut));
  for (const words of describeUnused(ways)) output.say(`  not used: ${words}`);
  for (const words of describeLevers(ways, mainFile)) output.say(`  to change it: ${words}`);
}

/** Whether the pull has a place to go. */
export function hasEndpoint({ endpoints }: Resolution): boolean {
  return endpoints.some(({ blocked }) => !blocked);
}

function printRow(output: Output, { endpoint, positions }: Row, isBoth: boolean): void {
  const { reference, via, insecure, blocked } = endpoint;
  const shown = isBoth ? reference.replace(/@sha256:0+$|:latest$/, '') : reference;
  const traits = [via, ...(insecure ? ['insecure'] : []), ...(blocked ? ['blocked: skipped'] : [])].join(
    ', ',
  );
  const numbers = isBoth
    ? positions.map((position) => (position === null ? '-' : `${position}.`).padStart(6)).join('  ')
    : `${positions[0] ?? '-'}.`.padStart(6);
  output.say(`  ${numbers}  ${escape(shown)}  (${traits})`, numbers.length + 6);
  for (const words of describeSource(endpoint)) output.say(`  ${' '.repeat(numbers.length)}    ${words}`);
}

/** Why the endpoint is there: the policy entries, or the file where nobody but an administrator wrote it. */
function describeSource({ origins, file }: PullEndpoint): readonly string[] {
  if (origins.length > 0) return origins.map(describeOrigin);
  return file === null ? [] : [`${escape(file)}, no policy`];
}

function describeOrigin({ file, line, kind, name }: Origin): string {
  return `${escape(file)}:${line} ${escape(kind)} ${quote(name)}`;
}

/** Each mirror once, with what it would serve instead. */
function describeUnused(ways: readonly Way[]): readonly string[] {
  const words = ways.flatMap(({ resolution }) =>
    resolution.notUsed.map(({ location, reason }) => `${escape(location)}, ${escape(reason)}`),
  );
  return [...new Set(words)];
}

/** The file to edit, in the operator's words. */
function describeLevers(ways: readonly Way[], mainFile: string): readonly string[] {
  const [first] = ways;
  const matched = first?.resolution.matched ?? null;
  if (matched === null) return ['add a policy for it or for what it lies in'];
  // CRI-O takes the whole table of a drop-in in place of ours: a policy for the scope would change nothing.
  if (matched.file !== mainFile)
    return [`edit ${escape(matched.file)}, which wins over policies for ${escape(matched.scope)}`];
  const rows = layRows(ways);
  const source = rows.find(({ endpoint }) => endpoint.via === 'source')?.endpoint;
  const unserved = ways.filter(({ resolution }) => resolution.endpoints.every(({ via }) => via === 'source'));
  const hasMirrors = rows.some(({ endpoint }) => endpoint.via === 'mirror');
  return [
    ...(source?.blocked === true ? [`unblock the source: ${placeOf(source)}`] : []),
    ...(hasMirrors || source?.blocked === true
      ? unserved.map(
          ({ kind }) => `for pulls by ${kind}, ${setOf[kind]} with the source ${escape(matched.scope)}`,
        )
      : []),
  ];
}

const setOf: Readonly<Record<PullKind, string>> = {
  digest: 'add an ImageDigestMirrorSet',
  tag: 'add an ImageTagMirrorSet',
};

function placeOf({ origins: [origin], file }: PullEndpoint): string {
  return escape(origin === undefined ? (file ?? '') : `${origin.file}:${origin.line}`);
}
