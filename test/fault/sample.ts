// How many points are tried: all of them, or as many, evenly spread, as there is time for.

/** POINTS=all. */
export const isEverything = process.env['POINTS'] === 'all';

/**
 * Every point, or an even choice among them that has the first and the last one.
 * @param usual how many without POINTS in the environment; POINTS=all or POINTS=NUMBER decides otherwise
 */
export function sample<T>(all: readonly T[], usual: number): readonly T[] {
  const asked = process.env['POINTS'] ?? String(usual);
  const count = isEverything ? all.length : Number(asked);
  if (!Number.isSafeInteger(count) || count < 1) throw new Error(`POINTS is all or a number, not ${asked}`);
  if (count >= all.length) return all;
  const step = (all.length - 1) / Math.max(1, count - 1);
  return Array.from({ length: count }, (_, index) => all[Math.round(index * step)]).filter(
    (each) => each !== undefined,
  );
}
