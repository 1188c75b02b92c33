// Where composition's findings go, and in which order they come out.
import type { Place } from '../origin.ts';
import type { MirrorRule, RuleMirror, ScopeEntry } from '../policy/rule.ts';
import { compareFindings, type Finding } from '../finding.ts';

export { comparePlaces } from '../finding.ts';

/** Takes a finding. */
export type Report = (finding: Finding) => void;

/** Sorts by file, line, column and id, and drops repeats. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const sorted = [...findings].sort(compareFindings);
  return sorted.filter((finding, i) => {
    const previous = sorted[i - 1];
    return previous === undefined || compareFindings(previous, finding) !== 0;
  });
}

/** Where the entry stands, or one of its mirrors. */
export function placeOf(rule: MirrorRule, mirror?: RuleMirror): Place {
  const { line, column } = mirror ?? { line: rule.origin.line, column: rule.column };
  return { file: rule.origin.file, line, column, excerpt: null };
}

/** Where the entry of an Image stands. */
export function placeOfScope({ origin, column }: ScopeEntry): Place {
  return { file: origin.file, line: origin.line, column, excerpt: null };
}
