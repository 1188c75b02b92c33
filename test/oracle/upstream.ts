// The question that runtime-utils is asked, with the deliberate differences that can be put into its own terms.
import type { EntryCase, ObjectCase, PolicyCase } from './policy-cases.ts';
import type { OracleTable } from './oracle.ts';

interface UpstreamEntry {
  readonly source: string;
  readonly mirrors: readonly string[];
  readonly never: boolean;
}

export interface CompositionQuestion {
  readonly baseline: readonly OracleTable[];
  readonly insecure: readonly string[];
  readonly blocked: readonly string[];
  readonly icsps: readonly (readonly UpstreamEntry[])[];
  readonly idmss: readonly (readonly UpstreamEntry[])[];
  readonly itmss: readonly (readonly UpstreamEntry[])[];
  readonly nested: readonly (readonly [inner: string, outer: string])[];
}

/** Point 2: repeats inside one list keep the first; upstream makes a cycle of them. */
export function withoutRepeats(mirrors: readonly string[]): readonly string[] {
  return [...new Set(mirrors)];
}

/** Point 8, last sentence: NeverContactSource takes the source out of a list that has other mirrors; upstream keeps it, blocked. */
export function withoutContradiction({ source, mirrors, policy }: EntryCase): readonly string[] {
  const others = mirrors.filter((mirror) => mirror !== source);
  return policy === 'never' && others.length > 0 ? others : mirrors;
}

/** Point 13: mirror-by-digest-only is written on each mirror; upstream mixes the two, which CRI-O refuses. */
export function withPullOnMirrors(table: OracleTable): OracleTable {
  if (!table.mirrorByDigestOnly) return table;
  const mirrors = table.mirrors.map((mirror) => ({ ...mirror, pullFromMirror: 'digest-only' }));
  return { ...table, mirrorByDigestOnly: false, mirrors };
}

/** The entries as both sides mean them, after points 2 and 8. */
export function soundEntries(
  objects: readonly ObjectCase[],
): readonly (EntryCase & Pick<ObjectCase, 'kind'>)[] {
  return objects.flatMap(({ kind, entries }) => entries.map((entry) => ({ ...soundEntry(entry), kind })));
}

function soundEntry(entry: EntryCase): EntryCase {
  return { ...entry, mirrors: withoutRepeats(withoutContradiction(entry)) };
}

/** ImageContentSourcePolicies with allowMirrorByTags, which upstream does not know, are an ImageTagMirrorSet as well. */
export function upstreamQuestion(
  { objects, insecure, blocked, baseline }: PolicyCase,
  nested: CompositionQuestion['nested'],
): CompositionQuestion {
  const ask = (...kinds: readonly ObjectCase['kind'][]): readonly (readonly UpstreamEntry[])[] =>
    objects
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ entries }) =>
        entries
          .map(soundEntry)
          .map(({ source, mirrors, policy }) => ({ source, mirrors, never: policy === 'never' })),
      );
  return {
    baseline: baseline.map(toOracleTable).map(withPullOnMirrors),
    insecure,
    blocked,
    icsps: ask('ICSP', 'ICSP+tags'),
    idmss: ask('IDMS'),
    itmss: ask('ITMS', 'ICSP+tags'),
    nested,
  };
}

/** A table without what only the model of icspd has. */
export function toOracleTable(table: OracleTable): OracleTable {
  const { prefix, location, insecure, blocked, mirrorByDigestOnly } = table;
  const mirrors = table.mirrors.map((mirror) => ({
    location: mirror.location,
    insecure: mirror.insecure,
    pullFromMirror: mirror.pullFromMirror,
  }));
  return { prefix, location, insecure, blocked, mirrorByDigestOnly, mirrors };
}
