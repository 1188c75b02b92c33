// The registries that short names are searched in.
import type { RegistrySources, ScopeEntry } from '../policy/rule.ts';
import { finding } from '../finding.ts';
import type { Origin } from '../origin.ts';
import type { ContentHosts } from './content-hosts.ts';
import { describeOrigin } from './origins.ts';
import { comparePlaces, placeOfScope, type Report } from './report.ts';

/**
 * Picks the search list that the Image documents ask for. Equal lists count once; different ones cancel each other out.
 * An empty list asks for nothing, as in OpenShift.
 * @returns null where the baseline's list stays
 */
export function pickSearchRegistries(
  sources: readonly RegistrySources[],
  hosts: ContentHosts,
  report: Report,
): { readonly values: readonly string[]; readonly origins: readonly Origin[] } | null {
  const lists = askedLists(sources);
  const [chosen, ...others] = lists;
  if (chosen === undefined) return null;
  const different = others.filter(({ key }) => key !== chosen.key);
  for (const { first } of different) {
    report(
      finding(
        'conflictingSearch',
        placeOfScope(first),
        `${describeOrigin(chosen.first.origin)} and ${describeOrigin(first.origin)} ask for different containerRuntimeSearchRegistries; neither list is used`,
        'give one list, or the same list in each Image',
      ),
    );
  }
  if (different.length > 0) return null;
  const admitted = chosen.entries.filter((entry) =>
    hosts.admit(entry.value, 'searchRefused', 'the search registry', () => placeOfScope(entry)),
  );
  if (admitted.length === 0) return null;
  return { values: admitted.map(({ value }) => value), origins: lists.map(({ first }) => first.origin) };
}

interface AskedList {
  readonly key: string;
  readonly first: ScopeEntry;
  readonly entries: readonly ScopeEntry[];
}

/** The lists that are not empty, by place. */
function askedLists(sources: readonly RegistrySources[]): readonly AskedList[] {
  const lists = sources.flatMap(({ search }) => {
    const first = search?.[0];
    if (search === null || first === undefined) return [];
    return [{ key: JSON.stringify(search.map(({ value }) => value)), first, entries: search }];
  });
  return lists.sort((a, b) => comparePlaces(placeOfScope(a.first), placeOfScope(b.first)));
}
