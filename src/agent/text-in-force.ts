// The text that a change is measured against: what stands on disk or, where that is gone or somebody else's, what icspd put there last. PURE.
import { attribute, originsFor } from '../compose/in-force.ts';
import type { Origin } from '../origin.ts';
import type { Paths } from '../paths.ts';
import { emptyConf, type RegistriesConf } from '../registries/model.ts';
import { acceptableConf } from './acceptable-conf.ts';
import type { DiskState } from './disk-state.ts';
import { baselineBytes, type Observation } from './observation.ts';
import { moveTables } from './own-tables.ts';
import type { GenerationRecord } from './record.ts';
import { provenanceIn } from './sources.ts';

/** `bytes` null: no file. Not `isText`: no file ever said just this. */
export interface TextInForce {
  readonly isText: boolean;
  readonly bytes: Uint8Array | null;
  readonly conf: RegistriesConf;
  /** The generation that the text is; null where it is none. */
  readonly record: GenerationRecord | null;
}

/** A text in force, with what is known of where it comes from. */
export interface AttributedText extends TextInForce {
  /** The entries behind the search registries. */
  readonly searchOrigins: readonly Origin[];
}

/**
 * Before the first write that is the administrator's own file. A file that is gone, edited or replaced is not what anybody
 * decided on: whoever puts ours back, changes nothing by that.
 */
export function findTextInForce(
  seen: Observation,
  disk: DiskState,
  confOnDisk: RegistriesConf,
  paths: Paths,
): TextInForce {
  const bytes = seen.target.state === 'file' ? seen.target.file.bytes : null;
  const onDisk: TextInForce = { isText: true, bytes, conf: confOnDisk, record: null };
  switch (disk) {
    case 'ours':
    case 'same-meaning':
      return { ...onDisk, record: seen.current };
    case 'missing':
    case 'edited':
    case 'replaced':
      return findLast(seen, paths) ?? onDisk;
    case 'rewound':
    case 'baseline':
    case 'first-contact':
    case 'no-baseline':
    case 'unusable':
      return onDisk;
  }
}

/** The text of the generation in force, else the baseline; null if CRI-O would take neither. */
function findLast(seen: Observation, paths: Paths): TextInForce | null {
  const { current, currentBytes } = seen;
  const isKnown = current !== null && (current.digest === null || currentBytes !== null);
  const conf = isKnown ? acceptableConf(currentBytes, paths.registriesConf) : null;
  if (conf !== null) return { isText: true, bytes: currentBytes, conf, record: current };
  const bytes = baselineBytes(seen);
  const own = acceptableConf(bytes, paths.baseline);
  return own === null ? null : { isText: true, bytes, conf: own, record: null };
}

/**
 * The same on a new baseline, which is what stands on disk: whoever wrote that decided on it, and of policies the same is in
 * force as before.
 * @param seen the observation as it is, and as it will be on the new baseline
 */
export function moveTextInForce(
  text: TextInForce,
  [seen, onNew]: readonly [Observation, Observation],
  confOnDisk: RegistriesConf,
  paths: Paths,
): TextInForce {
  const confOfBaseline = (one: Observation): RegistriesConf =>
    acceptableConf(baselineBytes(one), paths.baseline) ?? emptyConf;
  const conf = moveTables(text.conf, confOfBaseline(seen), confOfBaseline(onNew));
  if (conf !== null) return { ...text, isText: false, conf };
  const bytes = seen.target.state === 'file' ? seen.target.file.bytes : null;
  return { isText: true, bytes, conf: confOnDisk, record: null };
}

/** A file does not say which policies it comes from; the record does, which is read for that only here. */
export function attributeText(text: TextInForce): AttributedText {
  const provenance = text.record === null ? null : provenanceIn(text.record);
  if (provenance === null) return { ...text, searchOrigins: [] };
  const searchOrigins = originsFor(provenance.search, []);
  return { ...text, conf: attribute(text.conf, provenance), searchOrigins };
}
