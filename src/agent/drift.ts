// What somebody else made of registries.conf: the difference in meaning, and whether CRI-O would start on it. PURE.
import { quote } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import { compareConfs, type Change } from '../registries/compare.ts';
import type { RegistriesConf } from '../registries/model.ts';
import { judgeText } from './acceptable-conf.ts';
import type { DiskState } from './disk-state.ts';
import { confOnDisk, type Observation } from './observation.ts';
import type { Paths } from '../paths.ts';
import type { TargetState } from './ports.ts';

/**
 * What they changed; nothing where there is no drift, or where their file cannot be read.
 * @param inForce the configuration that stood there
 */
export function compareDrift(
  disk: DiskState,
  inForce: RegistriesConf,
  seen: Observation,
  paths: Paths,
): readonly Change[] {
  if ((disk !== 'edited' && disk !== 'replaced') || judgeForeign(seen.target).length > 0) return [];
  return compareConfs(inForce, confOnDisk(seen, paths));
}

/** Errors if containers/image refuses the file: then a CRI-O that runs goes on, and one that is started does not start. */
export function judgeForeign(target: TargetState): readonly Finding[] {
  if (target.state !== 'file') return [];
  const { path, bytes } = target.file;
  const errors = judgeText(bytes, path).findings.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return [];
  const sentence = 'CRI-O refuses to load this file, and does not start on it';
  const remedy = `correct it, or overwrite it with icspd apply --discard-drift; ${quote(path)} is kept in the history`;
  return [finding('foreignRefused', wholeFile(path), sentence, remedy), ...errors];
}
