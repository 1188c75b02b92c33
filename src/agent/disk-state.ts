// What the registries.conf on disk is to icspd: ours, somebody's, an older one of ours, or not there. PURE, by content alone.
import { areSameConf } from '../registries/compare.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { unseal } from '../registries/seal.ts';
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

/** For people. */
export const diskWords: Readonly<Record<DiskState, string>> = {
  ours: 'as icspd wrote it',
  'same-meaning': 'as icspd wrote it but for comments or order',
  rewound: 'another rendering of icspd',
  baseline: 'the baseline',
  edited: 'a rendering that somebody edited',
  replaced: 'a file that somebody else put there',
  missing: 'missing or empty',
  'first-contact': 'not written by icspd yet',
  'no-baseline': 'a rendering whose baseline is missing',
  unusable: 'not usable',
};

/** What tells, of an observation. */
export interface DiskSigns {
  readonly target: TargetState;
  readonly baseline: Baseline;
  /** The generation that was last put in force (null: before the first), and its text (null: it was no file, or it is lost). */
  readonly current: { readonly digest: string | null } | null;
  readonly currentBytes: Uint8Array | null;
}

/** Digest and text of the generation that was last put in force. */
interface LastText {
  readonly digest: string | null;
  readonly bytes: Uint8Array | null;
}

/**
 * The first of the states that fits.
 * @param digest sha256 in hex
 */
export function classifyDisk(
  { target, baseline, current, currentBytes }: DiskSigns,
  digest: (text: string) => string,
): DiskState {
  const last = current === null ? null : { digest: current.digest, bytes: currentBytes };
  if (target.state === 'unusable') return 'unusable';
  if (target.state === 'absent') return classifyAbsent(baseline, last);
  const { file } = target;
  if (file.bytes.length === 0) return classifyEmpty(baseline, last);
  const sealed = unseal(new TextDecoder().decode(file.bytes));
  if (sealed !== null) {
    if (baseline.state === 'none') return 'no-baseline';
    if (last?.digest === file.digest) return 'ours';
    if (digest(sealed.body) === sealed.digest) return 'rewound';
    return last !== null && isSame(file, confOfLast(last, file.path)) ? 'same-meaning' : 'edited';
  }
  if (baseline.state === 'none') return 'first-contact';
  if (last?.digest === file.digest) return 'ours';
  if (baseline.state === 'captured' && baseline.file.digest === file.digest) return 'baseline';
  const known = last === null ? confOfBaseline(baseline) : confOfLast(last, file.path);
  return isSame(file, known) ? 'same-meaning' : 'replaced';
}

/** Absent as before icspd, unless a text was in force: then somebody removed it. */
function classifyAbsent(baseline: Baseline, last: LastText | null): DiskState {
  if (baseline.state === 'none') return 'first-contact';
  return baseline.state === 'absent' && hadNoText(last) ? 'baseline' : 'missing';
}

/** A file of no bytes is what an interrupted write leaves; only where it changes nothing is it nobody's loss. */
function classifyEmpty(baseline: Baseline, last: LastText | null): DiskState {
  switch (baseline.state) {
    case 'none':
      return 'first-contact';
    case 'captured':
      return baseline.file.bytes.length === 0 ? 'baseline' : 'missing';
    case 'absent':
      return hadNoText(last) ? 'same-meaning' : 'missing';
    case 'unusable':
      return 'missing';
  }
}

function hadNoText(last: LastText | null): boolean {
  return (last?.digest ?? null) === null;
}

function confOfLast({ digest, bytes }: LastText, path: string): RegistriesConf | null {
  if (digest === null) return emptyConf;
  return bytes === null ? null : parseRegistriesConf(bytes, path).conf;
}

/** What was in force before the first apply. */
function confOfBaseline(baseline: Baseline): RegistriesConf | null {
  if (baseline.state === 'absent') return emptyConf;
  if (baseline.state !== 'captured') return null;
  return parseRegistriesConf(baseline.file.bytes, baseline.file.path).conf;
}

function isSame(file: FileText, known: RegistriesConf | null): boolean {
  const found = known === null ? null : parseRegistriesConf(file.bytes, file.path).conf;
  return known !== null && found !== null && areSameConf(found, known);
}
