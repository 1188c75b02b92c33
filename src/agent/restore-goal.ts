// Which text `icspd restore` and `icspd hold` are about, or why there is none. PURE.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import type { Paths } from '../paths.ts';
import { acceptableConf } from './acceptable-conf.ts';
import type { DiskState } from './disk-state.ts';
import { findBeforeUpgrade, findPrevious } from './earlier-goal.ts';
import { digestOnDisk, type Observation } from './observation.ts';
import { describeHeld } from './pin-choice.ts';
import { isUnderstood } from './pull-kinds.ts';
import type { HoldOrder } from './reconciliation.ts';
import type { Pin } from './record.ts';

/** The text to put in force, and the generation that it is known by; as in Pin. */
export type Goal = Pick<Pin, 'digest' | 'generation'>;

/** What a goal is found by. */
export interface GoalContext {
  readonly seen: Observation;
  readonly paths: Paths;
  readonly disk: DiskState;
  /** The text stored under a digest; null if it is lost. */
  readonly textOf: (digest: string) => Uint8Array | null;
  /** As in Host. */
  readonly newerStateSince: () => Date | null;
}

/** The goal of the order, or why there is none. */
export function findGoal(order: HoldOrder, context: GoalContext): Goal | Finding {
  const goal = findNamed(order, context);
  return 'digest' in goal ? (judgeWords(goal, order, context) ?? goal) : goal;
}

/** A file in words that this CRI-O ignores would not mean what it says: it is not put in force by an order. */
function judgeWords(goal: Goal, order: HoldOrder, { seen, textOf, paths }: GoalContext): Finding | null {
  const { crioVersion, baseline } = seen;
  if (goal.digest === null || order.goal === 'in force') return null;
  const own =
    baseline.state === 'captured' && baseline.file.digest === goal.digest ? baseline.file.bytes : null;
  const conf = acceptableConf(textOf(goal.digest) ?? own, paths.registriesConf);
  if (conf === null || isUnderstood(conf, crioVersion)) return null;
  const message = `${describeHeld(goal)} needs pull-from-mirror, which CRI-O ${quote(crioVersion ?? '')} ignores; it is not put in force`;
  const help = 'take another generation (icspd history), or update CRI-O to 1.25 or newer';
  return finding('pinNeedsNewer', null, message, help);
}

function findNamed({ goal, force = false }: HoldOrder, context: GoalContext): Goal | Finding {
  switch (goal) {
    case 'baseline':
      return findBaseline(context.seen, context.paths);
    case 'previous':
      return findPrevious(context);
    case 'before upgrade':
      return findBeforeUpgrade(context);
    case 'in force':
      return findCurrent(context);
    default:
      return findGeneration(goal, force, context);
  }
}

/** The administrator's own file. */
export function findBaseline({ baseline }: Observation, paths: Paths): Goal | Finding {
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

/** What was never in force was perhaps never meant to be: that takes `force`. */
function findGeneration(
  number: number,
  force: boolean,
  { seen, textOf, paths }: GoalContext,
): Goal | Finding {
  const look = 'look at icspd history for those that there are';
  const record = Iterator.from(seen.history).find((each) => each.number === number);
  if (record === undefined) {
    return finding(
      'noSuchGeneration',
      null,
      `there is no generation ${number}, or none that can be read`,
      look,
    );
  }
  const { digest, outcome, proof } = record;
  const wasInForce = (outcome === 'applied' || outcome === 'degraded') && proof !== 'refused';
  if (!wasInForce && !force) {
    const sentence = `generation ${number} was never in force, its outcome is ${outcome}`;
    return finding('neverApplied', null, sentence, 'take another one, or use --force if it is the right one');
  }
  const bytes = digest === null ? null : textOf(digest);
  if (digest !== null && bytes === null) {
    return finding('textLost', null, `the file of generation ${number} is no longer kept`, look);
  }
  if (acceptableConf(bytes, paths.registriesConf) === null) {
    return nothing(`the file of generation ${number} is none that CRI-O would accept`);
  }
  return { digest, generation: number };
}

/** A file that somebody else made is not ours to hold: nothing of it is in the history. */
function findCurrent({ seen, disk, paths }: GoalContext): Goal | Finding {
  switch (disk) {
    case 'baseline':
      return findBaseline(seen, paths);
    case 'ours':
    case 'same-meaning':
    case 'missing':
      return seen.current === null
        ? findBaseline(seen, paths)
        : { digest: seen.current.digest, generation: seen.current.number };
    case 'rewound':
      return findOnDisk(seen);
    case 'first-contact':
      return finding(
        'nothingToHold',
        null,
        'icspd has not written registries.conf yet',
        'set apply = "observe" in icspd.conf to keep it from writing',
      );
    case 'edited':
    case 'replaced':
    case 'no-baseline':
    case 'unusable':
      return finding(
        'nothingToHold',
        null,
        'registries.conf is not as icspd wrote it, so that there is nothing to hold',
        'look at icspd status and icspd diff; run icspd apply --discard-drift before icspd hold',
      );
  }
}

/** A rendering of ours that is not current, since the record of what is current cannot be read now, or it came this instant. */
function findOnDisk(seen: Observation): Goal | Finding {
  const record = seen.newestOf(digestOnDisk(seen));
  if (record !== null) return { digest: record.digest, generation: record.number };
  const sentence =
    'registries.conf is a rendering of icspd that no record knows, so that there is nothing to hold';
  return finding('nothingToHold', null, sentence, 'run icspd apply, and icspd hold again');
}

/** That there is nothing to go back to, and why. */
export function nothing(why: string): Finding {
  const remedy = 'run icspd history to see what there is; icspd resume ends a hold';
  return finding('nothingToRestore', null, `there is nothing to go back to: ${why}`, remedy);
}
