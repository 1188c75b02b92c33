// Where `icspd restore` leads: to the administrator's own file, or to the configuration before the one on disk. PURE.
import { finding, type Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import { areSameConf } from '../registries/compare.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { parseRegistriesConf } from '../registries/parse.ts';
import { acceptableConf } from './acceptable-conf.ts';
import type { Observation } from './observation.ts';
import { isOver } from './pin-choice.ts';
import type { HoldOrder } from './reconciliation.ts';
import type { GenerationRecord, Pin } from './record.ts';

/** The text to put in force, and the generation that it is known by; as in Pin. */
export type Goal = Pick<Pin, 'digest' | 'generation'>;

/** The text stored under a digest; null if it is lost. */
export type TextOf = (digest: string) => Uint8Array | null;

/** The goal of the order, or why there is none. */
export function findGoal(
  { goal }: HoldOrder,
  seen: Observation,
  textOf: TextOf,
  paths: Paths,
): Goal | Finding {
  return goal === 'baseline' ? findBaseline(seen, paths) : findPrevious(seen, textOf, paths);
}

function findBaseline({ baseline }: Observation, paths: Paths): Goal | Finding {
  switch (baseline.state) {
    case 'captured':
      return { digest: baseline.file.digest, generation: null };
    case 'absent':
      return { digest: null, generation: null };
    case 'none':
      return nothing(
        `there is no baseline yet (${paths.baseline}), since icspd has not written registries.conf`,
      );
    case 'unusable':
      return baseline.finding;
  }
}

/**
 * The newest applied generation that means something else than the file on disk: bytes that differ in comments, order or
 * the version of icspd alone are no way back. Behind the oldest stands the baseline.
 * Under a hold, an edit of the held file is undone first; otherwise it goes on behind the held generation, so that a second
 * call goes one step further back and not forth again.
 */
function findPrevious(seen: Observation, textOf: TextOf, paths: Paths): Goal | Finding {
  const isOnDisk = comparerWithDisk(seen, paths);
  const confOf = (digest: string | null): RegistriesConf | null => {
    const bytes = digest === null ? null : (textOf(digest) ?? baselineText(seen, digest));
    return digest !== null && bytes === null ? null : acceptableConf(bytes, paths.registriesConf);
  };
  const differs = (digest: string | null): boolean => {
    const conf = confOf(digest);
    return conf !== null && !isOnDisk(conf);
  };
  const { pin, now, history } = seen;
  const held = pin === null || isOver(pin, now) ? null : pin;
  if (held !== null && differs(held.digest)) return held;
  if (held !== null && held.generation === null) return nothing('the baseline is held, and nothing is older');
  const previous = newestOfEachText(history).find(
    ({ number, outcome, digest }) =>
      outcome === 'applied' && number < (held?.generation ?? Infinity) && differs(digest),
  );
  if (previous !== undefined) return { digest: previous.digest, generation: previous.number };
  if (history.length === 0) return nothing('icspd has applied nothing yet');
  const goal = findBaseline(seen, paths);
  const isGone = 'digest' in goal && !differs(goal.digest);
  return isGone ? nothing('no earlier file with another meaning is known') : goal;
}

/** Each text where it was last judged: one that CRI-O refused since it was applied is no way back either. */
function newestOfEachText(history: readonly GenerationRecord[]): readonly GenerationRecord[] {
  const judged = history.filter(({ outcome }) => outcome === 'applied' || outcome === 'rolled-back');
  const newest = new Map<string | null, GenerationRecord>();
  for (const record of judged) if (!newest.has(record.digest)) newest.set(record.digest, record);
  return [...newest.values()];
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

function nothing(why: string): Finding {
  const remedy = 'run icspd status to see what is in force; icspd resume ends a hold';
  return finding('nothingToRestore', null, `there is nothing to go back to: ${why}`, remedy);
}
