// What a line of CRI-O's journal proves about the registries.conf on disk. Made so that no registry's words can forge it.
import { showsConf, type LoadedConf } from './loaded-registries.ts';
import { parseLogLine, unquoteGo } from './logrus.ts';
import type { JournalLine } from './crio-ports.ts';

export interface ProofContext {
  /** The main process of CRI-O's unit, or the last one if it has ended. */
  readonly mainPid: number;
  /** The path that CRI-O knows our file by. */
  readonly registriesConfPath: string;
  /** The merged configuration on disk. */
  readonly expected: LoadedConf;
}

/**
 * `applied`: CRI-O has loaded the expected configuration; nothing that it says later changes that.
 * `refused`: our file is at fault. `blocked-elsewhere`: something else is, `file` where CRI-O names one.
 * `words` are CRI-O's own, bounded in length, not escaped.
 */
export interface Evidence {
  readonly proof: 'applied' | 'refused' | 'blocked-elsewhere';
  readonly words: string;
  readonly file: string | null;
}

const maxWords = 2000;

const applied = /^[Aa]pplied new registry configuration: /;
const reloadFailed = /^[Uu]nable to reload configuration: /;
const registriesFailed = /^system registries reload failed: /;
const startFailed = /^validating runtime config: invalid registries: /;

/**
 * Judges one line by who wrote it, its level and the beginning of its message; null if it proves nothing.
 * `Applied …` of another configuration than the expected one proves nothing: it may be an earlier reload's.
 */
export function classify(line: JournalLine, context: ProofContext): Evidence | null {
  if (!isOfMainProcess(line, context)) return null;
  const entry = parseLogLine(line.message);
  if (entry === null) return null;
  const { level, message, isCut } = entry;
  if (level === 'info') {
    const shown = after(applied, message);
    if (shown === null || !showsConf(shown, isCut, context.expected)) return null;
    return { proof: 'applied', words: 'Applied new registry configuration', file: null };
  }
  if (level === 'error') {
    const reason = after(reloadFailed, message);
    if (reason === null) return null;
    const registries = after(registriesFailed, reason);
    return registries === null ? blockedBy(reason, null) : judgeLoad(registries, context);
  }
  return level === 'fatal' ? judgeFatal(message, context) : null;
}

/** Why a CRI-O that is down gave up starting, if it was for its registries; what it said before, while it ran, is over. */
export function classifyStart(lines: readonly JournalLine[], context: ProofContext): Evidence | null {
  for (const line of lines) {
    if (!isOfMainProcess(line, context)) continue;
    const entry = parseLogLine(line.message);
    const evidence = entry?.level === 'fatal' ? judgeFatal(entry.message, context) : null;
    if (evidence !== null) return evidence;
  }
  return null;
}

/** Others can write to the journal in the unit's name (a container's process, logger), but not over this stream from this pid. */
function isOfMainProcess({ pid, transport }: JournalLine, { mainPid }: ProofContext): boolean {
  return pid === mainPid && pid !== 0 && transport === 'stdout';
}

function judgeFatal(message: string, context: ProofContext): Evidence | null {
  const reason = after(startFailed, message);
  return reason === null ? null : judgeLoad(reason, context);
}

/**
 * Finds the file at fault in what containers/image says. On reload the path of the main file stands before it,
 * whichever file is at fault, so only the wrapper's own words count (containers/image, `loadConfigFile`).
 */
function judgeLoad(reason: string, { registriesConfPath }: ProofContext): Evidence {
  const path = loadedPath(reason);
  if (path === registriesConfPath) return { ...blockedBy(reason, path), proof: 'refused' };
  return blockedBy(reason, path);
}

/** The file that could not be loaded; null if the words do not say. A drop-in's own reason stands behind its path. */
function loadedPath(reason: string): string | null {
  const wrapper =
    /^(?:[^"]*?: )?(?:error )?(?:loading (?:drop-in )?registries configuration "((?:[^"\\]|\\.)*)"|reading registries\.conf\.d: (?:[a-z]+ ([^:]+): )?)/;
  const match = wrapper.exec(reason);
  const quoted = match?.[1];
  return quoted === undefined ? (match?.[2] ?? null) : unquoteGo(quoted);
}

function blockedBy(reason: string, file: string | null): Evidence {
  return { proof: 'blocked-elsewhere', words: reason.slice(0, maxWords), file };
}

/** The rest of the text behind the pattern; null if it does not begin with it. */
function after(beginning: RegExp, text: string): string | null {
  const match = beginning.exec(text);
  return match === null ? null : text.slice(match[0].length);
}
