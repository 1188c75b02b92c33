// Collects what there is to say about one policy file.
import { quote } from '../escape.ts';
import { finding, type Finding, FINDINGS, type FindingName, type Severity } from '../finding.ts';
import type { Origin } from '../origin.ts';
import { wholeFile } from '../origin.ts';
import { columnAt, lineAt, placeAt, type SourceText } from './source-text.ts';

// A file of 10 000 wrong entries has one mistake, and nobody reads on.
const maxPerSeverity = 100;
const severities: readonly Severity[] = ['error', 'warning', 'notice'];
const maxShownLength = 256;
const cutLength = 64;

/** What is wrong with a value, wherever it stands. */
export interface Fault {
  readonly name: FindingName;
  readonly message: string;
  readonly help: string;
}

/**
 * Thrown by `add`: the file has more errors than are kept and is refused whatever follows, so that reading on is not
 * worth its cost.
 */
export class TooManyErrors extends Error {}

/**
 * A foreign value for a message: quoted, and cut if it is too long for a sentence. The cut is before the first colon or
 * at sign, since behind it a password may stand that would no longer look like one.
 */
export function show(value: string): string {
  if (value.length <= maxShownLength) return quote(value);
  const start = value.slice(0, cutLength);
  const mark = start.search(/[:@]/);
  return quote(`${mark === -1 ? start : start.slice(0, mark)}…`);
}

/** The findings of one file, at most 100 of each severity. */
export class FileReport {
  readonly #source: SourceText;
  readonly #findings: Finding[] = [];
  readonly #counts: Record<Severity, number> = { error: 0, warning: 0, notice: 0 };
  #hasUnsupported = false;

  constructor(source: SourceText) {
    this.#source = source;
  }

  /**
   * @param isShown whether the line itself may be shown, which only a document of ours may
   * @throws TooManyErrors
   */
  add(fault: Fault, offset: number | null, isShown = true): void {
    if (fault.name === 'unsupportedVersion') this.#hasUnsupported = true;
    const { severity } = FINDINGS[fault.name];
    this.#counts[severity] += 1;
    if (this.#counts[severity] > maxPerSeverity) {
      if (severity === 'error') throw new TooManyErrors();
      return;
    }
    const place = offset === null ? wholeFile(this.#source.file) : placeAt(this.#source, offset, isShown);
    this.#findings.push(finding(fault.name, place, fault.message, fault.help));
  }

  /** As `add`, for what has left its offset behind; `line` and `column` are 1-based. */
  addAt(fault: Fault, line: number, column: number): void {
    this.add(fault, (this.#source.lineStarts[line - 1] ?? 0) + column - 1);
  }

  /** Where something stands, for what outlives the reading. */
  origin(offset: number, kind: string, name: string): Origin {
    return { file: this.#source.file, line: this.line(offset), kind, name };
  }

  line(offset: number): number {
    return lineAt(this.#source, offset);
  }

  column(offset: number): number {
    return columnAt(this.#source, offset);
  }

  hasErrors(): boolean {
    return this.#counts.error > 0;
  }

  /** Whether a document is of a kind of ours in a version that this icspd does not know. */
  hasUnsupported(): boolean {
    return this.#hasUnsupported;
  }

  /** In the order in which they were found, which is that of the file. */
  findings(): readonly Finding[] {
    const isFull = (severity: Severity): boolean => this.#counts[severity] > maxPerSeverity;
    const full = severities.filter(isFull);
    if (full.length === 0) return this.#findings;
    const message = isFull('error')
      ? `the file has more than ${maxPerSeverity} errors and is not read to its end`
      : `the file has more than ${maxPerSeverity} ${full.map((severity) => `${severity}s`).join(' and ')}; the others are left out`;
    const help = 'correct the ones above first';
    return [...this.#findings, finding('moreFindings', wholeFile(this.#source.file), message, help)];
  }
}
