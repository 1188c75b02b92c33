// What holds for every set of policies on every baseline.
import test from 'ava';
import fc from 'fast-check';
import { isNested } from '../../src/compose/scope.ts';
import { scopeOf } from '../../src/registries/model.ts';
import { problemBelow } from '../../src/registries/probe.ts';
import { someWorld } from './some-world.ts';
import { composeWorld, viewOf } from './world.ts';

const runs = { numRuns: 300 };

test('the order of rules and documents changes nothing, not even a finding', (t) => {
  const shuffled = someWorld.chain((world) =>
    fc.tuple(
      fc.constant(world),
      fc.record({
        rules: fc.shuffledSubarray([...world.rules], { minLength: world.rules.length }),
        images: fc.shuffledSubarray([...world.images], { minLength: world.images.length }),
      }),
    ),
  );
  fc.assert(
    fc.property(shuffled, ([world, { rules, images }]) => {
      t.deepEqual(composeWorld({ ...world, rules, images }), composeWorld(world));
    }),
    runs,
  );
});

test('composing again on top of the result changes nothing that a pull sees', (t) => {
  fc.assert(
    fc.property(someWorld, (given) => {
      // What mirror-by-digest-only keeps from being inherited is not to be seen any more once it has moved to the
      // mirrors.
      const baseline = given.baseline.map((table) => ({ ...table, mirrorByDigestOnly: false }));
      const world = { ...given, baseline };
      const once = composeWorld(world).conf;
      const twice = composeWorld({ ...world, baseline: once.registries }).conf;
      t.deepEqual(viewOf(twice), viewOf(once));
    }),
    runs,
  );
});

test('what the baseline blocks stays blocked, and so does what is carved out of it', (t) => {
  fc.assert(
    fc.property(someWorld, (world) => {
      const before = new Map(world.baseline.map((table) => [scopeOf(table), table]));
      for (const table of composeWorld(world).conf.registries) {
        const own = before.get(scopeOf(table));
        const around = [...before.values()]
          .filter((outer) => isNested(scopeOf(table), scopeOf(outer)))
          .sort((a, b) => scopeOf(b).length - scopeOf(a).length || (scopeOf(a).startsWith('*') ? -1 : 1));
        if ((own ?? around[0])?.blocked === true) t.true(table.blocked, scopeOf(table));
      }
      t.pass();
    }),
    runs,
  );
});

test('NeverContactSource of an entry that names a mirror always blocks its source', (t) => {
  fc.assert(
    fc.property(someWorld, (world) => {
      const tables = viewOf(composeWorld(world).conf);
      for (const { source, mirrors, sourcePolicy } of world.rules) {
        if (sourcePolicy !== 'never' || mirrors.every((each) => each.location === source)) continue;
        t.true(tables[source]?.blocked, source);
      }
      t.pass();
    }),
    runs,
  );
});

test('every scope nested in a blocked one is blocked', (t) => {
  fc.assert(
    fc.property(someWorld, (world) => {
      const blocked = world.images.flatMap((each) => each.blocked.map(({ value }) => value));
      for (const table of composeWorld(world).conf.registries) {
        if (blocked.some((outer) => isNested(scopeOf(table), outer))) t.true(table.blocked, scopeOf(table));
      }
      t.pass();
    }),
    runs,
  );
});

test('no policy makes a tag mirror, an insecure table or an insecure mirror that content hosts do not list', (t) => {
  fc.assert(
    fc.property(someWorld, (given) => {
      const world = { ...given, baseline: [], hosts: ['m.x'] };
      for (const table of composeWorld(world).conf.registries) {
        t.true(!table.insecure || isNested(scopeOf(table), 'm.x'));
        for (const { location: name, pullFromMirror, insecure } of table.mirrors) {
          t.true(!insecure || isNested(name, 'm.x'), name);
          const isOwnSource = isNested(scopeOf(table), name) || isNested(name, scopeOf(table));
          const isPort = name.startsWith('m.x:');
          t.true(pullFromMirror === 'digest-only' || isNested(name, 'm.x') || isOwnSource || isPort, name);
        }
      }
      t.pass();
    }),
    runs,
  );
});

test('no mirror of policies makes an invalid reference, which would break every pull of its scope', (t) => {
  fc.assert(
    fc.property(someWorld, (world) => {
      for (const table of composeWorld({ ...world, baseline: [] }).conf.registries)
        for (const { location: name } of table.mirrors) t.is(problemBelow(scopeOf(table), name), null, name);
      t.pass();
    }),
    { numRuns: 1000 },
  );
});

test('a table says mirror-by-digest-only or pull-from-mirror, never both, and no mirror serves a kind twice', (t) => {
  fc.assert(
    fc.property(someWorld, (world) => {
      const { conf } = composeWorld(world);
      for (const table of conf.registries) {
        t.false(
          table.mirrorByDigestOnly && table.mirrors.some(({ pullFromMirror }) => pullFromMirror !== ''),
        );
      }
      for (const { digest, tag } of Object.values(viewOf(conf))) {
        t.is(new Set(digest).size, digest.length);
        t.is(new Set(tag).size, tag.length);
      }
      t.is(new Set(conf.registries.map(scopeOf)).size, conf.registries.length);
    }),
    runs,
  );
});
