// Which bytes of each policy file are in force: those on disk, or the last ones that were accepted.
import { escape, quote, shellWord } from '../escape.ts';
import { compareFindings, type Finding, finding, hasErrors } from '../finding.ts';
import { compareBytes } from '../byte-order.ts';
import { wholeFile } from '../origin.ts';
import { ContentBuilder } from './content.ts';
import {
  type DirectoryEntry,
  type PolicyDirectory,
  type SelectedFile,
  selectPolicyFiles,
} from './drop-ins.ts';
import { fillGaps } from './directory-gaps.ts';
import { type PolicyReading, readPolicy } from './read-policy.ts';
import type { PolicyContent } from './rule.ts';

/**
 * The last bytes of a policy file that were read without an error. `since`: when they were first accepted, ISO 8601.
 */
export interface AcceptedBytes {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** sha256 in hex. */
  readonly digest: string;
  readonly since: string;
}

/** What became of one name in a policy directory. */
export interface FileState {
  readonly path: string;
  readonly state: 'accepted' | 'refused' | 'unsupported' | 'masked' | 'overridden' | 'skipped';
  /** Null for an accepted file. */
  readonly reason: string | null;
  /** Since when the bytes in force were accepted, if they are not those on disk; else null. */
  readonly standingInSince: string | null;
  /** sha256 of the bytes in force; null if nothing of the file is. */
  readonly digest: string | null;
}

/** What is on disk, and what was accepted before. */
export interface AcceptanceInput {
  /** Lowest precedence first. */
  readonly directories: readonly PolicyDirectory[];
  /** By path. */
  readonly lastAccepted: ReadonlyMap<string, AcceptedBytes>;
  /** ISO 8601. */
  readonly now: string;
  /** Paths of files that an operator leaves out, now: nothing of them counts, nor what was accepted of them. */
  readonly without?: readonly string[];
  /** How to read a file; a caller that reconciles again and again remembers readings by path and digest. */
  readonly read?: (path: string, bytes: Uint8Array, digest: string) => PolicyReading;
}

/** What is in force, and why. */
export interface Acceptance {
  /** By path. */
  readonly files: readonly FileState[];
  /** All that is in force; files in the order of their paths' bytes. */
  readonly content: PolicyContent;
  /** By file and line. */
  readonly findings: readonly Finding[];
  /** What to remember for the next time. */
  readonly accepted: ReadonlyMap<string, AcceptedBytes>;
  /** The directories that were to be looked at, lowest precedence first. */
  readonly directories: readonly DirectoryState[];
}

/** Whether it is known what is in a directory. */
export type DirectoryState = Pick<PolicyDirectory, 'path' | 'state'>;

/**
 * Reads the policy files that count. A file counts as a whole or not at all: with any error in it, what was last accepted
 * of it stays in force instead, or nothing where nothing was; a file of that name in a directory of lower precedence never
 * takes its place. What was accepted is over once the file is deleted, masked or overridden, or its directory is not listed
 * any more.
 */
export function acceptPolicies(input: AcceptanceInput): Acceptance {
  const { lastAccepted } = input;
  const gaps = fillGaps(input.directories, lastAccepted);
  const selected = selectPolicyFiles(gaps.directories, (path) => lastAccepted.has(path));
  const without = input.without ?? [];
  const outcomes = selected
    .map((file) => {
      if (without.includes(file.path)) return setAside(leaveOut(file));
      return file.state === 'counts' ? judge(file.entry, input) : setAside(file);
    })
    .sort((a, b) => compareBytes(a.file.path, b.file.path));
  const content = new ContentBuilder();
  for (const outcome of outcomes) if (outcome.content !== null) content.add(outcome.content);
  return {
    files: outcomes.map(({ file }) => file),
    content: content.build(),
    findings: [
      ...new Set([
        ...gaps.findings,
        ...outcomes.flatMap(({ findings }) => findings),
        ...without.filter((path) => !selected.some((file) => file.path === path)).map(notThere),
      ]),
    ].sort(compareFindings),
    accepted: new Map(outcomes.flatMap(({ kept }) => (kept === null ? [] : [[kept.path, kept]]))),
    directories: input.directories.map(({ path, state }) => ({ path, state })),
  };
}

interface Outcome {
  readonly file: FileState;
  readonly content: PolicyContent | null;
  readonly findings: readonly Finding[];
  /** What is remembered of the file. */
  readonly kept: AcceptedBytes | null;
}

function setAside({ path, state, reason, findings }: SelectedFile): Outcome {
  const shown = state === 'counts' ? 'skipped' : state;
  return {
    file: { path, state: shown, reason, standingInSince: null, digest: null },
    content: null,
    findings,
    kept: null,
  };
}

function leaveOut(file: SelectedFile): SelectedFile {
  const { path } = file;
  const message = `${quote(path)} is left out of this apply, as the operator asked`;
  const help = `remove it, or mask it with ln -sf /dev/null ${shellWord(path)}, to keep it out: what can be read of it counts again at the next look`;
  const findings = [finding('leftOut', wholeFile(path), message, help)];
  return { ...file, state: 'skipped', reason: 'left out by icspd apply --without', findings };
}

function notThere(path: string): Finding {
  const message = `there is no policy file ${quote(path)} that could be left out`;
  return finding('leftOutUnknown', wholeFile(path), message, 'name a file as icspd status lists it');
}

function judge(entry: DirectoryEntry, { lastAccepted, now, read = readPolicy }: AcceptanceInput): Outcome {
  const { path, content: bytes, digest } = entry;
  const last = lastAccepted.get(path) ?? null;
  const findings =
    hasErrors(entry.findings) || bytes !== null ? entry.findings : [...entry.findings, unread(path)];
  if (hasErrors(findings) || bytes === null || digest === null) {
    return refuse(path, 'refused', findings, last, read);
  }
  const reading = read(path, bytes, digest);
  const all = [...findings, ...reading.findings];
  if (reading.state !== 'accepted') return refuse(path, reading.state, all, last, read);
  const since = last?.digest === digest ? last.since : now;
  const reason = reading.content.objects.length === 0 ? 'nothing in it is a policy' : null;
  return {
    file: { path, state: 'accepted', reason, standingInSince: null, digest },
    content: reading.content,
    findings: all,
    kept: { path, bytes, digest, since },
  };
}

type Read = NonNullable<AcceptanceInput['read']>;

/**
 * Refuses what is on disk, and lets the last accepted bytes stand in if there are any and this version can read them.
 */
function refuse(
  path: string,
  state: 'refused' | 'unsupported',
  findings: readonly Finding[],
  last: AcceptedBytes | null,
  read: Read,
): Outcome {
  const reason = findings.find(({ severity }) => severity === 'error')?.message ?? null;
  const nothing = { path, state, reason, standingInSince: null, digest: null };
  if (last === null) return { file: nothing, content: null, findings, kept: null };
  const earlier = read(path, last.bytes, last.digest);
  if (earlier.state !== 'accepted') {
    // Kept all the same: the version that accepted them may come back.
    const lost = { ...nothing, state: earlier.state === 'unsupported' ? earlier.state : state };
    return { file: lost, content: null, findings: [...findings, unreadableNow(path, last)], kept: last };
  }
  const file = { path, state, reason, standingInSince: last.since, digest: last.digest };
  return { file, content: earlier.content, findings: [...findings, standingIn(path, last)], kept: last };
}

function unread(path: string): Finding {
  const help = 'look at it with ls -l and cat, as root';
  return finding('unreadableFile', wholeFile(path), `${quote(path)} could not be read`, help);
}

function standingIn(path: string, { since }: AcceptedBytes): Finding {
  const message = `the content of this file that was accepted at ${escape(since)} stays in force`;
  const help = 'correct the file; to take its mirrors out of force, remove it';
  return finding('standingIn', wholeFile(path), message, help);
}

function unreadableNow(path: string, { since }: AcceptedBytes): Finding {
  const message = `the content of this file that was accepted at ${escape(since)} is not valid for this version of icspd either`;
  const help = 'correct the file, or go back to the version of icspd that accepted it';
  return finding('lastAcceptedUnreadable', wholeFile(path), message, help);
}
