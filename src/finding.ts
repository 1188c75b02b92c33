// Findings: everything icspd has to tell the operator has a stable id, a place, one sentence and one remedy.
import { compareBytes } from './byte-order.ts';
import { escape } from './escape.ts';
import { FINDINGS, type FindingName, type Severity } from './finding-table.ts';
import type { Place } from './origin.ts';

export { FINDINGS, type FindingName, type Severity } from './finding-table.ts';

/** One thing to tell the operator. `file`, `line` and `column` as in a compiler's message; `help` is the remedy. */
export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly help: string;
  /** The source line, for the terminal's caret only; never part of JSON. */
  readonly excerpt: string | null;
}

/**
 * Makes a finding of the named entry of the table.
 * @param at where; null where no file is to blame
 * @param message one sentence with the values at hand, no full stop; raw, the renderer escapes it
 * @param help one remedy, an imperative sentence or a command
 */
export function finding(name: FindingName, at: Place | null, message: string, help: string): Finding {
  const { id, severity } = FINDINGS[name];
  return {
    id,
    severity,
    file: at?.file ?? null,
    line: at?.line ?? null,
    column: at?.column ?? null,
    message,
    help,
    excerpt: at?.excerpt ?? null,
  };
}

const titles: ReadonlyMap<string, string> = new Map(
  Object.values(FINDINGS).map(({ id, title }) => [id, title]),
);

/** What an id stands for in general, without the values at hand; an id that this version does not know stands for itself. */
export function titleOf(id: string): string {
  return titles.get(id) ?? id;
}

/** Whether any of the findings is an error. */
export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** Whether it is of policy files or of what they compose to (0xx, 1xx), and not of the node. */
export function isOfPolicies({ id }: Pick<Finding, 'id'>): boolean {
  return id < FINDINGS.confNotUtf8.id;
}

/**
 * Orders findings by file, line, column and id: a finding about no file, or about a whole one, comes before those about
 * a part of it.
 */
export function compareFindings(a: Finding, b: Finding): number {
  return comparePlaces(a, b) || compareBytes(a.id, b.id) || compareBytes(a.message, b.message);
}

/** Orders places: file, line, column. */
export function comparePlaces(a: Position, b: Position): number {
  return (
    compareBytes(a.file ?? '', b.file ?? '') ||
    (a.line ?? 0) - (b.line ?? 0) ||
    (a.column ?? 0) - (b.column ?? 0)
  );
}

type Position = Pick<Finding, 'file' | 'line' | 'column'>;

/** The finding on one line, like a compiler's: `FILE:LINE:COLUMN: severity ID: message`. */
export function describeFinding({ file, line, column, severity, id, message }: Finding): string {
  const place = [file === null ? null : escape(file), line, column].filter((part) => part !== null).join(':');
  return `${place === '' ? 'icspd' : place}: ${severity} ${id}: ${message}`;
}
