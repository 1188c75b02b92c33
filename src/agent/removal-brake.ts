// The removal brake: whether a plan takes so much away that it looks like a mistake, such as an emptied policy directory. PURE.
import { quoteFirst } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { RegistriesConf } from '../registries/model.ts';
import { tablesBeyond } from './own-tables.ts';

/** So many sources may go at once, whatever part of all they are. */
const mostRemoved = 10;
/** So many are named; the changes of the plan say them all. */
const mostNamed = 10;

/** What a change would take away. */
export interface Removal {
  /** Scopes with a table of ours that are to have none, ascending as they stand in the file. */
  readonly gone: readonly string[];
  /** How many scopes have a table of ours now. */
  readonly count: number;
}

/**
 * Counts the sources that lose their table: those that say something else than the baseline now, and will not.
 * @returns null where it is at most 10, or at most half of them
 */
export function findRemoval(
  inForce: RegistriesConf,
  wanted: RegistriesConf,
  baseline: RegistriesConf,
): Removal | null {
  const own = tablesBeyond(inForce, baseline);
  const kept = tablesBeyond(wanted, baseline);
  const gone = [...own.keys()].filter((scope) => !kept.has(scope));
  return gone.length > mostRemoved && gone.length * 2 > own.size ? { gone, count: own.size } : null;
}

/** @param file registries.conf */
export function describeRemoval({ gone, count }: Removal, file: string): Finding {
  const named = quoteFirst(gone, mostNamed);
  const message = `${gone.length} of the ${count} sources that policies gave would go, which waits for an order: ${named}`;
  const help =
    'put back the policy files that are gone; or, if this is meant, run icspd apply --allow-removal';
  return finding('removalWaits', wholeFile(file), message, help);
}
