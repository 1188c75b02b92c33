// Between compose and render: what stands of policy files that cannot be read now stays, and all else is layered on it.
import { quote, shellWord } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { MirrorRule, PolicyContent, RegistrySources, ScopeEntry } from '../policy/rule.ts';
import { firstOfEachScope, loadedScope } from '../registries/location.ts';
import { type PullKind, type RegistriesConf, type Registry } from '../registries/model.ts';
import { admitCarried } from './carried-content.ts';
import { carryTable, unknownOrigins, type CarriedTable } from './carried-table.ts';
import { compose, type ComposeInput, type Composition } from './compose.ts';
import { settle } from './as-it-stood.ts';
import type { InForce, Unreadable } from './in-force.ts';
import { quoteSome } from './origins.ts';
import { sortFindings } from './report.ts';
import { extendLocation, remainderOf } from './scope.ts';
import { ScopeIndex } from './scope-index.ts';
import { standingTables, type Standing } from './standing.ts';

/**
 * Composes. Where something cannot be read that is behind the rendering in force, the tables with an origin in it stay as
 * they are, except that a mirror goes which only readable files named that do not any more, and that policies which can
 * be read are layered on them as on the administrator's tables: their mirrors come behind, their blocks count.
 * Composing twice gives the same: what was carried over is attributed to what cannot be read.
 * @param inForce null where everything can be read, or nothing stands
 */
export function composeOver(input: ComposeInput, inForce: InForce | null): Composition {
  const composed = compose(input);
  if (inForce === null) return composed;
  const standing = firstOfEachScope(inForce.conf.registries, loadedScope);
  const carried = carryTables(standing, input, composed, inForce);
  const search = carrySearch(input, composed, inForce);
  if (carried.size === 0 && search.length === 0) return composed;

  const administrators = standingTables(input.baseline, input.dropIns);
  const { tables, refused } = admitCarried(carried, administrators, input.contentHosts);
  const again = compose({
    ...input,
    baseline: layTables(input.baseline, tables),
    content: withSources(input.content, administrators, tables, { blame: search, conf: inForce.conf }),
  });
  const count = input.baseline.registries.length;
  const registries = settle(again.conf.registries, { count, composed, standing, carried: tables });
  return {
    conf: { ...again.conf, registries },
    searchOrigins: again.searchOrigins,
    findings: sortFindings([...again.findings, ...refused, ...describe(carried, search, inForce)]),
    protections: again.protections,
  };
}

type Tables = ReadonlyMap<string, Registry>;

function carryTables(
  standing: Tables,
  { baseline, content }: ComposeInput,
  { conf }: Composition,
  inForce: InForce,
): ReadonlyMap<string, CarriedTable> {
  const isNamed = indexNames(content.rules);
  const own = firstOfEachScope(baseline.registries, loadedScope);
  const composed = firstOfEachScope(conf.registries, loadedScope);
  return new Map(
    [...standing].flatMap(([scope, table]) => {
      const states = {
        standing: table,
        base: own.get(scope),
        composed: composed.get(scope),
        isNamed: (location: string, kind: PullKind): boolean => isNamed(scope, location, kind),
      };
      const carried = carryTable(states, inForce);
      return carried === null ? [] : [[scope, carried] as const];
    }),
  );
}

/** Whether an entry for the scope, or for one around it, gives the scope that mirror. */
function indexNames(
  rules: readonly MirrorRule[],
): (scope: string, location: string, kind: PullKind) => boolean {
  const index = new ScopeIndex(Map.groupBy(rules, ({ source }) => source));
  return (scope, location, kind) =>
    index
      .atAndAround(scope)
      .flat()
      .some(
        ({ source, mirrors, pulls }) =>
          pulls[kind] &&
          mirrors.some((mirror) => extendLocation(mirror.location, remainderOf(scope, source)) === location),
      );
}

/** What of the search list cannot be read; nothing where that is all the administrator's, or of files that can be read. */
function carrySearch(
  { baseline }: ComposeInput,
  composed: Composition,
  { conf, provenance, unreadable, blame }: InForce,
): readonly Unreadable[] {
  if (conf.searchRegistries === null) return [];
  if (provenance !== null) return provenance.search.flatMap((file) => blame(file) ?? []).slice(0, 1);
  const isSame = (other: readonly string[] | null): boolean =>
    JSON.stringify(other) === JSON.stringify(conf.searchRegistries);
  return isSame(baseline.searchRegistries) || isSame(composed.conf.searchRegistries) ? [] : unreadable;
}

/** The baseline with the carried tables in it: in the place of its own, or behind them. */
function layTables(baseline: RegistriesConf, carried: Tables): RegistriesConf {
  const left = new Map(carried);
  const own = baseline.registries.map((registry) => {
    const table = left.get(loadedScope(registry));
    left.delete(loadedScope(registry));
    return table ?? registry;
  });
  return { ...baseline, registries: [...own, ...left.values()] };
}

/** What reaches beyond its own table, insecure scopes and the search list, counts as if it could be read. */
function withSources(
  content: PolicyContent,
  administrators: Standing,
  carried: Tables,
  search: { readonly blame: readonly Unreadable[]; readonly conf: RegistriesConf },
): PolicyContent {
  const insecure = [...carried].filter(
    ([scope, { insecure: isInsecure, origins }]) =>
      isInsecure &&
      (administrators.matching(scope)[0]?.isInsecure !== true ||
        origins.some(({ kind }) => kind === 'Image')),
  );
  const searchOrigin = unknownOrigins(search.blame)[0];
  const list = searchOrigin === undefined ? [] : (search.conf.searchRegistries ?? []);
  const entries = insecure.flatMap(([scope, { origins }]) => entryOf(scope, origins[0]));
  const origin = searchOrigin ?? entries[0]?.origin;
  if (origin === undefined) return content;
  const carriedSources: RegistrySources = {
    insecure: entries,
    blocked: [],
    search: list.length === 0 ? null : list.flatMap((value) => entryOf(value, origin)),
    origin,
  };
  return { ...content, registrySources: [...content.registrySources, carriedSources] };
}

function entryOf(value: string, origin: ScopeEntry['origin'] | undefined): readonly ScopeEntry[] {
  return origin === undefined ? [] : [{ value, origin, column: 1 }];
}

/** One finding for each thing that cannot be read. */
function describe(
  carried: ReadonlyMap<string, CarriedTable>,
  search: readonly Unreadable[],
  { unreadable }: InForce,
): readonly Finding[] {
  const all = [...unreadable, ...[...carried.values()].flatMap(({ blame }) => blame), ...search];
  const first = new Map(all.map((one) => [one.path, one]));
  return [...first.values()].flatMap((one) => {
    const isOne = ({ path }: Unreadable): boolean => path === one.path;
    const scopes = [...carried].filter(([, { blame }]) => blame.some(isOne)).map(([scope]) => scope);
    const hasSearch = search.some(isOne);
    return scopes.length === 0 && !hasSearch ? [] : [describeOne(one, scopes, hasSearch)];
  });
}

function describeOne({ path, type }: Unreadable, scopes: readonly string[], hasSearch: boolean): Finding {
  const what = [
    ...(scopes.length === 0 ? [] : [quoteSome(scopes)]),
    ...(hasSearch ? ['the search registries'] : []),
  ].join(' and ');
  const message = `what stands on disk of ${quote(path)}, which cannot be read, stays: ${what}`;
  const help =
    type === 'directory'
      ? `mkdir -p ${shellWord(path)} and put the files back; left empty it means that they are removed`
      : `correct the file or update icspd; icspd apply --without ${shellWord(path)} takes it out of force`;
  return finding('carriedOver', wholeFile(path), message, help);
}
