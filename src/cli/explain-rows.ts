// The pulls of one name by digest and by tag, laid side by side: one row for each place that either tries.
import { uniteOrigins } from '../compose/origins.ts';
import type { PullKind } from '../registries/model.ts';
import type { PullEndpoint, Resolution } from '../registries/resolve.ts';

/** One way to pull the name. */
export interface Way {
  readonly kind: PullKind;
  readonly resolution: Resolution;
}

/** A place, and the position at which each way tries it; null: not at all. */
export interface Row {
  readonly endpoint: PullEndpoint;
  readonly positions: readonly (number | null)[];
}

/**
 * Merges the ways into rows. The order of each way is kept; a place that the second way tries before what the first had
 * earlier gets a row of its own.
 */
export function layRows(ways: readonly Way[]): readonly Row[] {
  let rows: readonly Row[] = [];
  for (const [index, { resolution }] of ways.entries()) rows = layWay(rows, index, resolution, ways.length);
  return rows;
}

function layWay(
  rows: readonly Row[],
  index: number,
  { endpoints }: Resolution,
  width: number,
): readonly Row[] {
  const laid: Row[] = [];
  let next = 0;
  for (const [i, endpoint] of endpoints.entries()) {
    const found = rows.findIndex((row, at) => at >= next && isSamePlace(row.endpoint, endpoint));
    const own = Array.from({ length: width }, (_, way) => (way === index ? i + 1 : null));
    if (found === -1) {
      laid.push({ endpoint, positions: own });
      continue;
    }
    const known = rows[found];
    laid.push(...rows.slice(next, found));
    laid.push({
      endpoint: { ...endpoint, origins: uniteOrigins(known?.endpoint.origins ?? [], endpoint.origins) },
      positions: own.map((position, way) => position ?? known?.positions[way] ?? null),
    });
    next = found + 1;
  }
  return [...laid, ...rows.slice(next)];
}

function isSamePlace(a: PullEndpoint, b: PullEndpoint): boolean {
  return a.location === b.location && a.via === b.via && a.insecure === b.insecure && a.blocked === b.blocked;
}
