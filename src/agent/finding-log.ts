// Findings in the journal: each once when it appears and once when it is gone, not at every resync, and not without end.
import { escape } from '../escape.ts';
import { describeFinding, FINDINGS, type Finding } from '../finding.ts';
import type { Clock, Log } from './ports.ts';
import { makeRateLimit, type Rate, type RateLimit } from '../rate-limit.ts';

/** A file that is written again and again, now right and now wrong, is told about so often. */
const rateOfFile: Rate = { burst: 12, refillMs: 60_000 };
/** The same of all files together: a tool that makes files under ever new names. */
const rateOfAll: Rate = { burst: 1_000, refillMs: 2_000 };

/** What tells of an act, and of nothing that lasts: that the next look does not tell it again is no news. */
const ofActs: ReadonlySet<string> = new Set([
  FINDINGS.noProof.id,
  FINDINGS.crioRefused.id,
  FINDINGS.putBack.id,
  FINDINGS.rewound.id,
]);

/**
 * A function that logs what is new in the findings of a reconcile, and what no longer holds. What comes too often is left out,
 * which is said once; what still holds when there is room again is told then.
 */
export function makeFindingLog(log: Log, clock: Clock): (findings: readonly Finding[]) => void {
  let known = new Map<string, Finding>();
  let silenced = new Set<string>();
  const limits = new Map<string, RateLimit>();
  const all = makeRateLimit(clock, rateOfAll);

  function mayTell(finding: Finding): boolean {
    const subject = subjectOf(finding);
    const limit = limits.get(subject) ?? makeRateLimit(clock, rateOfFile);
    limits.set(subject, limit);
    if (limit.take() && all.take()) return true;
    if (!silenced.has(subject)) {
      log(
        'warning',
        `findings about ${escape(subject)} come too often, and are told later; see icspd status`,
      );
    }
    silenced.add(subject);
    return false;
  }

  return (findings) => {
    const now = new Map(findings.map((finding) => [describeFinding(finding), finding]));
    const told = new Map<string, Finding>();
    for (const [text, finding] of now) {
      const isKnown = known.has(text);
      if (!isKnown && !mayTell(finding)) continue;
      if (!isKnown) log(finding.severity, `${text}; help: ${finding.help}`);
      told.set(text, finding);
    }
    for (const [text, finding] of known) {
      if (now.has(text) || ofActs.has(finding.id)) continue;
      if (mayTell(finding)) log('info', `no longer: ${text}`);
    }
    known = told;
    for (const [subject, limit] of limits) if (limit.isFull()) limits.delete(subject);
    silenced = new Set([...silenced].filter((subject) => limits.has(subject)));
  };
}

/** What the finding is about: its file, else the finding itself. */
function subjectOf({ file, id }: Finding): string {
  return file ?? id;
}
