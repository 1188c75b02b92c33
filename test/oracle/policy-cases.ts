// Generated policies and baselines in which scopes nest, wildcards cover and mirrors coincide with sources.
import fc from 'fast-check';
import type { Registry } from '../../src/registries/model.ts';
import { mirror, registry } from '../compose/world.ts';

export interface EntryCase {
  readonly source: string;
  readonly mirrors: readonly string[];
  readonly policy: 'never' | 'allow' | 'unset';
}

/** `ICSP+tags` is an ImageContentSourcePolicy with allowMirrorByTags. */
export interface ObjectCase {
  readonly kind: 'ICSP' | 'ICSP+tags' | 'IDMS' | 'ITMS';
  readonly entries: readonly EntryCase[];
}

export interface PolicyCase {
  readonly objects: readonly ObjectCase[];
  readonly insecure: readonly string[];
  readonly blocked: readonly string[];
  readonly baseline: readonly Registry[];
}

const literals = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a.com', 'a.com/x', 'a.com/x/y', 'b.a.com', 'b.a.com/x') },
  { weight: 2, arbitrary: fc.constantFrom('a.com/xy', 'a.com:5000', 'a.com:5000/x', 'c.b.a.com', 'd.org/x') },
);
const wildcards = fc.constantFrom('*.a.com', '*.b.a.com', '*.com');
const sources = fc.oneof({ weight: 12, arbitrary: literals }, { weight: 1, arbitrary: wildcards });
const flagged = fc.array(
  fc.oneof(
    { weight: 2, arbitrary: literals },
    { weight: 1, arbitrary: wildcards },
    { weight: 2, arbitrary: fc.constantFrom('m.com', 'm.com/r', 'n.org', 'n.org/x', '*.org') },
  ),
  { maxLength: 3 },
);

const self = 'SELF';
const inOneOrder = ['m.com', 'm.com/r', 'm.com:5000/r', self, 'n.org', 'p.n.org/x'];
/** Subsets of one order never contradict each other; shuffled ones do, and repeats too. */
const mirrorLists = fc.oneof(
  { weight: 5, arbitrary: fc.subarray(inOneOrder, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.shuffledSubarray(inOneOrder, { maxLength: 4 }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.oneof(fc.constantFrom(...inOneOrder), literals), { maxLength: 5 }),
  },
);

const entries: fc.Arbitrary<EntryCase> = fc
  .record({
    source: sources,
    mirrors: mirrorLists,
    policy: fc.oneof(
      { weight: 3, arbitrary: fc.constant('unset' as const) },
      fc.constantFrom('never' as const, 'allow' as const),
    ),
  })
  .map((entry) => ({
    ...entry,
    mirrors: entry.mirrors.map((location) => (location === self ? entry.source : location)),
  }));

const objects: fc.Arbitrary<ObjectCase> = fc
  .record({
    kind: fc.constantFrom('ICSP', 'ICSP+tags', 'IDMS', 'ITMS'),
    entries: fc.array(entries, { minLength: 1, maxLength: 3 }),
  })
  .map(({ kind, entries: list }) => ({
    kind,
    entries: kind.startsWith('ICSP') ? list.map((entry) => ({ ...entry, policy: 'unset' as const })) : list,
  }));

const mostlyFalse = fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true));
const baselineMirrors = fc.uniqueArray(
  fc.record({
    location: fc.constantFrom('m.com', 'n.org/x', 'old.org', 'old.org/r'),
    pull: fc.constantFrom('', '', 'all', 'digest-only', 'tag-only'),
    isInsecure: mostlyFalse,
  }),
  { selector: ({ location }) => location, maxLength: 3 },
);

const baselineTables: fc.Arbitrary<Registry> = fc
  .record({
    scope: fc.oneof({ weight: 6, arbitrary: literals }, { weight: 1, arbitrary: wildcards }),
    location: fc.oneof(
      { weight: 9, arbitrary: fc.constant('') },
      fc.constantFrom('real.org', 'a.com', 'm.com/r'),
    ),
    insecure: mostlyFalse,
    blocked: mostlyFalse,
    isDigestOnly: mostlyFalse,
    mirrors: baselineMirrors,
  })
  .map(({ scope, location, insecure, blocked, isDigestOnly, mirrors }) =>
    registry({
      ...(location !== '' || scope.startsWith('*.') ? { prefix: scope, location } : { location: scope }),
      insecure,
      blocked,
      mirrorByDigestOnly: isDigestOnly,
      mirrors: mirrors.map(({ location: at, pull, isInsecure }) =>
        mirror(at, isDigestOnly ? '' : pull, isInsecure),
      ),
    }),
  );

/** One table for each scope: what several mean is for containers/image to say. */
const baselines = fc.oneof(
  fc.constant([]),
  fc.uniqueArray(baselineTables, {
    selector: ({ prefix, location }) => (prefix === '' ? location : prefix),
    maxLength: 3,
  }),
);

export const policyCases: fc.Arbitrary<PolicyCase> = fc.record({
  objects: fc.array(objects, { maxLength: 4 }),
  insecure: flagged,
  blocked: flagged,
  baseline: baselines,
});
