// Findings in the journal: each once when it appears and once when it is gone, not at every resync.
import { describeFinding, type Finding } from '../finding.ts';
import type { Log } from './ports.ts';

/** A function that logs what is new in the findings of a reconcile, and what no longer holds. */
export function makeFindingLog(log: Log): (findings: readonly Finding[]) => void {
  let known = new Map<string, Finding>();
  return (findings) => {
    const now = new Map(findings.map((finding) => [describeFinding(finding), finding]));
    for (const [text, finding] of now) {
      if (!known.has(text)) log(finding.severity, `${text}; help: ${finding.help}`);
    }
    for (const text of known.keys()) {
      if (!now.has(text)) log('info', `no longer: ${text}`);
    }
    known = now;
  };
}
