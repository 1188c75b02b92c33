// The way back along the history: the configuration before the one on disk, and the one from before a newer icspd. PURE.
import type { Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import { areSameConf } from '../registries/compare.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { compareVersions } from '../version-order.ts';
import { acceptableConf } from './acceptable-conf.ts';
import type { Observation } from './observation.ts';
import { endOfPin } from './pin-choice.ts';
import type { GenerationRecord } from './record.ts';
import { findBaseline, nothing, type Goal, type GoalContext } from './restore-goal.ts';

/**
 * The newest applied generation that means something else than the file on disk: bytes that differ in comments, order or
 * the version of icspd alone are no way back. Behind the oldest stands the baseline.
 * Under a hold, an edit of the held file is undone first; otherwise it goes on behind the held generation, so that a second
 * call goes one step further back and not forth again.
 */
export function findPrevious(context: GoalContext): Goal | Finding {
  const { seen, paths } = context;
  const isOnDisk = comparerWithDisk(seen, paths);
  const differs = (digest: string | null): boolean => {
    const conf = confOf(digest, context);
    return conf !== null && !isOnDisk(conf);
  };
  const { pin, history } = seen;
  const held = pin === null || endOfPin(pin, seen) !== null ? null : pin;
  if (held !== null && differs(held.digest)) return held;
  if (held !== null && held.generation === null) return nothing('the baseline is held, and nothing is older');
  const previous = newestOfEachText(history).find(
    ({ number, outcome, digest }) =>
      outcome === 'applied' && number < (held?.generation ?? Infinity) && differs(digest),
  );
  if (previous !== undefined) return { digest: previous.digest, generation: previous.number };
  const [newest] = history;
  if (newest === undefined) return nothing('icspd has applied nothing yet');
  const goal = findBaseline(seen, paths);
  const isGone = 'digest' in goal && !differs(goal.digest);
  return isGone ? nothing('no earlier file with another meaning is known') : goal;
}

/**
 * The newest applied generation that one of a newer icspd follows, whichever icspd asks; a state directory of a newer
 * schema stands for generations that this version cannot read, from when it came.
 */
export function findBeforeUpgrade(context: GoalContext): Goal | Finding {
  const { seen, newerStateSince } = context;
  const cameAtMs = newerStateSince()?.getTime() ?? -Infinity;
  const usable = new Set(newestOfEachText(seen.history).map(({ digest, outcome }) => `${digest} ${outcome}`));
  let newest: string | null = null;
  for (const { number, digest, outcome, startedAt, icspdVersion } of seen.history) {
    const isBefore = newest !== null && compareVersions(icspdVersion, newest) < 0;
    const isBeforeState = Date.parse(startedAt) < cameAtMs;
    const isGood = outcome === 'applied' && usable.has(`${digest} applied`);
    if ((isBefore || isBeforeState) && isGood && confOf(digest, context) !== null) {
      return { digest, generation: number };
    }
    if (newest === null || compareVersions(icspdVersion, newest) > 0) newest = icspdVersion;
  }
  return nothing('no newer icspd has followed on anything that was applied here');
}

/** Each text where it was last judged: one that CRI-O refused since it was applied is no way back either. */
function* newestOfEachText(history: Iterable<GenerationRecord>): Generator<GenerationRecord, undefined> {
  const judged = new Set<string | null>();
  for (const record of history) {
    const { outcome, digest } = record;
    if (judged.has(digest) || (outcome !== 'applied' && outcome !== 'rolled-back')) continue;
    judged.add(digest);
    yield record;
  }
}

/** Null where the text is lost, or one that CRI-O would refuse. */
function confOf(digest: string | null, { seen, textOf, paths }: GoalContext): RegistriesConf | null {
  const bytes = digest === null ? null : (textOf(digest) ?? baselineText(seen, digest));
  return digest !== null && bytes === null ? null : acceptableConf(bytes, paths.registriesConf);
}

/** A file that cannot be read as a configuration means something else than any. */
function comparerWithDisk({ target }: Observation, paths: Paths): (conf: RegistriesConf) => boolean {
  const onDisk =
    target.state === 'file' ? parseRegistriesConf(target.file.bytes, paths.registriesConf).conf : emptyConf;
  return (conf) => onDisk !== null && areSameConf(onDisk, conf);
}

function baselineText({ baseline }: Observation, digest: string): Uint8Array | null {
  return baseline.state === 'captured' && baseline.file.digest === digest ? baseline.file.bytes : null;
}
