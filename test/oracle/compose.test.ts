// Composition against openshift/runtime-utils: the same configuration for every case, deliberate differences apart.
import test from 'ava';
import { isNested } from '../../src/compose/scope.ts';
import type { Registry } from '../../src/registries/model.ts';
import { composeCase } from './compose-case.ts';
import {
  hasCycle,
  isBlockedByInheritance,
  isBlockedWithHost,
  isConflict,
  isInheritedOtherwise,
  isInsecureByInheritance,
  isNeverOfRefused,
  isRemappedByInheritance,
  isWildcardInheritance,
  markInherited,
  refusedWildcards,
  withoutRepeatedMirrors,
  withoutWildcards,
} from './differences.ts';
import { policyGolden } from './golden.ts';
import { compareMany, Shapes } from './law.ts';
import { compositionAnswer, haveOracles, startOracle } from './oracle.ts';
import { policyCases, type PolicyCase } from './policy-cases.ts';
import { upstreamQuestion, type CompositionQuestion } from './upstream.ts';
import { kinds, scopeOf, viewsOf, type Kind, type View } from './view.ts';
import { WorldFacts } from './world-facts.ts';

const compare = haveOracles() ? test : test.skip;

const shapes = new Shapes({
  'several lists for one source agree': 5,
  'several lists for one source contradict each other': 2,
  'a list repeats a mirror': 2,
  'the source is first in its list': 2,
  'the source is in the middle of its list': 2,
  'the source ends its list': 2,
  'a list holds nothing but the source': 2,
  'never, and another entry of the source allows': 2,
  'never, and the list holds the source': 2,
  'ICSP and IDMS for one source': 5,
  'digest and tag mirrors for one source': 5,
  'a wildcard source': 5,
  'a mirror is a source': 2,
  'a blocked scope encloses a table': 5,
  'an insecure scope encloses a mirror': 5,
  'a scope with a port': 10,
  'a policy for a table of the baseline': 5,
  'mirror-by-digest-only in the baseline': 5,
  'a prefix other than the location in the baseline': 2,
  'inherited and the same as upstream': 5,
  'inherited otherwise (11)': 5,
  'upstream refuses to inherit through a wildcard (11)': 1,
  'tables share a location': 1,
  'a wildcard is refused': 2,
  'a port is blocked with its host': 1,
});

compare('compose gives what runtime-utils gives', async (t) => {
  const upstream = startOracle<CompositionQuestion, ReturnType<typeof compositionAnswer.parse>>(
    'runtime-utils',
    compositionAnswer,
  );
  t.teardown(() => upstream.close());
  await compareMany(t, {
    cases: policyCases,
    shapes,
    async judge(given) {
      const refused = refusedWildcards(given);
      const known = withoutWildcards(given, refused);
      const facts = new WorldFacts(known);
      shapes.count(inputShapes(given, facts));
      const pairs = [...facts.scopes].flatMap((a) => [...facts.scopes].map((b) => [a, b] as const));
      const answer = await upstream.ask(upstreamQuestion(known, pairs));
      const differences = pairs
        .filter(([inner, outer], i) => isNested(inner, outer) !== answer.nested[i])
        .map(([inner, outer]) => `whether ${inner} is nested in ${outer}`);
      if (answer.error !== '') {
        if (!isWildcardInheritance(facts)) return [...differences, `upstream: ${answer.error}`];
        shapes.count(['upstream refuses to inherit through a wildcard (11)']);
        return differences;
      }
      const tables = composeCase(given).registries;
      const [ours, theirs] = [viewsOf(tables), viewsOf(answer.registries)];
      const shared = sharedLocations(tables);
      if (shared.size > 0) shapes.count(['tables share a location']);
      if (given.objects.length > 0 && refused.size > 0) shapes.count(['a wildcard is refused']);
      for (const scope of new Set([...ours.keys(), ...theirs.keys()])) {
        const [own, other] = [ours.get(scope), theirs.get(scope)];
        const isStricter =
          isNeverOfRefused(given, scope, refused) ||
          isBlockedWithHost(facts, scope, (host) => ours.get(host)?.blocked === true);
        // A host that is blocked for its location only, after everything else, does not reach its ports.
        const isLate = shared.has(scope.split(':')[0] ?? scope);
        if (other === undefined && isStricter && own?.blocked === true) continue;
        if (own === undefined || other === undefined) {
          differences.push(`${scope}: only ${own === undefined ? 'upstream has' : 'we have'} a table`);
        } else {
          differences.push(...compareTable(facts, scope, own, other, shared.has(scope), isStricter, isLate));
        }
      }
      return differences;
    },
    asGolden: async (given) =>
      policyGolden(given, (await upstream.ask(upstreamQuestion(given, []))).registries),
  });
});

function compareTable(
  facts: WorldFacts,
  scope: string,
  ours: View,
  theirs: View,
  sharesLocation: boolean,
  isStricter: boolean,
  isLate: boolean,
): readonly string[] {
  const found: string[] = [];
  const isRemapped = isRemappedByInheritance(facts, scope);
  if (ours.location !== theirs.location && !isRemapped) {
    found.push(`${scope}: location ${ours.location}, upstream ${theirs.location}`);
  }
  if (isStricter && !ours.blocked && !isLate) found.push(`${scope}: not blocked`);
  if (isStricter && !theirs.blocked) shapes.count(['a port is blocked with its host']);
  const blocksMore = ours.blocked && (isRemapped || isStricter || isBlockedByInheritance(facts, scope));
  if (ours.blocked !== theirs.blocked && !blocksMore && !sharesLocation) {
    found.push(`${scope}: blocked ${ours.blocked}, upstream ${theirs.blocked}`);
  }
  const isInherited = ours.insecure && isInsecureByInheritance(facts, scope);
  if (ours.insecure !== theirs.insecure && !isInherited && !sharesLocation) {
    found.push(`${scope}: insecure ${ours.insecure}, upstream ${theirs.insecure}`);
  }
  return [...found, ...kinds.flatMap((kind) => compareMirrors(facts, scope, kind, ours[kind], theirs[kind]))];
}

function compareMirrors(
  facts: WorldFacts,
  scope: string,
  kind: Kind,
  ours: View[Kind],
  theirs: View[Kind],
): readonly string[] {
  if (isInheritedOtherwise(facts, scope, kind)) {
    shapes.count(['inherited otherwise (11)']);
    return [];
  }
  const expected = withoutRepeatedMirrors(markInherited(facts, scope, kind, theirs));
  const isUnordered = isConflict(facts, scope, kind);
  const [own, other] = [ours, expected].map((mirrors) => {
    const texts = mirrors.map(({ location, insecure }) => `${location}${insecure ? '!' : ''}`);
    return isUnordered ? texts.filter((text) => text.replace('!', '') !== scope).sort() : texts;
  });
  if (!facts.hasOwn(scope, kind) && ours.length > 0) shapes.count(['inherited and the same as upstream']);
  const [left, right] = [String(own), String(other)];
  return left === right ? [] : [`${scope}: ${kind} mirrors ${left}, upstream ${right}`];
}

/**
 * Tables of one location that disagree make a file that CRI-O refuses (sysregistriesv2, "conflicting setting"): what upstream says
 * of their flags is then no configuration. Only with baselines that send pulls of one name to another.
 */
function sharedLocations(tables: readonly Registry[]): ReadonlySet<string> {
  const byLocation = Map.groupBy(tables, ({ prefix, location }) => (location === '' ? prefix : location));
  return new Set([...byLocation.values()].flatMap((group) => (group.length > 1 ? group.map(scopeOf) : [])));
}

function inputShapes(
  { objects, insecure, blocked, baseline }: PolicyCase,
  facts: WorldFacts,
): readonly string[] {
  const entries = objects.flatMap((object) =>
    object.entries.map((entry) => ({ ...entry, kind: object.kind })),
  );
  const sources = facts.sources();
  const scopes = [...facts.scopes];
  const hasSourceAt = (isPlace: (at: number, length: number) => boolean): boolean =>
    entries.some(
      ({ source, mirrors }) =>
        mirrors.length > 1 && mirrors.some((m, i) => m === source && isPlace(i, mirrors.length)),
    );
  const severalLists = sources.flatMap((source) => {
    const lists = kinds.map((kind) => facts.listsOf(source, kind)).filter(({ length }) => length > 1);
    return lists.map((list) => hasCycle(source, list));
  });
  const kindsOf = (scope: string): readonly string[] =>
    entries.filter(({ source }) => source === scope).map(({ kind }) => kind);
  const table: Readonly<Record<string, boolean>> = {
    'several lists for one source agree': severalLists.includes(false),
    'several lists for one source contradict each other': severalLists.includes(true),
    'a list repeats a mirror': entries.some(({ mirrors }) => new Set(mirrors).size < mirrors.length),
    'the source is first in its list': hasSourceAt((at) => at === 0),
    'the source is in the middle of its list': hasSourceAt((at, length) => at > 0 && at < length - 1),
    'the source ends its list': hasSourceAt((at, length) => at === length - 1),
    'a list holds nothing but the source': entries.some(
      ({ source, mirrors }) => mirrors.length > 0 && mirrors.every((m) => m === source),
    ),
    'never, and another entry of the source allows': entries.some(
      ({ source, policy }) =>
        policy === 'never' && entries.some((other) => other.source === source && other.policy !== 'never'),
    ),
    'never, and the list holds the source': entries.some(
      ({ source, mirrors, policy }) => policy === 'never' && mirrors.includes(source),
    ),
    'ICSP and IDMS for one source': sources.some(
      (source) => kindsOf(source).includes('IDMS') && kindsOf(source).some((kind) => kind.startsWith('ICSP')),
    ),
    'digest and tag mirrors for one source': sources.some((source) =>
      kinds.every((kind) => facts.listsOf(source, kind).length > 0),
    ),
    'a wildcard source': sources.some((source) => source.startsWith('*.')),
    'a mirror is a source': entries.some(({ source, mirrors }) =>
      mirrors.some((m) => m !== source && facts.isSource(m)),
    ),
    'a blocked scope encloses a table': blocked.some((outer) =>
      scopes.some((scope) => scope !== outer && isNested(scope, outer)),
    ),
    'an insecure scope encloses a mirror': insecure.some((outer) =>
      entries.some(({ mirrors }) => mirrors.some((m) => isNested(m, outer))),
    ),
    'a scope with a port': scopes.some((scope) => scope.includes(':')),
    'a policy for a table of the baseline': sources.some((source) => facts.baselineOf(source) !== null),
    'mirror-by-digest-only in the baseline': baseline.some(
      ({ mirrorByDigestOnly, mirrors }) => mirrorByDigestOnly && mirrors.length > 0,
    ),
    'a prefix other than the location in the baseline': baseline.some(
      ({ prefix, location }) => prefix !== '' && location !== '',
    ),
  };
  return Object.keys(table).filter((shape) => table[shape]);
}
