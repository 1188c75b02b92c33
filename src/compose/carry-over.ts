// Between compose and render: what stands of policy files that cannot be read now stays, and all else is layered on it.
import { quote, shellWord } from '../escape.ts';
import { finding, type Finding } from '../finding.ts';
import { wholeFile } from '../origin.ts';
import type { MirrorRule, PolicyContent, RegistrySources, ScopeEntry } from '../policy/rule.ts';
import { firstOfEachScope, loadedScope } from '../registries/location.ts';
import type { PullKind, RegistriesConf, Registry } from '../registries/model.ts';
import { admitCarried } from './carried-content.ts';
import type { CarriedTable } from './carried-table.ts';
import { compose, type ComposeInput, type Composition } from './compose.ts';
import type { InForce, Unreadable } from './in-force.ts';
import { markedScopes } from './marked-scopes.ts';
import { quoteSome } from './origins.ts';
import { carryRecorded } from './recorded-table.ts';
import { sortFindings } from './report.ts';
import { extendLocation, remainderOf } from './scope.ts';
import { ScopeIndex } from './scope-index.ts';
import { standingTables, type Standing } from './standing.ts';
import { carryUnrecorded, unknownOrigins } from './unrecorded-table.ts';

/**
 * Composes. Where something cannot be read that is behind the rendering in force, the tables with an origin in it stay as
 * they are, except that a mirror goes which only readable files named that do not any more, and that what policies which
 * can be read ask for comes on top: their mirrors behind, their blocks as well.
 * Composing twice gives the same: what was carried over is attributed to what cannot be read.
 * @param inForce null where everything can be read, or nothing stands
 */
export function composeOver(input: ComposeInput, inForce: InForce | null): Composition {
  const composed = compose(input);
  if (inForce === null) return composed;
  const standing = firstOfEachScope(inForce.conf.registries, loadedScope);
  const administrators = standingTables(input.baseline, input.dropIns);
  const marked = markedScopes(standing, administrators, (scope) => inForce.provenance?.tables[scope] ?? []);
  const search = carrySearch(input, composed, inForce);
  const carry = (before: Composition): ReadonlyMap<string, CarriedTable> =>
    carryTables(standing, input, before, marked, inForce);
  const refused: Finding[] = [];
  const layOver = (carried: ReadonlyMap<string, CarriedTable>): Composition => {
    const admitted = admitCarried(carried, administrators, input.contentHosts);
    const { tables } = admitted;
    refused.push(...admitted.refused);
    const content = withSources(input.content, administrators, tables, { blame: search, conf: inForce.conf });
    return compose({ ...input, content }, { tables, standing });
  };

  let carried = carry(composed);
  if (carried.size === 0 && search.length === 0) return composed;
  let again = layOver(carried);
  // What explains a table may be another one beside what is carried over: mirrors in another order to inherit, say.
  for (;;) {
    const more = [...carry(again)].filter(([scope]) => !carried.has(scope));
    if (more.length === 0) break;
    carried = new Map([...carried, ...more]);
    again = layOver(carried);
  }
  const findings = [...again.findings, ...refused, ...describe(carried, search, inForce)];
  return { ...again, findings: sortFindings(findings) };
}

type Tables = ReadonlyMap<string, Registry>;

function carryTables(
  standing: Tables,
  { baseline, content }: ComposeInput,
  { conf }: Composition,
  marked: ScopeIndex<Registry>,
  { provenance, unreadable, blame }: InForce,
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
        isMarked: (location: string): boolean => marked.covers(location),
      };
      const carried =
        provenance === null ? carryUnrecorded(states, unreadable) : carryRecorded(states, provenance, blame);
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

/** What reaches beyond its own table, insecure scopes and the search list, counts as if it could be read. */
function withSources(
  content: PolicyContent,
  administrators: Standing,
  carried: ReadonlyMap<string, CarriedTable>,
  search: { readonly blame: readonly Unreadable[]; readonly conf: RegistriesConf },
): PolicyContent {
  const standing = new Map([...carried].map(([scope, table]) => [scope, table.standing]));
  // Beside the administrator's mark, that of an Image which can be read, and does not ask for it any more, is gone.
  const marked = markedScopes(standing, administrators, (scope) => carried.get(scope)?.origins ?? []);
  const insecure = [...carried].filter(
    ([scope, { isInsecure }]) => isInsecure && marked.get(scope) !== undefined,
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
  return unreadable.flatMap((one) => {
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
