// What one line of the table says, and how a row is written.

/** How long, or how much, several runs took. */
export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly runs: number;
}

/** One line: ours against its peer, or against a floor, measured in the same run. */
export interface Line {
  /** What is measured, with its size. */
  readonly what: string;
  /** '' for what is counted. */
  readonly unit: 'ms' | 'MiB' | '';
  readonly ours: Spread;
  /** What ours is divided by; null where the bar is absolute, in the unit. */
  readonly peer: Spread | null;
  /** What the peer is, in few words. */
  readonly peerName: string;
  /** The most that ours may be: times the peer, or in the unit where there is none. */
  readonly bar: number;
  /** The samples are of different things, each of which has to stay within the bar. */
  readonly isWorst?: true;
}

/** `small` is for a machine that shall only show that the benchmark still works; no figure of it counts. */
export type Size = 'full' | 'small';

/** One file in rows/: measures, and gives its lines. Throws where it cannot measure. */
export interface Row {
  readonly name: string;
  readonly measure: (size: Size) => Promise<readonly Line[]>;
}

/** Ours as a multiple of the peer, or the median itself where there is none. */
export function ratioOf({ ours, peer, isWorst }: Line): number {
  if (isWorst === true) return ours.most;
  return peer === null ? ours.median : ours.median / peer.median;
}

/** Whether the line is within its bar. */
export function isWithinBar(line: Line): boolean {
  return ratioOf(line) <= line.bar;
}

/** @param samples at least one */
export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  const middle = (sorted.length - 1) / 2;
  const median = (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2;
  return { median, least: at(0), most: at(sorted.length - 1), runs: sorted.length };
}
