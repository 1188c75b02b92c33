// Whether /etc is still the one that the state in /var remembers: an OS rollback, a roll-forward or a transient /etc exchanges it. PURE.
import { quoteFirst } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { Paths } from '../paths.ts';
import type { AcceptedBytes } from '../policy/accept.ts';
import { unseal } from '../registries/seal.ts';
import type { DiskState } from './disk-state.ts';
import type { Baseline, TargetState } from './ports.ts';
import type { GenerationRecord, Pin } from './record.ts';

/** Another /etc than before. `record` is the generation that its registries.conf is; null: none that this node knows. */
export interface OtherEtc {
  readonly record: GenerationRecord | null;
}

/** What tells one /etc from another. */
export interface EtcSigns {
  readonly target: TargetState;
  readonly baseline: Baseline;
  readonly current: GenerationRecord | null;
  /** The newest generation with the text of that digest. */
  readonly newestOf: (digest: string) => GenerationRecord | null;
  /** sha256 in hex. */
  readonly digest: (text: string) => string;
}

/**
 * Finds out by the files alone: a rendering that is not the one in force belongs to another /etc, and so does one without
 * a baseline and without a rendering, once there was both. Null where nothing tells that /etc is another one.
 */
export function findOtherEtc({ target, baseline, current, newestOf, digest }: EtcSigns): OtherEtc | null {
  const file = target.state === 'file' ? target.file : null;
  if (target.state === 'unusable') return null;
  const isInForce = current?.digest === (file?.digest ?? null);
  const sealed = file === null ? null : unseal(new TextDecoder().decode(file.bytes));
  if (file === null || sealed === null) {
    // What was found here, and recorded without a baseline, is of this /etc.
    const isOfHere = current === null || (isInForce && current.baselineDigest === null);
    return baseline.state === 'none' && !isOfHere ? { record: null } : null;
  }
  if (isInForce) return null;
  // Without its baseline it is nobody's to go on with: somebody has to say what belongs to it.
  if (baseline.state === 'none' || digest(sealed.body) !== sealed.digest) return null;
  return { record: newestOf(file.digest) };
}

/**
 * Whether what is held stands here: a rendering beside its baseline that is the one that is held is of this /etc, though the
 * record of what is in force be lost, or not to be had now.
 */
export function isHeldHere(
  pin: Pick<Pin, 'digest'> | null,
  { target, baseline }: Pick<EtcSigns, 'target' | 'baseline'>,
): boolean {
  const digest = target.state === 'file' ? target.file.digest : null;
  return pin !== null && baseline.state !== 'none' && digest === pin.digest;
}

/**
 * The last accepted bytes that count: in another /etc only those that its own registries.conf was made of. What was
 * accepted elsewhere must not stand in here for a file that is broken or gone.
 */
export function acceptedHere<T extends AcceptedBytes>(
  accepted: ReadonlyMap<string, T>,
  other: OtherEtc | null,
): ReadonlyMap<string, T> {
  if (other === null) return accepted;
  const inForce = new Map(other.record?.policies.map(({ path, digest }) => [path, digest]));
  return new Map([...accepted].filter(([path, { digest }]) => inForce.get(path) === digest));
}

/** The policy files that were accepted before and are not here, by path. */
export function gonePolicies(
  accepted: ReadonlyMap<string, unknown>,
  here: readonly { readonly path: string }[],
): readonly string[] {
  const paths = new Set(here.map(({ path }) => path));
  return [...accepted.keys()].filter((path) => !paths.has(path)).sort();
}

const mostNamed = 10;

/** Tells once, when it is found, that /etc is another one, and which accepted policy files it has not. */
export function describeOtherEtc(
  other: { readonly gone: readonly string[] } | null,
  disk: DiskState,
  { registriesConf }: Pick<Paths, 'registriesConf'>,
): readonly Finding[] {
  if (other === null || (disk !== 'rewound' && other.gone.length === 0)) return [];
  const what =
    disk === 'rewound'
      ? 'the file is another rendering of icspd, as after an OS rollback'
      : 'the baseline of before is not here, as in another /etc';
  const remedy =
    other.gone.length === 0
      ? 'nothing to do'
      : 'put them back if they should count here; nothing to do if not';
  return [finding('rewound', wholeFile(registriesConf), `${what}${listGone(other.gone)}`, remedy)];
}

/** The policy files that are gone, as the end of a sentence; '' for none. */
export function listGone(gone: readonly string[]): string {
  if (gone.length === 0) return '';
  return `; policy files that were accepted before are gone: ${quoteFirst(gone, mostNamed)}`;
}
