// Many rules and the administrator's baseline → one configuration.
import type { PolicyContent, ScopeEntry } from '../policy/rule.ts';
import { mergeConfs, type ConfFile } from '../registries/merge.ts';
import type { RegistriesConf } from '../registries/model.ts';
import type { Finding } from '../finding.ts';
import type { Origin, Place } from '../origin.ts';
import { contentHosts, type ContentHosts } from './content-hosts.ts';
import { giveColumns } from './columns.ts';
import { judgeDigestMirrors } from './digest-mirrors.ts';
import { blockBelowCarried, layCarried, nothingCarried } from './carried-over.ts';
import { blockTables, collectScopes, markInsecure } from './flags.ts';
import { inheritMirrors, reportNeverNotTaken } from './inheritance.ts';
import { reportMirrors } from './mirror-warnings.ts';
import { mergeMirrors } from './mirrors.ts';
import { blockPorts } from './ports.ts';
import { judgeProtections, type Protection } from './protections.ts';
import { registryOf } from './registry.ts';
import { reportRepeatedObjects } from './repeated-objects.ts';
import { comparePlaces, placeOf, placeOfScope, sortFindings, type Report } from './report.ts';
import { reportScopes } from './scope-warnings.ts';
import { pickSearchRegistries } from './search.ts';
import { settleSharedLocations } from './shared-location.ts';
import { ScopeIndex } from './scope-index.ts';
import { collectSources, type Source } from './source.ts';
import { standingAt, standingTables } from './standing.ts';
import { closeTable, isRemapped } from './table.ts';
import { createTables, type Tables } from './tables.ts';
import { layDropIns } from './tables-in-force.ts';
import { refuseWildcards } from './wildcards.ts';

/** How the main file is called among the drop-ins; findings say "registries.conf". */
const mainFile = '';

/** All that the outcome depends on. */
export interface ComposeInput {
  readonly content: PolicyContent;
  /** The administrator's registries.conf. */
  readonly baseline: RegistriesConf;
  /**
   * The valid files of registries.conf.d in load order. What they block or send elsewhere holds for new scopes too;
   * they are never rendered.
   */
  readonly dropIns: readonly ConfFile[];
  /** The scopes that may choose content by policy, from `[content] hosts`; `*` stands for all. */
  readonly contentHosts: readonly string[];
}

/** The outcome: what registries.conf shall say, and what there is to say about it. */
export interface Composition {
  readonly conf: RegistriesConf;
  /** The entries behind the search registries; empty where the baseline's list stays. */
  readonly searchOrigins: readonly Origin[];
  /** Sorted by file, line, column and id; no repeats. */
  readonly findings: readonly Finding[];
  /** What policies want closed; `findings` has an error for each that the drop-ins or a wildcard open. */
  readonly protections: readonly Protection[];
}

/**
 * Composes what all policy files ask for on top of the baseline. The result is the same for every order of rules and
 * documents. The outcome is that of OpenShift (runtime-utils, EditRegistriesConfig) wherever that is defined and sound.
 *
 * @param carried what stays of files that cannot be read
 */
export function compose(
  { content, baseline, dropIns, contentHosts: hosts }: ComposeInput,
  carried = nothingCarried,
): Composition {
  const findings: Finding[] = [];
  const report: Report = (finding) => void findings.push(finding);
  const gate = contentHosts(hosts, report);

  reportRepeatedObjects(content.objects, report);
  const standing = standingTables(baseline, dropIns);
  const isElsewhere = (scope: string): boolean => {
    const table = standingAt(standing, scope);
    return table !== undefined && isRemapped(table);
  };
  const blocked = collectScopes(content.registrySources.flatMap((image) => image.blocked));
  const blockedIndex = new ScopeIndex(blocked);
  const wishes = {
    sources: collectSources(content.rules, gate, isElsewhere, report),
    insecure: collectScopes(
      content.registrySources
        .flatMap((image) => image.insecure)
        .filter((entry) => mayBeInsecure(entry, gate)),
    ),
  };
  const { sources, insecure } = refuseWildcards(wishes, blockedIndex, standing, report, carried.tables);
  const wanted = wantedScopes(sources, blocked, insecure);
  const tables = createTables(baseline, standing, wanted, report, carried.tables);

  fillTables(tables, sources, report);
  layCarried(tables, carried);
  const insecureIndex = new ScopeIndex(insecure);
  blockTables(tables.all, blockedIndex);
  inheritMirrors(tables, report);
  blockBelowCarried(tables, carried, standing);
  blockPorts(tables, report);
  reportNeverNotTaken(tables, report);
  markInsecure(tables.all, insecureIndex, gate);
  settleSharedLocations(tables.all, report);
  const inForce = layDropIns(tables, dropIns);
  reportMirrors(tables, inForce, report);
  reportScopes(inForce, report);

  const search = pickSearchRegistries(content.registrySources, gate, report);
  const conf: RegistriesConf = {
    ...baseline,
    registries: tables.all.map((table) => registryOf(table, insecureIndex)),
    searchRegistries: search?.values ?? baseline.searchRegistries,
  };
  const protections = protectionsOf(tables);
  const problems = judgeMerged(protections, conf, dropIns);
  return {
    conf,
    searchOrigins: search?.origins ?? [],
    findings: sortFindings(giveColumns([...findings, ...problems], content)),
    protections,
  };
}

/** Whether what policies want closed is so among the drop-ins. */
function judgeMerged(
  protections: readonly Protection[],
  composed: RegistriesConf,
  dropIns: readonly ConfFile[],
): readonly Finding[] {
  if (protections.length === 0 && dropIns.every(({ conf }) => conf.registries.length === 0)) return [];
  const merged = mergeConfs({ file: mainFile, conf: composed }, dropIns);
  const state = { protections, composed, merged, mainFile, remedy: 'run icspd apply' };
  return [...judgeProtections(state), ...judgeDigestMirrors(state)];
}

function protectionsOf(tables: Tables): readonly Protection[] {
  return tables.all.flatMap((table) =>
    table.closing === null || tables.get(table.scope) !== table
      ? []
      : [{ ...table.closing, scope: table.scope }],
  );
}

function mayBeInsecure(entry: ScopeEntry, gate: ContentHosts): boolean {
  return gate.admit(entry.value, 'insecureRefused', 'the insecure registry', () => placeOfScope(entry));
}

/** Every scope that policies have something to say about, with the first entry that names it. */
function wantedScopes(
  sources: readonly Source[],
  ...flagged: readonly ReadonlyMap<string, readonly ScopeEntry[]>[]
): ReadonlyMap<string, Place> {
  const wanted = new Map<string, Place>();
  const want = (scope: string, at: Place): void => {
    const known = wanted.get(scope);
    if (known === undefined || comparePlaces(at, known) < 0) wanted.set(scope, at);
  };
  for (const { scope, rules } of sources) for (const rule of rules) want(scope, placeOf(rule));
  for (const scopes of flagged) {
    for (const [scope, entries] of scopes) for (const entry of entries) want(scope, placeOfScope(entry));
  }
  return wanted;
}

/** Gives each source's table its own mirrors, and blocks those that must never be contacted. */
function fillTables(tables: Tables, sources: readonly Source[], report: Report): void {
  for (const source of sources) {
    const table = tables.get(source.scope);
    if (table === undefined) continue;
    table.source = source;
    table.own = mergeMirrors(source, report);
    const [never] = source.never;
    if (never !== undefined) closeTable(table, { wish: 'never', at: placeOf(never) }, []);
    const origins = source.rules.map(({ origin }) => origin);
    table.origins = table.origins.length === 0 ? origins : [...table.origins, ...origins];
  }
}
