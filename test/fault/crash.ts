// The layer of every crash point: SIGKILL at a call, a look, a run without faults, a look.
import { judgeInstant, judgeRecovery } from './judge.ts';
import { findPoints, strike, type Point } from './points.ts';
import type { Replacer, Scene } from './replacer.ts';
import type { Scratch } from './scratch.ts';

/** What a layer did: how many points there are, how many it tried, and what was wrong. */
export interface Findings {
  readonly points: number;
  readonly tried: number;
  readonly complaints: readonly string[];
}

/** @param choose which of the points to try */
export async function sweepCrashes(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  names: readonly string[],
  choose: (points: readonly Point[]) => readonly Point[] = (points) => points,
): Promise<Findings> {
  const points = await findPoints(replacer, scene, scratch, names);
  const chosen = choose(points);
  const complaints: string[] = [];
  for (const point of chosen) {
    const where = `killed at ${point.call.shape}`;
    const traced = await strike(replacer, scene, scratch, point, 'signal=SIGKILL');
    if (traced === null) {
      complaints.push(`${where}: never hit`);
      continue;
    }
    const words = [
      ...judgeInstant(replacer, scene, scratch.root),
      ...(await judgeRecovery(replacer, scene, scratch.root)),
    ];
    complaints.push(...words.map((each) => `${where}: ${each}`));
  }
  return { points: points.length, tried: chosen.length, complaints };
}
