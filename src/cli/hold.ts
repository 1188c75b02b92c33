// icspd hold: pin what is in force.
import type { Call } from './command.ts';
import { order } from './hold-order.ts';

/** Exit status: 0 if what is in force is held, else 1; then the hold is as it was. */
export function run(call: Call): Promise<number> {
  return order(call, 'icspd hold', 'in force');
}
