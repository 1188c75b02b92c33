// What a layer prints, and when it has failed.
import type { ExecutionContext } from 'ava';
import type { Findings } from './crash.ts';

/** Says how many points were tried and what was found. A layer that tried none has failed. */
export function report(t: ExecutionContext, { points, tried, complaints }: Findings): void {
  t.log(`${tried} of ${points} points tried, ${complaints.length} complaints`);
  t.true(tried > 0, 'no point was tried');
  t.deepEqual(complaints, []);
}
