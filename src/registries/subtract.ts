// A configuration less what was added to it: what of a file that somebody changed is his own.
import { trimLocation, firstOfEachScope, isWildcard, loadedScope } from './location.ts';
import { compareTables } from './compare-tables.ts';
import { effectivePull, type Mirror, type RegistriesConf, type Registry } from './model.ts';

/** The three files: as found, as it was written, and what that was written upon. */
export interface Subtrahend {
  readonly found: RegistriesConf;
  readonly written: RegistriesConf;
  readonly base: RegistriesConf;
  /** Whether the found file was once the written one: then what is missing in it was taken out by somebody. */
  readonly isEdited: boolean;
}

export interface Subtraction {
  readonly conf: RegistriesConf;
  /** Scopes, and `unqualified-search-registries`, where what was added stands changed, or not any more. */
  readonly altered: readonly string[];
  /** Whether anything was taken out. */
  readonly hasTaken: boolean;
}

/**
 * Takes out of `found` what `written` has beyond `base`: whole tables, mirrors and flags of tables, the search list. What
 * was added and then changed by somebody is his: it stays, and is listed.
 */
export function subtractAdded({ found, written, base, isEdited }: Subtrahend): Subtraction {
  const [ofFound, ofWritten, ofBase] = [found, written, base].map(({ registries }) =>
    firstOfEachScope(registries, loadedScope),
  );
  const altered: string[] = [];
  let hasTaken = false;
  const registries = found.registries.flatMap((table) => {
    const scope = loadedScope(table);
    const added = ofWritten?.get(scope);
    const own = ofBase?.get(scope);
    const isOurs = added !== undefined && !isSame(own, added);
    if (!isOurs || ofFound?.get(scope) !== table) return [table];
    if (isSame(added, table)) {
      hasTaken = true;
      return own === undefined ? [] : [own];
    }
    const rest = takeOut(table, added, own ?? null);
    const isTouched = !isSame(rest, table);
    hasTaken ||= isTouched;
    if (isTouched || isEdited) altered.push(scope);
    return own === undefined && isTouched && isPlain(rest) ? [] : [rest];
  });
  const search = subtractSearch({ found, written, base });
  hasTaken ||= search.hasTaken;
  if (isEdited) altered.push(...missing(ofFound, ofWritten, ofBase));
  if (search.isAltered && isEdited) altered.push('unqualified-search-registries');
  return { conf: { ...found, registries, searchRegistries: search.list }, altered, hasTaken };
}

type Tables = ReadonlyMap<string, Registry> | undefined;

/** Added tables that are gone. */
function missing(found: Tables, written: Tables, base: Tables): readonly string[] {
  return [...(written ?? [])]
    .filter(([scope, table]) => found?.has(scope) === false && !isSame(base?.get(scope), table))
    .map(([scope]) => scope);
}

function isSame(a: Registry | undefined, b: Registry): boolean {
  return a !== undefined && compareTables(loadedScope(b), a, b, () => null).length === 0;
}

/** The table less the mirrors and flags that `added` has beyond `own`. */
function takeOut(table: Registry, added: Registry, own: Registry | null): Registry {
  const ours = new Set(added.mirrors.map((mirror) => keyOf(added, mirror)));
  for (const mirror of own?.mirrors ?? []) ours.delete(keyOf(own ?? added, mirror));
  const mirrors = table.mirrors.flatMap((mirror) => {
    if (!ours.has(keyOf(table, mirror))) return [mirror];
    // The administrator's mirror with a flag of ours.
    const before = own?.mirrors.find((other) => isSameUse(own, other, table, mirror));
    return before === undefined ? [] : [{ ...mirror, insecure: before.insecure }];
  });
  return {
    ...table,
    mirrors,
    blocked: table.blocked && !(added.blocked && own?.blocked !== true),
    insecure: table.insecure && !(added.insecure && own?.insecure !== true),
  };
}

function keyOf(registry: Registry, mirror: Mirror): string {
  const { location, insecure } = mirror;
  return JSON.stringify([trimLocation(location), insecure, effectivePull(registry, mirror)]);
}

function isSameUse(registryA: Registry, a: Mirror, registryB: Registry, b: Mirror): boolean {
  const isSameLocation = trimLocation(a.location) === trimLocation(b.location);
  return isSameLocation && effectivePull(registryA, a) === effectivePull(registryB, b);
}

/** A table that says nothing but its own name. */
function isPlain(table: Registry): boolean {
  const { mirrors, blocked, insecure, extra } = table;
  const location = trimLocation(table.location);
  const isItself = location === loadedScope(table) || (location === '' && isWildcard(loadedScope(table)));
  return isItself && mirrors.length === 0 && !blocked && !insecure && Object.keys(extra).length === 0;
}

function subtractSearch({ found, written, base }: Omit<Subtrahend, 'isEdited'>): {
  readonly list: RegistriesConf['searchRegistries'];
  readonly hasTaken: boolean;
  readonly isAltered: boolean;
} {
  const [list, ours, own] = [found, written, base].map(({ searchRegistries }) =>
    JSON.stringify(searchRegistries),
  );
  if (ours === own) return { list: found.searchRegistries, hasTaken: false, isAltered: false };
  if (list === ours) return { list: base.searchRegistries, hasTaken: true, isAltered: false };
  return { list: found.searchRegistries, hasTaken: false, isAltered: true };
}
