// What the registries.conf on disk is to icspd: ours, somebody's, an older one of ours, or not there. PURE, by content alone.
import { areSameConf } from '../registries/compare.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { unseal } from '../registries/render.ts';
import type { Baseline, FileText, TargetState } from './ports.ts';

/**
 * - `ours`: the text that was last put in force;  `same-meaning`: that text but for comments or order
 * - `rewound`: another rendering of ours, as after an OS rollback;  `baseline`: the administrator's own file
 * - `edited`: our header over a changed body;  `replaced`: somebody else's file;  `missing`: absent or empty
 * - `first-contact`: not ours, and there is no baseline yet;  `no-baseline`: ours, but its baseline is gone
 */
export type DiskState =
  | 'ours'
  | 'same-meaning'
  | 'rewound'
  | 'baseline'
  | 'edited'
  | 'replaced'
  | 'missing'
  | 'first-contact'
  | 'no-baseline'
  | 'unusable';

/** Digest and text of the generation that was last put in force; null before the first. */
export interface InForce {
  readonly digest: string | null;
  readonly bytes: Uint8Array | null;
}

/** The first row of reliability's table that fits. `digest` is sha256 in hex. */
export function classifyDisk(
  target: TargetState,
  baseline: Baseline,
  inForce: InForce | null,
  digest: (text: string) => string,
): DiskState {
  if (target.state === 'unusable') return 'unusable';
  if (target.state === 'absent' || target.file.bytes.length === 0)
    return classifyMissing(target, baseline, inForce);
  const { file } = target;
  const sealed = unseal(new TextDecoder().decode(file.bytes));
  if (sealed !== null) {
    if (baseline.state === 'none') return 'no-baseline';
    if (inForce?.digest === file.digest) return 'ours';
    if (digest(sealed.body) === sealed.digest) return 'rewound';
    return hasSameMeaning(file, inForce) ? 'same-meaning' : 'edited';
  }
  if (baseline.state === 'captured' && baseline.file.digest === file.digest) return 'baseline';
  if (baseline.state === 'none') return 'first-contact';
  return hasSameMeaning(file, inForce) ? 'same-meaning' : 'replaced';
}

function classifyMissing(target: TargetState, baseline: Baseline, inForce: InForce | null): DiskState {
  if (baseline.state === 'none') return 'first-contact';
  // Absent as before icspd, unless a text was in force: then somebody removed it.
  const hadText = inForce !== null && inForce.digest !== null;
  const wasAbsent = baseline.state === 'absent' && target.state === 'absent' && !hadText;
  const wasEmpty =
    baseline.state === 'captured' && baseline.file.bytes.length === 0 && target.state === 'file';
  return wasAbsent || wasEmpty ? 'baseline' : 'missing';
}

function hasSameMeaning(file: FileText, inForce: InForce | null): boolean {
  if (inForce?.bytes === undefined || inForce.bytes === null) return false;
  const found = parseRegistriesConf(file.bytes, file.path).conf;
  const known = parseRegistriesConf(inForce.bytes, file.path).conf;
  return found !== null && known !== null && areSameConf(found, known);
}
