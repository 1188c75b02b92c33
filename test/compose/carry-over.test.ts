// What holds for every set of policies of which some can be read no more.
import test from 'ava';
import fc from 'fast-check';
import { composeOver } from '../../src/compose/carry-over.ts';
import { compose } from '../../src/compose/compose.ts';
import { filesOf } from '../../src/compose/in-force.ts';
import { isNested } from '../../src/compose/scope.ts';
import { loadedScope } from '../../src/registries/location.ts';
import { effectivePull, pullKinds, servesPull, type RegistriesConf } from '../../src/registries/model.ts';
import { renderRegistriesConf } from '../../src/registries/render.ts';
import { validateRegistriesConf } from '../../src/registries/validate.ts';
import { inForce, inputOf, lost } from './loss.ts';
import { someWorld } from './some-world.ts';
import { composeWorld, image, rule, viewOf, type World } from './world.ts';

const runs = { numRuns: 300 };

/** Each entry in one of three files; of the first nothing can be read any more. */
type File = 'lost.yaml' | 'kept.yaml' | 'changed.yaml';
const someFile = fc.constantFrom<File>('lost.yaml', 'kept.yaml', 'changed.yaml');

interface Loss {
  /** As all could be read. */
  readonly before: Required<Pick<World, 'rules' | 'images' | 'baseline'>>;
  /** What can be read now: without the lost file, and where something changed without that, too. */
  readonly now: (isChanged: boolean) => Required<Pick<World, 'rules' | 'images' | 'baseline'>>;
}

const someLoss: fc.Arbitrary<Loss> = someWorld.chain((world) =>
  fc
    .tuple(
      fc.array(someFile, { minLength: world.rules.length, maxLength: world.rules.length }),
      fc.array(someFile, { minLength: world.images.length, maxLength: world.images.length }),
    )
    .map(([ruleFiles, imageFiles]) => {
      const rules = world.rules.map((each, i) => ({
        ...each,
        origin: { ...each.origin, file: ruleFiles[i] ?? 'kept.yaml' },
      }));
      const images = world.images.map((each, i) => {
        const file = imageFiles[i] ?? 'kept.yaml';
        const move = <E extends (typeof each.blocked)[number]>(entry: E): E => ({
          ...entry,
          origin: { ...entry.origin, file },
        });
        const { insecure, blocked, search, origin } = each;
        return {
          insecure: insecure.map(move),
          blocked: blocked.map(move),
          search: search === null ? null : search.map(move),
          origin: { ...origin, file },
        };
      });
      const before = { rules, images, baseline: world.baseline };
      const now = (isChanged: boolean): typeof before => {
        const gone: readonly string[] = isChanged ? ['lost.yaml', 'changed.yaml'] : ['lost.yaml'];
        const stays = ({ origin }: { readonly origin: { readonly file: string } }): boolean =>
          !gone.includes(origin.file);
        return { rules: rules.filter(stays), images: images.filter(stays), baseline: world.baseline };
      };
      return { before, now };
    }),
);

/** What a pull may do, whatever comes first. What is blocked is not contacted, so that its marks say nothing. */
function pullsOf({ registries }: RegistriesConf): unknown {
  const closed = registries.filter(({ blocked }) => blocked).map(loadedScope);
  const isOpen = (name: string): boolean => !closed.some((scope) => isNested(name, scope));
  return registries.map((table) => [
    loadedScope(table),
    table.blocked,
    table.insecure && !table.blocked,
    table.mirrors
      .flatMap((mirror) =>
        pullKinds
          .filter((kind) => servesPull(table, mirror, kind))
          .map((kind) => `${kind} ${mirror.location} ${String(mirror.insecure && isOpen(mirror.location))}`),
      )
      .sort(),
  ]);
}

function withoutBaseline(world: ReturnType<Loss['now']>): ReturnType<Loss['now']> {
  return { ...world, baseline: [] };
}

/**
 * The tables that stood open again: a file that can be read closes them or what is around them, and whether it did so
 * before cannot be known without a record.
 */
function reopen(conf: RegistriesConf, stood: RegistriesConf, readable: RegistriesConf): RegistriesConf {
  const wasBlocked = new Map(stood.registries.map((table) => [loadedScope(table), table.blocked]));
  const closed = readable.registries.filter(({ blocked }) => blocked).map(loadedScope);
  const registries = conf.registries.map((table) => {
    const isClosed = closed.some((outer) => isNested(loadedScope(table), outer));
    return { ...table, blocked: table.blocked && (wasBlocked.get(loadedScope(table)) === true || !isClosed) };
  });
  return { ...conf, registries };
}

test("with a record, below no tables of the administrator's, a file that can be read no more changes no byte", (t) => {
  fc.assert(
    fc.property(someLoss, ({ before, now }) => {
      const stood = composeWorld(withoutBaseline(before));
      const { conf } = composeOver(inputOf(withoutBaseline(now(false))), inForce(stood));
      t.is(renderRegistriesConf(conf), renderRegistriesConf(stood.conf));
    }),
    runs,
  );
});

test('with a record, on every baseline, a file that can be read no more changes nothing that a pull may do', (t) => {
  fc.assert(
    fc.property(someLoss, ({ before, now }) => {
      const stood = composeWorld(before);
      const { conf } = composeOver(inputOf(now(false)), inForce(stood));
      t.deepEqual(pullsOf(conf), pullsOf(stood.conf));
    }),
    runs,
  );
});

test("without a record, below no tables of the administrator's, it changes no byte but for what other files close", (t) => {
  fc.assert(
    fc.property(someLoss, ({ before, now }) => {
      const stood = composeWorld(withoutBaseline(before));
      const input = inputOf(withoutBaseline(now(false)));
      const { conf } = composeOver(input, inForce(stood, false));
      const reopened = reopen(conf, stood.conf, compose(input).conf);
      t.is(renderRegistriesConf(reopened), renderRegistriesConf(stood.conf));
    }),
    runs,
  );
});

test('without a record, on every baseline, it takes no mirror, no block and no mark away', (t) => {
  fc.assert(
    fc.property(someLoss, ({ before, now }) => {
      const stood = composeWorld(before);
      const { conf } = composeOver(inputOf(now(false)), inForce(stood, false));
      const after = new Map(conf.registries.map((table) => [loadedScope(table), table]));
      for (const table of stood.conf.registries) {
        const scope = loadedScope(table);
        const found = after.get(scope);
        if (table.blocked) t.true(found?.blocked, scope);
        t.is(found?.insecure, table.insecure, scope);
        for (const each of table.mirrors)
          for (const kind of pullKinds.filter((one) => servesPull(table, each, one)))
            t.true(
              found?.mirrors.some(
                (other) => other.location === each.location && servesPull(found, other, kind),
              ),
              `${scope} ${each.location} ${kind}`,
            );
      }
    }),
    runs,
  );
});

for (const isKnown of [true, false]) {
  const record = isKnown ? 'with a record' : 'without a record';

  test(`${record}, nothing of the lost file goes whatever else changes, and the result is valid`, (t) => {
    fc.assert(
      fc.property(someLoss, ({ before, now }) => {
        const stood = composeWorld(before);
        const { conf } = composeOver(inputOf(now(true)), inForce(stood, isKnown));
        t.deepEqual(validateRegistriesConf(conf, 'f'), []);
        const after = new Map(conf.registries.map((table) => [loadedScope(table), table]));
        for (const table of stood.conf.registries) {
          const scope = loadedScope(table);
          const found = after.get(scope);
          const isLost = filesOf(table.origins).includes(lost.path);
          if (isLost && table.blocked) t.true(found?.blocked, scope);
          if (isLost && table.insecure) t.true(found?.insecure, scope);
          for (const mirror of table.mirrors.filter(({ origins }) => filesOf(origins).includes(lost.path)))
            for (const kind of pullKinds.filter((each) => servesPull(table, mirror, each)))
              t.true(
                found?.mirrors.some(
                  (other) => other.location === mirror.location && servesPull(found, other, kind),
                ),
                `${scope} ${mirror.location} ${effectivePull(table, mirror)}`,
              );
        }
      }),
      runs,
    );
  });

  test(`${record}, a second look at what was carried over gives the same bytes and the same sources`, (t) => {
    fc.assert(
      fc.property(someLoss, ({ before, now }) => {
        const stood = composeWorld(before);
        const input = inputOf(now(true));
        const once = composeOver(input, inForce(stood, isKnown));
        const twice = composeOver(input, inForce(once));
        t.is(renderRegistriesConf(twice.conf), renderRegistriesConf(once.conf));
        t.deepEqual(viewOf(twice.conf), viewOf(once.conf));
      }),
      runs,
    );
  });
}

test('[content] hosts reaches what is carried over', (t) => {
  const stood = composeWorld({
    rules: [rule({ kind: 'ITMS', source: 'quay.io', mirrors: ['m.x/a', 'n.x/a'], file: 'lost.yaml' })],
  });
  const { conf, findings } = composeOver({ ...inputOf({}), contentHosts: ['n.x'] }, inForce(stood));
  t.deepEqual(viewOf(conf), { 'quay.io': { digest: [], tag: ['n.x/a'] } });
  t.true(findings.some(({ id }) => id === 'ICSP119'));
});

test('without a record, what only seems to come from a wildcard stays once the wildcard is refused for what is lost', (t) => {
  const kept = image({ insecure: ['*.a.com'], file: 'kept.yaml' });
  const gone = image({ blocked: ['b.a.com'], insecure: ['cc.a.com/z'], file: 'lost.yaml' });
  const stood = composeWorld({ images: [kept, gone] });
  const { conf } = composeOver(inputOf({ images: [kept] }), inForce(stood, false));
  t.deepEqual(viewOf(conf), {
    'b.a.com': { digest: [], tag: [], blocked: true },
    'cc.a.com/z': { digest: [], tag: [], insecure: true },
  });
});
