// Where a text came from: what goes into its record, and what is read from it. PURE.
import { provenanceOf, type Provenance } from '../compose/in-force.ts';
import { digestOnDisk, type Observation } from './observation.ts';
import type { Plan } from './plan.ts';
import type { GenerationRecord } from './record.ts';

export type Sources = Pick<GenerationRecord, 'policies' | 'baselineDigest' | 'origins' | 'provenance'>;

/** Of a text that was found on disk. */
export const unknownSources: Sources = { policies: [], baselineDigest: null, origins: {} };

/** The inputs at hand, and what is behind the wanted text; where an operator holds it, a record of it may know. */
export function describeSources(seen: Observation, { wanted }: Plan): Sources {
  const inputs = {
    policies: seen.policies.files.flatMap(({ path, digest }) => (digest === null ? [] : [{ path, digest }])),
    baselineDigest: baselineDigestOf(seen),
  };
  if (wanted.pin !== null) {
    const known = seen.newestOf(wanted.digest);
    return { ...inputs, origins: known?.origins ?? {}, provenance: known?.provenance };
  }
  const { tables, mirrors, search } = provenanceOf(wanted.conf, wanted.searchOrigins);
  return { ...inputs, origins: tables, provenance: { mirrors, search } };
}

/** On first contact the file on disk becomes the baseline. */
export function baselineDigestOf(seen: Observation): string | null {
  if (seen.baseline.state === 'captured') return seen.baseline.file.digest;
  return seen.baseline.state === 'none' ? digestOnDisk(seen) : null;
}

/** The sources of what is on disk: known where it is what is wanted, whoever wrote it. */
export function sourcesOnDisk(seen: Observation, plan: Plan): Sources {
  const onDisk = digestOnDisk(seen);
  return onDisk !== null && onDisk === plan.wanted.digest ? describeSources(seen, plan) : unknownSources;
}

/** Null where the record does not say where its text came from, as that of a text which was found on disk. */
export function provenanceIn({ origins, provenance }: GenerationRecord): Provenance | null {
  if (provenance === undefined && Object.keys(origins).length === 0) return null;
  return { tables: origins, mirrors: provenance?.mirrors ?? {}, search: provenance?.search ?? [] };
}
