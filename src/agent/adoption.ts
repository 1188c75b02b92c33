// icspd adopt: what becomes the baseline of a file that somebody changed, and what pulls do differently then. PURE.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { areSameConf, compareConfs, type Change } from '../registries/compare.ts';
import { mergeConfs, type MergedConf } from '../registries/merge.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { renderRegistriesConf } from '../registries/render.ts';
import { compareResolution, type Difference } from '../registries/same-resolution.ts';
import { unseal } from '../registries/seal.ts';
import { subtractAdded, type Subtraction } from '../registries/subtract.ts';
import { acceptableConf } from './acceptable-conf.ts';
import { diskWords } from './disk-state.ts';
import { judgeForeign } from './drift.ts';
import { readDropIns } from './drop-in-files.ts';
import { baselineBytes, type Observation } from './observation.ts';
import { endOfPin } from './pin-choice.ts';
import { makePlan, type Plan, type PlanContext } from './plan.ts';
import type { FileText } from './ports.ts';
import type { GenerationRecord } from './record.ts';
import { provenanceIn } from './sources.ts';

/** The text stored under a digest; null if it is lost. */
type TextOf = (digest: string) => Uint8Array | null;

/** What an adoption would do. */
export interface Adoption {
  readonly kind: 'adopt';
  /** sha256 of the file that was looked at. */
  readonly digest: string;
  /** The new baseline; null: there is none, as before. */
  readonly bytes: Uint8Array | null;
  readonly plan: Plan;
  /** From the baseline of now to the new one. */
  readonly baselineChanges: readonly Change[];
  /** Whether it is known what icspd added to the file. */
  readonly isRecorded: boolean;
  /** Entries of ours that somebody changed or took out. */
  readonly altered: readonly string[];
  /** What no policy that changed meanwhile explains. */
  readonly differences: readonly Difference[];
  /** Settings of the file that would change, in words. */
  readonly settings: readonly string[];
  readonly needsForce: boolean;
}

/** `nothing`: the file is none that could be adopted, and no harm in that. `refused`: it must not be. */
export type AdoptionResult =
  | Adoption
  | { readonly kind: 'nothing'; readonly reason: Finding }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/** Plans the adoption of the file on disk. Without a record of what is ours in it, all of it counts as somebody's. */
export function planAdoption(seen: Observation, context: PlanContext, textOf: TextOf): AdoptionResult {
  const plan = makePlan(seen, context);
  const { paths } = context;
  const place = wholeFile(paths.registriesConf);
  if (plan.disk !== 'edited' && plan.disk !== 'replaced' && plan.disk !== 'no-baseline') {
    const help = 'run icspd status to see how the file stands';
    const sentence = `the file is ${diskWords[plan.disk]}, so that there is nothing to adopt`;
    return { kind: 'nothing', reason: finding('nothingToAdopt', place, sentence, help) };
  }
  const obstacles = findObstacles(seen);
  if (obstacles.length > 0 || seen.target.state !== 'file') return { kind: 'refused', findings: obstacles };
  const { file } = seen.target;
  const found = acceptableConf(file.bytes, file.path) ?? emptyConf;
  const record = seen.newestOf(file.digest) ?? seen.current;
  const known = record === null ? null : findKnown(record, seen, context, textOf);
  const isEdited = unseal(new TextDecoder().decode(file.bytes)) !== null;
  const rest: Subtraction =
    known === null
      ? { conf: found, altered: [], hasTaken: false }
      : subtractAdded({ found, written: known.written, base: known.base, isEdited });
  const bytes = writeDown(rest, file, known);
  const after = makePlan(seen, { ...context, adopted: { bytes, by: 'adopt' } });
  const merge = mergerOf(seen, context);
  const pending = known === null ? null : { before: known.written, after: plan.rendering.conf };
  const judged = { found, after: after.rendering.conf, pending, isEdited, altered: rest.altered };
  const differences = judgeDifferences(judged, merge);
  const settings = judgeSettings(judged);
  const isSame = differences.length === 0 && settings.length === 0 && rest.altered.length === 0;
  return {
    kind: 'adopt',
    digest: file.digest,
    bytes,
    plan: after,
    baselineChanges: compareConfs(
      acceptableConf(baselineBytes(seen), paths.baseline) ?? emptyConf,
      acceptableConf(bytes, paths.baseline) ?? emptyConf,
    ),
    isRecorded: known !== null,
    altered: rest.altered,
    differences,
    settings,
    needsForce: known === null || !isSame,
  };
}

/** Why the order is not obeyed without --force. */
export function describeNeedOfForce(
  { isRecorded, altered, differences, settings }: Adoption,
  file: string,
): Finding {
  const reasons = [
    ...(isRecorded ? [] : ['no record tells which of its entries are from policies']),
    ...(altered.length === 0 ? [] : [`entries from policies were changed: ${altered.map(quote).join(', ')}`]),
    ...(differences.length === 0
      ? []
      : [`pulls of ${differences.map(({ scope }) => quote(scope)).join(', ')} would go elsewhere`]),
    ...settings,
  ];
  const help = 'look at icspd adopt --dry-run; run icspd adopt --force if this is meant';
  const message = `the file is not adopted unasked: ${reasons.join('; ')}`;
  return finding('adoptNeedsForce', wholeFile(file), message, help);
}

/** What others than root could have written, or CRI-O would refuse, is nobody's baseline. */
function findObstacles(seen: Observation): readonly Finding[] {
  const { target, pin } = seen;
  if (target.state === 'unusable') return [target.finding];
  if (target.state === 'absent') return [];
  if (pin !== null && endOfPin(pin, seen) === null) {
    const help = 'run icspd resume first; what stands there now is kept in the history';
    return [
      finding('adoptRefused', null, 'an operator holds the configuration, so that nothing is adopted', help),
    ];
  }
  if (target.obstacle !== null) return [target.obstacle];
  const [warning] = target.findings;
  if (warning !== undefined) {
    const message = `the file is not adopted: ${warning.message}`;
    return [finding('adoptRefused', wholeFile(target.file.path), message, warning.help)];
  }
  return judgeForeign(target);
}

interface Known {
  readonly written: RegistriesConf;
  readonly base: RegistriesConf;
  readonly baseBytes: Uint8Array | null;
}

/** The text of the record and the baseline that it was made on; null where either is lost or was never known. */
function findKnown(
  record: GenerationRecord,
  seen: Observation,
  { paths }: PlanContext,
  textOf: TextOf,
): Known | null {
  if (provenanceIn(record) === null) return null;
  const { digest, baselineDigest } = record;
  const bytes = digest === null ? null : textOf(digest);
  const captured = seen.baseline.state === 'captured' ? seen.baseline.file : null;
  const isCaptured = captured !== null && captured.digest === baselineDigest;
  const baseBytes = baselineDigest === null ? null : isCaptured ? captured.bytes : textOf(baselineDigest);
  const isLost = (digest !== null && bytes === null) || (baselineDigest !== null && baseBytes === null);
  if (isLost) return null;
  const written = acceptableConf(bytes, paths.registriesConf);
  const base = acceptableConf(baseBytes, paths.baseline);
  return written === null || base === null ? null : { written, base, baseBytes };
}

/** The bytes of what is there already wherever they say the same, for their comments. */
function writeDown({ conf, hasTaken }: Subtraction, file: FileText, known: Known | null): Uint8Array | null {
  if (!hasTaken) {
    const sealed = unseal(new TextDecoder().decode(file.bytes));
    // A baseline with our header would be taken for a rendering.
    return sealed === null ? file.bytes : new TextEncoder().encode(sealed.body);
  }
  if (known !== null && areSameConf(conf, known.base)) return known.baseBytes;
  return new TextEncoder().encode(renderRegistriesConf(conf));
}

interface Judged {
  readonly found: RegistriesConf;
  readonly after: RegistriesConf;
  /** What policies would change anyway, since they changed after the last apply. */
  readonly pending: { readonly before: RegistriesConf; readonly after: RegistriesConf } | null;
  readonly isEdited: boolean;
  readonly altered: readonly string[];
}

/** Where the whole file was replaced, the entries of policies come back, which is what layering is for. */
function judgeDifferences(
  judged: Judged,
  merge: (conf: RegistriesConf) => MergedConf,
): readonly Difference[] {
  const { found, after, pending, isEdited, altered } = judged;
  const expected = new Set(
    pending === null
      ? []
      : compareResolution(merge(pending.before), merge(pending.after)).map(({ scope }) => scope),
  );
  const isBack = (scope: string): boolean =>
    !isEdited &&
    !altered.includes(scope) &&
    (merge(after).byScope.get(scope)?.registry.origins ?? []).length > 0;
  return compareResolution(merge(found), merge(after)).filter(
    ({ scope }) => !expected.has(scope) && !isBack(scope),
  );
}

function judgeSettings({ found, after, pending, isEdited }: Judged): readonly string[] {
  const of = (before: RegistriesConf, next: RegistriesConf): readonly string[] =>
    compareConfs(before, next).flatMap(({ scope, sentence }) => (scope === null ? [sentence] : []));
  if (!isEdited) return [];
  const expected = pending === null ? [] : of(pending.before, pending.after);
  return of(found, after).filter((sentence) => !expected.includes(sentence));
}

function mergerOf(seen: Observation, { paths }: PlanContext): (conf: RegistriesConf) => MergedConf {
  const { valid } = readDropIns(seen.dropIns, seen.crioVersion);
  return (conf) => mergeConfs({ file: paths.registriesConf, conf }, valid);
}
