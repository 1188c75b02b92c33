// The part of a change that is safe: what may be put in force unasked. compare.ts says what that is, and judges the result.
import { hasErrors } from '../finding.ts';
import { compareConfs, type Change } from './compare.ts';
import { firstOfEachScope, loadedScope, trimLocation } from './location.ts';
import { servesPull, type Mirror, type RegistriesConf, type Registry } from './model.ts';
import { validateRegistriesConf } from './validate.ts';

/**
 * Takes the safe changes from `before` to `after`, scope by scope, and leaves out the risky ones. From `before` to the
 * result there are safe changes only, and from there to `after` a second call takes nothing more.
 * @returns `after` itself where nothing is risky, `before` itself where nothing safe can be taken alone; both are valid,
 * and so is what lies between them
 */
export function takeSafePart(before: RegistriesConf, after: RegistriesConf): RegistriesConf {
  const changes = compareConfs(before, after);
  if (changes.every(isSafe)) return after;
  if (!changes.some(isSafe)) return before;
  const part = assemble(before, after, changes);
  const taken = compareConfs(before, part);
  // A change that can only be made together with a risky one waits with it.
  const isGood = taken.length > 0 && taken.every(isSafe) && !hasErrors(validateRegistriesConf(part, ''));
  return isGood ? part : before;
}

function isSafe(change: Change): boolean {
  return change.class === 'safe';
}

/** The file in the order of `after`, then what only a risky change would remove. Tables without effect are left out. */
function assemble(before: RegistriesConf, after: RegistriesConf, changes: readonly Change[]): RegistriesConf {
  const risky = new Set(changes.filter((change) => !isSafe(change)).map(({ scope }) => scope));
  const old = firstOfEachScope(before.registries, loadedScope);
  const now = firstOfEachScope(after.registries, loadedScope);
  const kept = [...now].flatMap(([scope, table]) => {
    if (!risky.has(scope)) return [table];
    const was = old.get(scope);
    return was === undefined ? [] : [addDigestMirrors(was, table)];
  });
  const left = [...old].flatMap(([scope, table]) => (now.has(scope) ? [] : [table]));
  // Of the settings only the search registries ever change safely.
  const appends = changes.some((change) => change.scope === null && isSafe(change));
  const searchRegistries = appends ? after.searchRegistries : before.searchRegistries;
  return { ...before, searchRegistries, registries: [...kept, ...left] };
}

/** A table that changes in other ways too gets the new digest mirrors alone, each where it stands among those that stay. */
function addDigestMirrors(before: Registry, after: Registry): Registry {
  const mirrors = [...before.mirrors];
  let place = 0;
  for (const mirror of after.mirrors) {
    if (!servesPull(after, mirror, 'digest')) continue;
    const known = mirrors.findIndex((own) => isSame(own, mirror) && servesPull(before, own, 'digest'));
    const added = known === -1 ? asDigestMirror(mirror, before, after) : null;
    if (added !== null) mirrors.splice(place, 0, added);
    if (known !== -1) place = known + 1;
    else if (added !== null) place += 1;
  }
  if (mirrors.length === before.mirrors.length) return before;
  const origins = [...before.origins, ...after.origins.filter((origin) => !before.origins.includes(origin))];
  return { ...before, mirrors, origins };
}

/** The mirror as it serves digests in the old table; null where that is not safe, or not to be said by itself. */
function asDigestMirror(mirror: Mirror, before: Registry, after: Registry): Mirror | null {
  const servesTags = (table: Registry): boolean =>
    table.mirrors.some((own) => isSame(own, mirror) && servesPull(table, own, 'tag'));
  const isInsecure = [...before.mirrors, ...after.mirrors].some((own) => isSame(own, mirror) && own.insecure);
  const isSafeAlone =
    !isInsecure && Object.keys(mirror.extra).length === 0 && (servesTags(before) || !servesTags(after));
  if (!isSafeAlone) return null;
  if (before.mirrorByDigestOnly) return { ...mirror, pullFromMirror: '' };
  // Where the new table does not say pull-from-mirror, this CRI-O may be one that ignores it (dialect.ts).
  return mirror.pullFromMirror === 'digest-only' ? mirror : null;
}

function isSame(a: Mirror, b: Mirror): boolean {
  return trimLocation(a.location) === trimLocation(b.location);
}
