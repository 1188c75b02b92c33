// What is worst about a node: that CRI-O would not start on the files that are there, or that something asked for to be closed is open. PURE.
import { FINDINGS, type Finding } from '../finding.ts';
import { judgeForeign } from './drift.ts';
import type { TargetState } from './ports.ts';

/** Protections that are not in force, and files that CRI-O reads otherwise than policies mean. */
const unprotectedIds: ReadonlySet<string> = new Set([
  FINDINGS.pullKindsIgnored.id,
  FINDINGS.protectionBeaten.id,
  FINDINGS.blockedInVain.id,
]);

/** The error that says why a protection is not in force; null where all are. */
export function findUnprotected(findings: readonly Finding[]): Finding | null {
  return findings.find(({ id, severity }) => severity === 'error' && unprotectedIds.has(id)) ?? null;
}

/**
 * Why CRI-O would not start on the registries.conf that is there, or on the drop-ins over it; null where it would.
 * @param target registries.conf as it stands; null where it is icspd's own of right now
 */
export function findUnstartable(target: TargetState | null, findings: readonly Finding[]): Finding | null {
  const [unloadable] = target === null ? [] : judgeForeign(target);
  return unloadable ?? findings.find(({ id }) => id === FINDINGS.dropInRefused.id) ?? null;
}
