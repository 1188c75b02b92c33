// What was layered on carried tables, put back as it stood wherever that says the same.
import { compareBytes } from '../byte-order.ts';
import { areSameConf } from '../registries/compare.ts';
import { firstOfEachScope, loadedScope } from '../registries/location.ts';
import { emptyConf, type Mirror, type Registry } from '../registries/model.ts';
import type { Composition } from './compose.ts';
import { mirrorKey } from './in-force.ts';
import { uniteOrigins } from './origins.ts';

/** What there was, with and without what is carried over. */
export interface Before {
  /** How many tables the administrator has; they come first. */
  readonly count: number;
  /** Without what is carried over. */
  readonly composed: Composition;
  readonly standing: ReadonlyMap<string, Registry>;
  readonly carried: ReadonlyMap<string, Registry>;
}

/** Tables of policies by scope, each spelt as it stands where it means the same, and open where it stood open. */
export function settle(registries: readonly Registry[], before: Before): readonly Registry[] {
  const { count, composed, standing, carried } = before;
  const without = firstOfEachScope(composed.conf.registries, loadedScope);
  const settled = registries.map((registry) => {
    const scope = loadedScope(registry);
    const stood = standing.get(scope);
    if (stood === undefined) return registry;
    if (carried.has(scope)) {
      const table = withoutLastSource(registry, stood);
      return isSame(table, stood) ? spellAs(stood, table) : table;
    }
    const open = without.get(scope);
    if (open === undefined || !isSame(plain(registry), plain(open))) return registry;
    // Nothing of what is carried over around it is in it, so neither are its flags.
    const { blocked, insecure } = registry;
    return {
      ...registry,
      blocked: blocked && (open.blocked || stood.blocked),
      insecure: insecure && (open.insecure || stood.insecure),
    };
  });
  const added = settled.slice(count).sort((a, b) => compareBytes(loadedScope(a), loadedScope(b)));
  return [...settled.slice(0, count), ...added];
}

/** Its mirrors alone: a table that inherits none of a blocked source is not blocked for it. */
function plain(registry: Registry): Registry {
  const mirrors = registry.mirrors.map((mirror) => ({ ...mirror, insecure: false }));
  return { ...registry, blocked: false, insecure: false, mirrors };
}

function isSame(a: Registry, b: Registry): boolean {
  return areSameConf({ ...emptyConf, registries: [a] }, { ...emptyConf, registries: [b] });
}

/** The source behind all of its mirrors is tried last anyway, and did not stand there. */
function withoutLastSource(registry: Registry, stood: Registry): Registry {
  const scope = loadedScope(registry);
  const isSource = ({ location }: Mirror): boolean => location === scope;
  if (stood.mirrors.some(isSource)) return registry;
  return { ...registry, mirrors: registry.mirrors.filter((mirror) => !isSource(mirror)) };
}

/** The text of one, and where it comes from of the other. */
function spellAs(text: Registry, { mirrors, origins }: Registry): Registry {
  const byKey = Map.groupBy(mirrors, mirrorKey);
  const byLocation = Map.groupBy(mirrors, ({ location }) => location);
  const same = (mirror: Mirror): readonly Mirror[] =>
    byKey.get(mirrorKey(mirror)) ?? byLocation.get(mirror.location) ?? [];
  return {
    ...text,
    origins,
    mirrors: text.mirrors.map((mirror) => ({
      ...mirror,
      origins: uniteOrigins(...same(mirror).map((other) => other.origins)),
    })),
  };
}
