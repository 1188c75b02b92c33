// What policies want closed is closed in what CRI-O works with, or an error says which is not and why.
import test from 'ava';
import fc from 'fast-check';
import { isNested } from '../../src/compose/scope.ts';
import { isRemapped } from '../../src/compose/table.ts';
import { mergeConfs, type MergedConf } from '../../src/registries/merge.ts';
import { emptyConf, scopeOf, type Registry } from '../../src/registries/model.ts';
import { findRegistry } from '../../src/registries/resolve.ts';
import { someTable, someWorld } from './some-world.ts';
import { composeWorld, image, mirror, registry, rule, type World } from './world.ts';

const open = (location: string): Registry => registry({ location });
const wildcard = (prefix: string): Registry => registry({ prefix });

const rows: readonly (readonly [
  title: string,
  world: World,
  errors: readonly (readonly [line: number, text: RegExp])[],
])[] = [
  [
    'a drop-in that replaces the table of a blocked scope opens it',
    { images: [image({ blocked: ['a.com'] })], dropIn: [open('a.com')] },
    [[200, /^"a\.com" should be blocked and is not, since the drop-in "50\.conf" has a .* of its own/]],
  ],
  [
    'a narrower table in a drop-in opens its part, and no other',
    { images: [image({ blocked: ['a.com'] })], dropIn: [open('a.com/x')] },
    [[200, /^"a\.com\/x" should be blocked like "a\.com" around it and is not/]],
  ],
  [
    'a narrower table that is blocked itself opens nothing',
    {
      images: [image({ blocked: ['a.com'] })],
      dropIn: [registry({ location: 'a.com/x', blocked: true })],
    },
    [],
  ],
  [
    'a table for the port is another registry',
    { images: [image({ blocked: ['a.com'] })], dropIn: [open('a.com:5000')] },
    [],
  ],
  [
    'a wildcard of a drop-in that is as long wins',
    { images: [image({ blocked: ['b.a.com'] })], dropIn: [wildcard('*.a.com')] },
    [[200, /^"b\.a\.com" .* prefers "\*\.a\.com" of the drop-in "50\.conf", which is as long$/]],
  ],
  [
    'a wildcard of the baseline that is as long wins',
    { images: [image({ blocked: ['b.a.com'] })], baseline: [wildcard('*.a.com')] },
    [[200, /prefers "\*\.a\.com" of registries\.conf, which is as long$/]],
  ],
  [
    'a host below a blocked wildcard is opened by a drop-in',
    { images: [image({ blocked: ['*.a.com'] })], dropIn: [open('xx.a.com')] },
    [[200, /^"xx\.a\.com" should be blocked like "\*\.a\.com" around it/]],
  ],
  [
    'NeverContactSource is lifted by a table below the source, mirrors or not',
    {
      rules: [rule({ source: 'a.com', mirrors: ['m.x'], policy: 'never' })],
      dropIn: [registry({ location: 'a.com/x', mirrors: [mirror('n.x')] })],
    },
    [[10, /^"a\.com\/x" should never be contacted like "a\.com" around it and may be/]],
  ],
  [
    'a nested source that took NeverContactSource with its mirrors is closed for itself',
    {
      rules: [
        rule({ kind: 'ICSP+tags', source: 'a.com', mirrors: ['m.x'], policy: 'never' }),
        rule({ source: 'a.com/x', mirrors: ['n.x'], line: 20 }),
      ],
      dropIn: [open('a.com/x')],
    },
    [[10, /^"a\.com\/x" should never be contacted and may be/]],
  ],
  [
    'a source that policies themselves leave open inside one is open in a drop-in as well',
    {
      rules: [
        rule({ source: 'a.com', mirrors: ['m.x'], policy: 'never' }),
        rule({ kind: 'ICSP+tags', source: 'a.com/x', mirrors: ['n.x'], line: 20 }),
      ],
      dropIn: [open('a.com/x/y')],
    },
    [],
  ],
  [
    'pulls that a drop-in sends elsewhere are not blocked there',
    {
      images: [image({ blocked: ['a.com'] })],
      dropIn: [registry({ prefix: 'a.com', location: 'o.org', blocked: true })],
    },
    [[200, /^"a\.com" should be blocked, but the drop-in "50\.conf" sends its pulls to "o\.org"/]],
  ],
  [
    'a mirror for digests serves tags in a drop-in',
    {
      rules: [rule({ source: 'a.com', mirrors: ['m.x', 'n.x'] })],
      dropIn: [registry({ location: 'a.com/x', mirrors: [mirror('n.x/x')] })],
    },
    [[12, /^the mirror "n\.x" of "a\.com" should serve digests only and serves tags of "a\.com\/x"/]],
  ],
  [
    'a mirror for digests and one for tags in a drop-in are what they are',
    {
      rules: [
        rule({ source: 'a.com', mirrors: ['m.x'] }),
        rule({ kind: 'ITMS', source: 'a.com', mirrors: ['n.x'], line: 20 }),
      ],
      dropIn: [registry({ location: 'a.com', mirrors: [mirror('m.x', 'digest-only'), mirror('n.x')] })],
    },
    [],
  ],
  [
    'what the baseline lets serve tags was never for digests only',
    {
      rules: [rule({ source: 'a.com', mirrors: ['m.x'] })],
      baseline: [registry({ location: 'a.com', mirrors: [mirror('m.x')] })],
      dropIn: [registry({ location: 'a.com', mirrors: [mirror('m.x')] })],
    },
    [],
  ],
];

const ids = new Set(['ICSP123', 'ICSP127']);

for (const [title, world, errors] of rows) {
  test(title, (t) => {
    const found = composeWorld(world).findings.filter(({ id }) => ids.has(id));
    t.deepEqual(
      found.map(({ line, severity }) => [line, severity]),
      errors.map(([line]) => [line, 'error']),
    );
    errors.forEach(([, text], i) => t.regex(found[i]?.message ?? '', text));
    t.true(found.every(({ column }) => column !== null));
  });
}

/** A world with drop-ins, wildcards of the same length as hosts, and tables that send pulls elsewhere. */
const someMergedWorld = fc
  .record({
    world: someWorld,
    dropIn: fc.uniqueArray(someTable, { maxLength: 3, selector: scopeOf }),
    remapped: fc.constantFrom('', 'a.com', 'a.com/x', 'b.a.com'),
  })
  .map(({ world, dropIn, remapped }) => {
    const elsewhere = (table: Registry): Registry =>
      table.location !== '' && table.location === remapped
        ? { ...table, prefix: table.location, location: 'o.org/q' }
        : table;
    return { ...world, baseline: world.baseline.map(elsewhere), dropIn: dropIn.map(elsewhere) };
  });

const names = ['', '/x', '/x/y', '/x/y/z', '/other'].flatMap((path) =>
  ['a.com', 'b.a.com', 'bb.a.com', 'c.b.a.com', 'o.org'].map((host) => host + path),
);

/** Whether a pull of the name may end at what the name stands for: refused neither by its own table nor at its other place. */
function isOpen(merged: MergedConf, name: string): boolean {
  const found = findRegistry(merged, name);
  if (found?.registry.blocked !== true) return true;
  const { registry: table } = found;
  return isRemapped(table) && findRegistry(merged, table.location)?.registry.blocked !== true;
}

test('a name in a blocked scope, and a source never to be contacted, is closed or an error tells', (t) => {
  let worlds = 0;
  let lifted = 0;
  fc.assert(
    fc.property(someMergedWorld, (world) => {
      worlds += 1;
      const { conf, findings } = composeWorld(world);
      const dropIn = { file: '50.conf', conf: { ...emptyConf, registries: world.dropIn } };
      const merged = mergeConfs({ file: 'main.conf', conf }, [dropIn]);
      const blocked = world.images.flatMap((each) => each.blocked.map(({ value }) => value));
      const never = world.rules.filter(
        ({ source, mirrors, sourcePolicy }) =>
          sourcePolicy === 'never' && mirrors.some(({ location }) => location !== source),
      );
      const isClosed = names.every((name) => {
        const isAsked =
          blocked.some((outer) => isNested(name, outer)) || never.some(({ source }) => source === name);
        return !isAsked || !isOpen(merged, name);
      });
      const isTold = findings.some(({ id }) => ids.has(id));
      if (!isClosed) lifted += 1;
      t.true(isClosed || isTold);
    }),
    { numRuns: 1000 },
  );
  t.true(lifted > worlds / 50, `${lifted} of ${worlds} worlds lift a protection`);
});

test('without drop-ins, wildcards and tables that send pulls elsewhere, all that policies want closed is closed', (t) => {
  fc.assert(
    fc.property(someWorld, (world) => {
      const baseline = world.baseline.filter((table) => table.prefix === '');
      const { findings } = composeWorld({ ...world, baseline });
      t.deepEqual(
        findings.filter(({ id }) => ids.has(id)),
        [],
      );
    }),
    { numRuns: 300 },
  );
});

test('a drop-in that says what was composed already lifts nothing', (t) => {
  fc.assert(
    fc.property(someWorld, (world) => {
      const { conf, findings } = composeWorld(world);
      const again = composeWorld({ ...world, dropIn: conf.registries });
      const told = (all: typeof findings): readonly string[] =>
        all.filter(({ id }) => ids.has(id)).map(({ message }) => message.replace(/since .*/, ''));
      t.deepEqual(told(again.findings), told(findings));
    }),
    { numRuns: 300 },
  );
});
