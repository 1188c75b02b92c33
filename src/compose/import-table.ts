// What a policy could say in the place of a [[registry]] table that somebody wrote by hand.
import { quote } from '../escape.ts';
import { readPolicy } from '../policy/read-policy.ts';
import { isMirror, isScope, isSource } from '../policy/repository.ts';
import { writePolicy, type MirrorEntry, type PolicyText } from '../policy/write-policy.ts';
import { loadedScope, trimLocation } from '../registries/location.ts';
import { servesPull, type PullKind, type Registry } from '../registries/model.ts';
import { isRemapped } from './table.ts';

/** What policies ask for in the words of a file: all but its name. */
export type Wish = Omit<PolicyText, 'name'>;

/** The wish, or why no policy can say what the table says. */
export type Wishing =
  { readonly ok: true; readonly wish: Wish } | { readonly ok: false; readonly reason: string };

/** Nothing. */
export const noWish: Wish = { digest: [], tag: [], insecure: [], blocked: [], search: [] };

/**
 * Judges one table by itself: what only shows among the others, such as inheritance, is for importConf to find.
 * @param isInsecure whether a location lies in a registry that another table of the file calls insecure
 */
export function wishOf(table: Registry, isInsecure: (location: string) => boolean): Wishing {
  const obstacle = findObstacle(table, isInsecure);
  if (obstacle !== null) return { ok: false, reason: obstacle };
  const scope = loadedScope(table);
  const [digest, tag] = [entriesOf(table, 'digest'), entriesOf(table, 'tag')];
  const hasMirrors = digest.length + tag.length > 0;
  const wish: Wish = {
    ...noWish,
    digest,
    tag,
    insecure: table.insecure ? [scope] : [],
    blocked: table.blocked && !hasMirrors ? [scope] : [],
  };
  const [refusal] = readPolicy(scope, new TextEncoder().encode(writePolicy({ ...wish, name: 'one' })))
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);
  return refusal === undefined ? { ok: true, wish } : { ok: false, reason: refusal };
}

/** All that several wishes ask for. */
export function uniteWishes(wishes: readonly Wish[]): Wish {
  return {
    digest: wishes.flatMap(({ digest }) => digest),
    tag: wishes.flatMap(({ tag }) => tag),
    insecure: wishes.flatMap(({ insecure }) => insecure),
    blocked: wishes.flatMap(({ blocked }) => blocked),
    search: wishes.flatMap(({ search }) => search),
  };
}

function findObstacle(table: Registry, isInsecure: (location: string) => boolean): string | null {
  const scope = loadedScope(table);
  const { mirrors } = table;
  if (isRemapped(table)) return `its pulls go to ${quote(table.location)}, another name`;
  const extra = [table.extra, ...mirrors.map((mirror) => mirror.extra)].flatMap((keys) => Object.keys(keys));
  const [key] = extra;
  if (key !== undefined) return `no policy has the key ${quote(key)}`;
  if (!isSource(scope) || !isScope(scope)) return `no policy may have the source ${quote(scope)}`;
  const odd = mirrors.find(({ location }) => !isMirror(trimLocation(location)));
  if (odd !== undefined) return `no policy may have the mirror ${quote(odd.location)}`;
  const insecure = mirrors.find((mirror) => mirror.insecure && !isInsecure(trimLocation(mirror.location)));
  if (insecure !== undefined) {
    return `its mirror ${quote(insecure.location)} is insecure, which a policy can say of a registry only, for all its pulls`;
  }
  if (mirrors.length === 0 && !table.insecure && !table.blocked) {
    return 'it only takes its pulls out of a broader table, which no policy can say';
  }
  return null;
}

function entriesOf(table: Registry, kind: PullKind): readonly MirrorEntry[] {
  const mirrors = table.mirrors
    .filter((mirror) => servesPull(table, mirror, kind))
    .map(({ location }) => trimLocation(location));
  return mirrors.length === 0 ? [] : [{ source: loadedScope(table), mirrors, isNever: table.blocked }];
}
