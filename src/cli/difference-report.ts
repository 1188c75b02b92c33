// How a difference looks: in words, then as a unified diff.
import { escape } from '../escape.ts';
import type { Finding } from '../finding.ts';
import type { Change } from '../registries/compare.ts';
import { jsonFindings, paint, type Output } from './output.ts';

/** `diff` as diff -u prints it, '' for none. */
export interface Difference {
  readonly changes: readonly Change[];
  readonly diff: string;
}

/**
 * Prints findings, changes and diff; the shape of --json.
 * @param plan whose difference it is; null: one between generations
 */
export function reportDifference(
  output: Output,
  { changes, diff }: Difference,
  findings: readonly Finding[],
  plan: { readonly planDigest: string | null } | null,
): void {
  if (output.isJson) {
    const shown = jsonFindings(findings);
    if (plan === null) output.printJson('history-diff', { changes, diff, findings: shown });
    else output.printJson('diff', { changes, diff, planDigest: plan.planDigest, findings: shown });
    return;
  }
  output.printFindings(findings);
  for (const change of changes) {
    const color = change.class === 'safe' ? '32' : '33';
    output.say(`${paint(change.class, color, output.hasColorOut)}: ${escape(change.sentence)}`);
  }
  if (diff === '') return;
  if (changes.length > 0) output.print('');
  for (const line of diff.trimEnd().split('\n')) output.print(paintLine(escape(line), output.hasColorOut));
}

function paintLine(line: string, hasColor: boolean): string {
  if (line.startsWith('+') && !line.startsWith('+++')) return paint(line, '32', hasColor);
  if (line.startsWith('-') && !line.startsWith('---')) return paint(line, '31', hasColor);
  return line.startsWith('@@') ? paint(line, '36', hasColor) : line;
}
