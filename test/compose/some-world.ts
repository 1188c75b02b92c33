// Any set of policies on any baseline, for laws: few names, so that they meet.
import fc from 'fast-check';
import type { MirrorRule } from '../../src/policy/rule.ts';
import { scopeOf, type Registry } from '../../src/registries/model.ts';
import { image, mirror, registry, rule, type World } from './world.ts';

const literal = fc.constantFrom(
  'a.com',
  'a.com/x',
  'a.com/x/y',
  'b.a.com',
  'bb.a.com/z',
  'bb.a.com:1/z',
  'o.org',
);
const scope = fc.oneof({ weight: 4, arbitrary: literal }, { weight: 1, arbitrary: fc.constant('*.a.com') });
const location = fc.constantFrom('m.x', 'm.x/r', 'n.x', 'n.x:1', 'o.org/q', 'a.com', 'a.com/x');

export const someRule: fc.Arbitrary<MirrorRule> = fc
  .record({
    kind: fc.constantFrom('ICSP' as const, 'ICSP+tags' as const, 'IDMS' as const, 'ITMS' as const),
    source: scope,
    mirrors: fc.array(location, { maxLength: 4 }),
    policy: fc.constantFrom('unset' as const, 'allow' as const, 'never' as const),
    name: fc.constantFrom('one', 'two'),
    file: fc.constantFrom('a.yaml', 'b.yaml'),
    line: fc.integer({ min: 1, max: 90 }),
    index: fc.nat(3),
  })
  .map(rule);

export const someTable: fc.Arbitrary<Registry> = fc
  .record({
    scope,
    isBlocked: fc.boolean(),
    isInsecure: fc.boolean(),
    isDigestOnly: fc.boolean(),
    mirrors: fc.uniqueArray(
      fc.tuple(location, fc.constantFrom('', 'digest-only', 'tag-only'), fc.boolean()),
      {
        maxLength: 2,
        selector: ([name]) => name,
      },
    ),
  })
  .map(({ scope: name, isBlocked, isInsecure, isDigestOnly, mirrors }) =>
    registry({
      ...(name.startsWith('*.') ? { prefix: name } : { location: name }),
      blocked: isBlocked,
      insecure: isInsecure,
      mirrorByDigestOnly: isDigestOnly,
      mirrors: mirrors.map(([at, pull, insecure]) => mirror(at, isDigestOnly ? '' : pull, insecure)),
    }),
  );

export const someImage = fc
  .record({
    insecure: fc.uniqueArray(fc.oneof(scope, location), { maxLength: 2 }),
    blocked: fc.uniqueArray(fc.oneof(scope, location), { maxLength: 2 }),
    file: fc.constantFrom('i.yaml', 'j.yaml'),
  })
  .map(image);

export const someWorld = fc.record({
  rules: fc.array(someRule, { maxLength: 8 }),
  images: fc.array(someImage, { maxLength: 2 }),
  baseline: fc.uniqueArray(someTable, { maxLength: 3, selector: scopeOf }),
  hosts: fc.constantFrom(['*'], ['m.x'], []),
}) satisfies fc.Arbitrary<World>;
