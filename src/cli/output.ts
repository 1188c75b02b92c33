// How things look: data on stdout, findings on stderr like a compiler's, JSON as one document, colour on a terminal only.
import { compareFindings, describeFinding, type Finding, type Severity } from '../finding.ts';
import { escape, escapeJson } from '../escape.ts';
import type { DocumentName, JsonDocument } from './json-documents.ts';

export interface OutputOptions {
  readonly isJson: boolean;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly hasColorOut: boolean;
  readonly hasColorErr: boolean;
}

/** Where a command's words go. Texts given to `print` are ours or escaped already. */
export interface Output extends OutputOptions {
  /** Data, on stdout; a newline is added. */
  print(text: string): void;
  /** Data exactly as it is, on stdout. */
  printRaw(text: string): void;
  /** The one JSON document of a command, of the named shape. */
  printJson<Name extends DocumentName>(name: Name, document: JsonDocument<Name>): void;
  /** Progress, on stderr, unless --quiet. */
  tell(text: string): void;
  /** Findings on stderr; nothing under --json, where the document holds them. Notices only with --verbose. */
  printFindings(findings: readonly Finding[]): void;
}

const colors: Readonly<Record<Severity, string>> = { error: '31', warning: '33', notice: '36' };

/** Output on the given streams. */
export function makeOutput(
  options: OutputOptions,
  stdout: { write(text: string): unknown },
  stderr: { write(text: string): unknown },
): Output {
  return {
    ...options,
    print: (text) => void stdout.write(`${text}\n`),
    printRaw: (text) => void stdout.write(text),
    printJson: (_, document) => void stdout.write(`${escapeJson(JSON.stringify(document, null, 2))}\n`),
    tell(text) {
      if (!options.isQuiet) stderr.write(`${text}\n`);
    },
    printFindings(findings) {
      if (options.isJson) return;
      for (const finding of sortFindings(findings)) {
        if (finding.severity === 'notice' && !options.isVerbose) continue;
        if (finding.severity !== 'error' && options.isQuiet) continue;
        stderr.write(`${formatFinding(finding, options.hasColorErr)}\n`);
      }
    },
  };
}

/** Finding, source line with a caret, and remedy; several lines, no newline at the end. */
function formatFinding(finding: Finding, hasColor: boolean): string {
  const lines = [paintSeverity(describeFinding(finding), finding.severity, hasColor)];
  if (finding.excerpt !== null) {
    const shown = escape(finding.excerpt);
    lines.push(`  | ${shown}`);
    if (finding.column !== null) {
      const before = escape(finding.excerpt.slice(0, finding.column - 1));
      lines.push(`  | ${' '.repeat(before.length)}^`);
    }
  }
  lines.push(`  help: ${finding.help}`);
  return lines.join('\n');
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
