// What changes between two [[registry]] tables of one scope.
import { escape } from '../escape.ts';
import { canonicalEntries } from './canonical-value.ts';
import type { Change } from './compare.ts';
import { isWildcard, trimLocation } from './location.ts';
import { pullKinds, servesPull, type PullKind, type Registry } from './model.ts';

/** What one location does in a table. A location may stand twice, once for each kind of pull. */
interface MirrorUse {
  digest: boolean;
  tag: boolean;
  insecure: boolean;
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
  const details = [
    ...compareFlags(scope, { ...table, ...neutral(scope, table) }, table),
    ...[...uses].map(([location, use]) => describeUse(location, use)),
    ...(shadowed === null ? [] : [`takes its pulls over from ${escape(shadowed)}`]),
  ];
  const onlyDigests = uses.size > 0 && [...uses.values()].every(({ tag, insecure }) => !tag && !insecure);
  const isPlain = !table.blocked && !table.insecure && locationOf(scope, table) === locationOf(scope, null);
  const isSafe = onlyDigests && isPlain && shadowed === null && canonicalText(table) === '[]';
  return change(
    isSafe ? 'safe' : 'risky',
    `added${details.length === 0 ? '' : ` with ${details.join(', ')}`}`,
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
    const use = uses.get(location) ?? { digest: false, tag: false, insecure: mirror.insecure };
    use.digest ||= servesPull(registry, mirror, 'digest');
    use.tag ||= servesPull(registry, mirror, 'tag');
    use.insecure ||= mirror.insecure;
    uses.set(location, use);
  }
  return uses;
}

function describeUse(location: string, { digest, tag, insecure }: MirrorUse): string {
  const kind = digest && tag ? '' : digest ? 'digest ' : 'tag ';
  return `${insecure ? 'insecure ' : ''}${kind}mirror ${escape(location)}`;
}

function compareMirrors(before: Registry, after: Registry): readonly { isSafe: boolean; what: string }[] {
  const none: MirrorUse = { digest: false, tag: false, insecure: false };
  const [old, now] = [usesOf(before), usesOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])].flatMap((location) => {
    const was = old.get(location) ?? none;
    const is = now.get(location) ?? none;
    const added = { digest: is.digest && !was.digest, tag: is.tag && !was.tag, insecure: is.insecure };
    const removed = { digest: was.digest && !is.digest, tag: was.tag && !is.tag, insecure: false };
    const isNew = was === none;
    const found = [];
    if (removed.digest || removed.tag)
      found.push({ isSafe: false, what: `${describeUse(location, removed)} removed` });
    if (added.digest || added.tag) {
      found.push({ isSafe: !added.tag && !is.insecure, what: `${describeUse(location, added)} added` });
    }
    if (!isNew && is !== none && was.insecure !== is.insecure) {
      const what = `mirror ${escape(location)} ${is.insecure ? 'insecure' : 'no longer insecure'}`;
      found.push({ isSafe: false, what });
    }
    return found;
  });
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
