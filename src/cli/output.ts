// How things look: data on stdout, findings on stderr like a compiler's, JSON as one document, colour on a terminal only.
import { compareFindings, describeFinding, type Finding, type Severity } from '../finding.ts';
import { escape, escapeJson } from '../escape.ts';
import type { DocumentName, JsonDocument } from './json-documents.ts';
import { wrap } from './wrap.ts';

export interface OutputOptions {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly hasColorOut: boolean;
  readonly hasColorErr: boolean;
  /** Of the terminal; Infinity where there is none: who searches or stores the text wants a line for each thing. */
  readonly columnsOut: number;
  readonly columnsErr: number;
  /** Of the terminal, Infinity where stdout is none. */
  readonly linesOut: number;
}

/** Where a command's words go. Texts given to `print` and `say` are ours or escaped already. */
export interface Output extends OutputOptions {
  /** Data, on stdout; a newline is added. */
  print(text: string): void;
  /** As print, for sentences: on a terminal they are broken at spaces, and go on behind `hang` columns. */
  say(text: string, hang?: number): void;
  /** Data exactly as it is, on stdout. */
  printRaw(text: string): void;
  /** The one JSON document of a command, of the named shape. */
  printJson<Name extends DocumentName>(name: Name, document: JsonDocument<Name>): void;
  /** Progress, on stderr, unless --quiet. */
  tell(text: string): void;
  /** A line on stderr as it is, whatever --quiet says. */
  tellLine(line: string): void;
  /** Those of the findings that are to be shown, in order. Notices only with --verbose, with --quiet only errors. */
  selectFindings(findings: readonly Finding[]): readonly Finding[];
  /** What selectFindings gives, on stderr; nothing under --json, where the document holds them. */
  printFindings(findings: readonly Finding[]): void;
}

const colors: Readonly<Record<Severity, string>> = { error: '31', warning: '33', notice: '36' };

/** Output on the given streams. */
export function makeOutput(
  options: OutputOptions,
  stdout: { write(text: string): unknown },
  stderr: { write(text: string): unknown },
): Output {
  const selectFindings = (findings: readonly Finding[]): readonly Finding[] =>
    sortFindings(findings).filter(
      ({ severity }) =>
        severity === 'error' || (!options.isQuiet && (severity === 'warning' || options.isVerbose)),
    );
  return {
    ...options,
    print: (text) => void stdout.write(`${text}\n`),
    say: (text, hang) => void stdout.write(`${wrap(text, options.columnsOut, hang)}\n`),
    printRaw: (text) => void stdout.write(text),
    printJson: (_, document) => void stdout.write(`${escapeJson(JSON.stringify(document, null, 2))}\n`),
    tell(text) {
      if (!options.isQuiet) stderr.write(`${wrap(text, options.columnsErr)}\n`);
    },
    tellLine: (line) => void stderr.write(`${line}\n`),
    selectFindings,
    printFindings(findings) {
      if (options.isJson) return;
      for (const finding of selectFindings(findings)) stderr.write(`${formatFinding(finding, options)}\n`);
    },
  };
}

/** Finding, source line with a caret, and remedy; several lines, no newline at the end. */
export function formatFinding(
  finding: Finding,
  { hasColorErr, columnsErr }: Pick<OutputOptions, 'hasColorErr' | 'columnsErr'>,
): string {
  const lines = [wrap(paintSeverity(describeFinding(finding), finding.severity, hasColorErr), columnsErr, 4)];
  if (finding.excerpt !== null) lines.push(...showExcerpt(finding.excerpt, finding.column, columnsErr - 4));
  lines.push(wrap(`  help: ${finding.help}`, columnsErr, 8));
  return lines.join('\n');
}

/** The line with a caret below the column; of one that is longer than `room` the part around the column. */
function showExcerpt(excerpt: string, column: number | null, room: number): readonly string[] {
  const shown = escape(excerpt);
  const before = column === null ? 0 : escape(excerpt.slice(0, column - 1)).length;
  const start = shown.length <= room ? 0 : Math.max(0, before - Math.floor(room / 2));
  const lines = [`  | ${shown.slice(start, start + room)}`];
  return column === null ? lines : [...lines, `  | ${' '.repeat(before - start)}^`];
}

/** Errors first, then warnings and notices; within each by place. */
function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, notice: 2 };
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity] || compareFindings(a, b));
}

/** The shape that --json promises: without the source line. */
export function jsonFindings(findings: readonly Finding[]): readonly Omit<Finding, 'excerpt'>[] {
  return findings.map(({ id, severity, file, line, column, message, help }) => ({
    id,
    severity,
    file,
    line,
    column,
    message,
    help,
  }));
}

/** Text in an ANSI colour or style, or as it is. */
export function paint(text: string, code: string, hasColor: boolean): string {
  return hasColor ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function paintSeverity(text: string, severity: Severity, hasColor: boolean): string {
  return hasColor ? text.replace(`: ${severity} `, `: ${paint(severity, colors[severity], true)} `) : text;
}
