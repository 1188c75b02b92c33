// What changes between two [[registry]] tables of one scope.
import { escape } from '../escape.ts';
import { canonicalEntries } from './canonical-value.ts';
import type { Change } from './compare.ts';
import { isWildcard, trimLocation } from './location.ts';
import { pullKinds, servesPull, type PullKind, type Registry } from './model.ts';

/** How one location serves each kind of pull in a table; it may stand there twice. Null: not at all. */
type MirrorUse = Record<PullKind, 'secure' | 'insecure' | null>;

/** Kinds of pull of one location that have something in common. */
interface Part {
  readonly kinds: readonly PullKind[];
  readonly isInsecure: boolean;
}

/**
 * Lists the changes of one scope; null stands for no table.
 * @param findShadowed the existing scope that a new table of this scope takes pulls away from; asked for new tables
 * only
 */
export function compareTables(
  scope: string,
  before: Registry | null,
  after: Registry | null,
  findShadowed: () => string | null,
): readonly Change[] {
  const name = escape(scope);
  const change = (changeClass: Change['class'], what: string): Change => ({
    class: changeClass,
    scope,
    sentence: `${name}: ${what}`,
  });
  if (after === null) return before === null ? [] : [change('risky', 'removed')];
  if (before === null) return [describeNew(scope, after, findShadowed(), change)];
  return [
    ...compareFlags(scope, before, after).map((what) => change('risky', what)),
    ...compareMirrors(before, after).map(({ isSafe, what }) => change(isSafe ? 'safe' : 'risky', what)),
    ...compareOrders(before, after).map((what) => change('risky', what)),
    ...(canonicalText(before) === canonicalText(after)
      ? []
      : [change('risky', 'keys unknown to CRI-O changed')]),
  ];
}

/** A new table is one change: safe if all it can do is offer digest mirrors to pulls that had no table. */
function describeNew(
  scope: string,
  table: Registry,
  shadowed: string | null,
  change: (changeClass: Change['class'], what: string) => Change,
): Change {
  const uses = usesOf(table);
  const flags = compareFlags(scope, { ...table, ...neutral(scope, table) }, table);
  const isAdjective = (what: string): boolean => what === 'blocked' || what === 'insecure';
  const kinds = flags.filter(isAdjective);
  const details = [
    ...flags.filter((what) => !isAdjective(what)),
    ...[...uses].flatMap(([location, use]) => partsOf(use).map((part) => describePart(location, part))),
    ...(shadowed === null ? [] : [`takes its pulls over from ${escape(shadowed)}`]),
  ];
  const onlyDigests =
    uses.size > 0 && [...uses.values()].every(({ digest, tag }) => tag === null && digest === 'secure');
  const isPlain = !table.blocked && !table.insecure && locationOf(scope, table) === locationOf(scope, null);
  const isSafe = onlyDigests && isPlain && shadowed === null && canonicalText(table) === '[]';
  return change(
    isSafe ? 'safe' : 'risky',
    `added${kinds.length === 0 ? '' : ` as ${kinds.join(' and ')}`}${details.length === 0 ? '' : ` with ${details.join(', ')}`}`,
  );
}

function neutral(scope: string, table: Registry): Partial<Registry> {
  return { blocked: false, insecure: false, location: locationOf(scope, null), mirrors: table.mirrors };
}

/** Where the pull ends if no mirror serves it; a wildcard without location leaves the name as it is. */
function locationOf(scope: string, table: Registry | null): string {
  const location = table === null ? '' : trimLocation(table.location);
  return location === '' && !isWildcard(scope) ? scope : location;
}

function compareFlags(scope: string, before: Registry, after: Registry): readonly string[] {
  const found: string[] = [];
  if (before.blocked !== after.blocked) found.push(after.blocked ? 'blocked' : 'no longer blocked');
  if (before.insecure !== after.insecure) found.push(after.insecure ? 'insecure' : 'no longer insecure');
  const [old, now] = [locationOf(scope, before), locationOf(scope, after)];
  if (old !== now) found.push(now === '' ? 'location removed' : `location ${escape(now)}`);
  return found;
}

function usesOf(registry: Registry): ReadonlyMap<string, MirrorUse> {
  const uses = new Map<string, MirrorUse>();
  for (const mirror of registry.mirrors) {
    const location = trimLocation(mirror.location);
    const use = uses.get(location) ?? { digest: null, tag: null };
    for (const kind of pullKinds) {
      if (!servesPull(registry, mirror, kind)) continue;
      use[kind] = mirror.insecure || use[kind] === 'insecure' ? 'insecure' : 'secure';
    }
    uses.set(location, use);
  }
  return uses;
}

/** The kinds that are served, those alike together. */
function partsOf(use: MirrorUse): readonly Part[] {
  return [false, true].flatMap((isInsecure) => {
    const kinds = pullKinds.filter((kind) => use[kind] === (isInsecure ? 'insecure' : 'secure'));
    return kinds.length === 0 ? [] : [{ kinds, isInsecure }];
  });
}

function describePart(location: string, { kinds, isInsecure }: Part): string {
  const kind = kinds.length === pullKinds.length ? '' : `${kinds.join()} `;
  return `${isInsecure ? 'insecure ' : ''}${kind}mirror ${escape(location)}`;
}

function compareMirrors(before: Registry, after: Registry): readonly { isSafe: boolean; what: string }[] {
  const [old, now] = [usesOf(before), usesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((location) => {
    const was = old.get(location) ?? { digest: null, tag: null };
    const is = now.get(location) ?? { digest: null, tag: null };
    const removed = pullKinds.filter((kind) => was[kind] !== null && is[kind] === null);
    const added = pickKinds(is, (kind) => was[kind] === null);
    const turned = pickKinds(is, (kind) => was[kind] !== null && was[kind] !== is[kind]);
    return [
      ...(removed.length === 0
        ? []
        : [
            {
              isSafe: false,
              what: `${describePart(location, { kinds: removed, isInsecure: false })} removed`,
            },
          ]),
      ...partsOf(added).map((part) => ({
        isSafe: !part.isInsecure && !part.kinds.includes('tag'),
        what: `${describePart(location, part)} added`,
      })),
      ...partsOf(turned).map(({ kinds, isInsecure }) => {
        // The kind goes without saying where the location serves no other.
        const said = pullKinds.every((kind) => is[kind] === null || kinds.includes(kind)) ? pullKinds : kinds;
        const what = `${describePart(location, { kinds: said, isInsecure: false })} ${isInsecure ? 'insecure' : 'no longer insecure'}`;
        return { isSafe: false, what };
      }),
    ];
  });
}

function pickKinds(use: MirrorUse, isPicked: (kind: PullKind) => boolean): MirrorUse {
  return { digest: isPicked('digest') ? use.digest : null, tag: isPicked('tag') ? use.tag : null };
}

/** Reorders among the mirrors that serve a kind of pull both before and after. */
function compareOrders(before: Registry, after: Registry): readonly string[] {
  return pullKinds.flatMap((kind) => {
    const [old, now] = [orderOf(before, kind), orderOf(after, kind)];
    const was = [...old].filter((location) => now.has(location));
    const is = [...now].filter((location) => old.has(location));
    if (JSON.stringify(was) === JSON.stringify(is)) return [];
    return [
      `order of ${kind} mirrors changed from ${was.map(escape).join(', ')} to ${is.map(escape).join(', ')}`,
    ];
  });
}

function orderOf(registry: Registry, kind: PullKind): ReadonlySet<string> {
  const mirrors = registry.mirrors.filter((mirror) => servesPull(registry, mirror, kind));
  return new Set(mirrors.map(({ location }) => trimLocation(location)));
}

function canonicalText(registry: Registry): string {
  const extras = [registry.extra, ...registry.mirrors.map(({ extra }) => extra)];
  return JSON.stringify(extras.map(canonicalEntries).filter((entries) => entries.length > 0));
}
