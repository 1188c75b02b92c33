// drift = "layer": somebody else's registries.conf becomes the new baseline, unless it becomes a fight. PURE.
import type { Settings } from '../config.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { acceptableConf } from './acceptable-conf.ts';
import type { DiskState } from './disk-state.ts';
import type { NewBaseline } from './new-baseline.ts';
import type { Observation } from './observation.ts';
import type { GenerationRecord } from './record.ts';

/** `stop`: it would be layered, but for how often that happened. */
export type Layering =
  | { readonly kind: 'none' }
  | { readonly kind: 'layer'; readonly baseline: NewBaseline }
  | { readonly kind: 'stop'; readonly finding: Finding };

const windowMs = 3_600_000;
const mostInWindow = 3;

/**
 * What becomes of a file without our header. One that containers/image refuses is no baseline. The same file again is the
 * baseline already and never comes here, so that whoever writes one file for ever is no fight.
 */
export function chooseLayering(seen: Observation, disk: DiskState, { drift }: Settings): Layering {
  const { target, history, now } = seen;
  if (drift !== 'layer' || disk !== 'replaced' || target.state !== 'file') return { kind: 'none' };
  const { file, owner, modifiedAt, obstacle, findings } = target;
  // What others than root could have written is nobody's baseline.
  if (obstacle !== null || findings.length > 0) return { kind: 'none' };
  if (acceptableConf(file.bytes, file.path) === null) return { kind: 'none' };
  if (countLayered(history, now) < mostInWindow) {
    return { kind: 'layer', baseline: { bytes: file.bytes, by: 'layer' } };
  }
  const sentence = `somebody puts ever new files here: ${mostInWindow} became the baseline within an hour, and this one, of ${owner} (uid:gid) and from ${modifiedAt}, does not`;
  const remedy =
    'find out what writes the file and let it write the same again, or nothing; icspd adopt takes this one';
  return { kind: 'stop', finding: finding('layeringStopped', wholeFile(file.path), sentence, remedy) };
}

/**
 * Counted in the history, so that a restart begins no new hour. What was not written was not layered; what a clock that was
 * ahead has stamped is not of this hour, or nothing would be layered until that time comes.
 */
function countLayered(history: Iterable<GenerationRecord>, now: Date): number {
  const since = now.getTime() - windowMs;
  let count = 0;
  for (const { startedAt, baselineChange, outcome } of history) {
    const startedAtMs = Date.parse(startedAt);
    if (startedAtMs <= since) break;
    if (startedAtMs > now.getTime()) continue;
    if (baselineChange?.by === 'layer' && outcome !== 'refused') count += 1;
  }
  return count;
}
