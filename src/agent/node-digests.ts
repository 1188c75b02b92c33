// The five digests by which the nodes of a fleet are compared: equal ones mean equal inputs and equal pulls. PURE.
import type { Observation } from './observation.ts';
import type { Plan } from './plan.ts';
import type { MergedConf } from '../registries/merge.ts';

/** sha256 in hex; null where there is nothing to digest. */
export interface NodeDigests {
  /** Of the policy files in force, each with its path. */
  readonly policies: string;
  readonly baseline: string | null;
  /** Of the files in registries.conf.d, each with its path. */
  readonly dropIns: string;
  /** Of the registries.conf that policies and baseline make. */
  readonly rendering: string | null;
  /** Of what pulls rest on: registries.conf with the drop-ins over it, without where it comes from. */
  readonly merged: string;
}

/**
 * Digests what was seen and planned.
 * @param inForce the merged configuration that is on disk now
 */
export function digestNode(
  { policies, baseline, dropIns }: Pick<Observation, 'policies' | 'baseline' | 'dropIns'>,
  { rendering }: Pick<Plan, 'rendering'>,
  inForce: MergedConf,
  digest: (text: string) => string,
): NodeDigests {
  const files = policies.files.flatMap((file) => (file.digest === null ? [] : [[file.path, file.digest]]));
  return {
    policies: digest(JSON.stringify(files)),
    baseline: baseline.state === 'captured' ? baseline.file.digest : null,
    dropIns: digest(JSON.stringify(dropIns.files.map((file) => [file.path, file.digest]))),
    rendering: rendering.digest,
    merged: digest(JSON.stringify(meaningOf(inForce))),
  };
}

/** Without what CRI-O does not know, and without the files and entries that it comes from. */
function meaningOf({ registries, searchRegistries, shortNameMode, aliases }: MergedConf): unknown {
  return [
    registries.map(({ scope, registry }) => [
      scope,
      registry.location,
      registry.insecure,
      registry.blocked,
      registry.mirrorByDigestOnly,
      registry.mirrors.map(({ location, insecure, pullFromMirror }) => [location, insecure, pullFromMirror]),
    ]),
    searchRegistries?.values ?? null,
    shortNameMode?.values ?? null,
    [...aliases].map(([name, { value }]) => [name, value]),
  ];
}
