// Which insecure scopes of the rendering in force are so by policies: those mark all mirrors that they enclose.
import type { Origin } from '../origin.ts';
import type { Registry } from '../registries/model.ts';
import { ScopeIndex } from './scope-index.ts';
import { standingAt, type Standing } from './standing.ts';

/**
 * An administrator's mark is for the table alone. Where he marks a scope and an Image is behind its table as well, that
 * marks it too, unless it may have blocked it only: in what is blocked nothing is contacted, marked or not.
 *
 * @param standing the tables in force, by scope
 * @param originsOf the entries that are known to be behind the table of a scope
 */
export function markedScopes(
  standing: ReadonlyMap<string, Registry>,
  administrators: Standing,
  originsOf: (scope: string) => readonly Origin[],
): ScopeIndex<Registry> {
  const isOfPolicies = (scope: string, { blocked }: Registry): boolean =>
    standingAt(administrators, scope)?.isInsecure !== true ||
    (!blocked && originsOf(scope).some(({ kind }) => kind === 'Image'));
  return new ScopeIndex(
    new Map([...standing].filter(([scope, table]) => table.insecure && isOfPolicies(scope, table))),
  );
}
