// A policy directory that is gone, unreadable or untrusted takes nothing away: its last accepted files are put back in
// its listing.
import { escape, quote, shellWord } from '../escape.ts';
import { type Finding, finding, hasErrors } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { DirectoryEntry, PolicyDirectory } from './drop-ins.ts';

/** Directories whose gaps hold stand-ins. */
export interface FilledDirectories {
  readonly directories: readonly PolicyDirectory[];
  /** Those of the directories, and one for each gap that mattered. */
  readonly findings: readonly Finding[];
}

/**
 * Gives each missing or unreadable directory an unreadable entry for every path directly in it that has last accepted
 * bytes, so that these stand in and go on replacing what they replaced. One that never contributed counts as empty.
 * Who can write to such a directory can put anything under an accepted name: what is no file takes nothing away either.
 * @param lastAccepted keys are paths
 */
export function fillGaps(
  directories: readonly PolicyDirectory[],
  lastAccepted: ReadonlyMap<string, unknown>,
): FilledDirectories {
  const findings: Finding[] = [];
  const wrong = findWrongName(directories, lastAccepted);
  const filled = directories.map((directory) => {
    if (directory === wrong) {
      const gap = wrongNameFinding(directory, lastAccepted);
      findings.push(...directory.findings, gap);
      return { ...directory, entries: [...lastAccepted.keys()].map((path) => standIn(path, gap)) };
    }
    for (const found of directory.findings) findings.push(found);
    if (directory.state === 'listed') return directory;
    // An entry with an error is refused by itself, and its last accepted bytes stand in.
    const refused = new Set(
      directory.entries.filter(({ findings: own }) => hasErrors(own)).map(({ path }) => path),
    );
    const names = namesIn(directory.path, lastAccepted).filter(
      (name) => !refused.has(pathOf(directory.path, name)),
    );
    if (names.length === 0) return directory;
    const gap = gapFinding(directory, names.length);
    findings.push(gap);
    const paths = new Set(names.map((name) => pathOf(directory.path, name)));
    const others = directory.entries.filter(({ path }) => !paths.has(path));
    return { ...directory, entries: [...others, ...[...paths].map((path) => standIn(path, gap))] };
  });
  return { directories: filled, findings };
}

/**
 * Whether nobody can tell what is in the directory, or should be. Below /usr the packages of an OS image put policies, and
 * most have none: that this one is missing says that there are none.
 */
export function isGap({ path, state }: Pick<PolicyDirectory, 'path' | 'state'>): boolean {
  return state === 'unreadable' || (state === 'missing' && !path.endsWith('/usr/lib/icsp.d'));
}

/**
 * The directory whose name must be a slip: it is not there, and all that was accepted came from directories that are not
 * listed any more. One that was taken off the list while others are there was meant to go.
 */
function findWrongName(
  directories: readonly PolicyDirectory[],
  lastAccepted: ReadonlyMap<string, unknown>,
): PolicyDirectory | undefined {
  if (lastAccepted.size === 0) return undefined;
  if (directories.some(({ path }) => namesIn(path, lastAccepted).length > 0)) return undefined;
  return directories.find(isGap);
}

function namesIn(directory: string, lastAccepted: ReadonlyMap<string, unknown>): readonly string[] {
  const prefix = pathOf(directory, '');
  return [...lastAccepted.keys()]
    .filter((path) => path.startsWith(prefix) && !path.includes('/', prefix.length))
    .map((path) => path.slice(prefix.length));
}

function pathOf(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`;
}

function gapFinding({ path, state }: PolicyDirectory, count: number): Finding {
  const isMissing = state === 'missing';
  const what = isMissing ? 'is missing' : 'cannot be read';
  const files = count === 1 ? 'one file that it held stays' : `${count} files that it held stay`;
  const message = `the policy directory ${quote(path)} ${what}; ${files} in force`;
  const help = isMissing
    ? `mkdir ${escape(path)} and put the files back; left empty it means that they are removed`
    : 'make it a directory that root can list and nobody else can write; an empty one means that its files are removed';
  return finding('directoryUnavailable', wholeFile(path), message, help);
}

function wrongNameFinding({ path }: PolicyDirectory, lastAccepted: ReadonlyMap<string, unknown>): Finding {
  const [first = ''] = lastAccepted.keys();
  const before = first.slice(0, first.lastIndexOf('/'));
  const message = `the policy directory ${quote(path)} is not there, and no listed one has held a policy; what ${quote(before)} held stays in force`;
  const help = `correct policy-dirs in icspd.conf, or mkdir -p ${shellWord(path)}: left empty it means that there are no policies`;
  return finding('directoryUnavailable', wholeFile(path), message, help);
}

function standIn(path: string, gap: Finding): DirectoryEntry {
  return {
    name: path.slice(path.lastIndexOf('/') + 1),
    path,
    type: 'unreadable',
    content: null,
    digest: null,
    // The reason of its refusal; shown once, for the directory.
    findings: [gap],
  };
}
