// icspd restore: put an earlier file in force, and hold it.
import type { HoldOrder } from '../agent/reconciliation.ts';
import { UsageError, type Call } from './command.ts';
import { readNumber } from './generation-number.ts';
import { order } from './hold-order.ts';

const goals = { previous: 'previous', baseline: 'baseline', 'before-upgrade': 'before upgrade' } as const;

/** Exit status: 0 if that file stands and is held, else 1; then the hold is as it was. */
export async function run(call: Call): Promise<number> {
  const { words, goal } = readGoal(call);
  return order(call, `icspd restore ${words}`, goal);
}

/** Exactly one of them; `words` as they were typed. */
function readGoal({ options, positionals }: Call): {
  readonly words: string;
  readonly goal: HoldOrder['goal'];
} {
  const named = (['previous', 'baseline', 'before-upgrade'] as const).filter((name) => options.has(name));
  const [number] = positionals;
  const [name] = named;
  if (named.length + positionals.length !== 1) {
    throw new UsageError('restore needs one of N, --previous, --baseline and --before-upgrade');
  }
  if (name !== undefined) return { words: `--${name}`, goal: goals[name] };
  return { words: number ?? '', goal: readNumber(number ?? '') };
}
