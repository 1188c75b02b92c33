import test from 'ava';
import { mergeConfs } from '../../src/registries/merge.ts';
import { read } from './build.ts';

const main = {
  file: 'main.conf',
  conf: read(`
unqualified-search-registries = ["s.com/"]
credential-helpers = ["h"]
short-name-mode = "enforcing"
[[registry]]
location = "b.com"
insecure = true
[[registry.mirror]]
location = "m.com"
[[registry]]
location = "a.com/"
[[registry]]
prefix = "a.com"
location = "other.com"
[aliases]
x = "a.com/x"
y = "a.com/y"
`),
};

function dropIn(text: string, file = 'd.conf'): { file: string; conf: ReturnType<typeof read> } {
  return { file, conf: read(text) };
}

test('registries are ordered by scope, without slashes at the end, the first of a scope in force', (t) => {
  const { registries, shadowed, findings } = mergeConfs(main, []);
  t.deepEqual(
    registries.map(({ scope, registry }) => [scope, registry.location]),
    [
      ['a.com', 'a.com/'],
      ['b.com', 'b.com'],
    ],
  );
  t.like(shadowed[0], { scope: 'a.com', by: 'main.conf', registry: { location: 'other.com' } });
  t.deepEqual(findings, []);
});

test('a drop-in replaces a whole registry and adds others; what it takes away is a finding', (t) => {
  const { byScope, shadowed, findings } = mergeConfs(main, [
    dropIn('[[registry]]\nlocation = "b.com"\n[[registry]]\nlocation = "c.com"\n'),
  ]);
  t.like(byScope.get('b.com'), { file: 'd.conf', registry: { insecure: false, mirrors: [] } });
  t.is(byScope.get('c.com')?.file, 'd.conf');
  t.true(
    shadowed.some(({ scope, file, by }) => scope === 'b.com' && file === 'main.conf' && by === 'd.conf'),
  );
  t.like(findings[0], { id: 'ICSP250', file: 'd.conf' });
  t.is(findings.length, 1);
});

test('of two drop-ins the later wins', (t) => {
  const { byScope } = mergeConfs(main, [
    dropIn('[[registry]]\nlocation = "b.com"\n', '1.conf'),
    dropIn('[[registry]]\nlocation = "b.com"\nblocked = true\n', '2.conf'),
  ]);
  t.like(byScope.get('b.com'), { file: '2.conf', registry: { blocked: true } });
});

test('lists are replaced if the key is there, even by an empty one', (t) => {
  const merged = mergeConfs(main, [dropIn('unqualified-search-registries = []\ncredential-helpers = []\n')]);
  t.deepEqual(merged.searchRegistries, { values: [], file: 'd.conf' });
  t.deepEqual(merged.credentialHelpers, { values: [], file: 'd.conf' });
  t.is(merged.findings[0]?.id, 'ICSP251');
});

test('lists stay if the key is absent, without slashes at the end', (t) => {
  t.deepEqual(mergeConfs(main, [dropIn('')]).searchRegistries, { values: ['s.com'], file: 'main.conf' });
});

test('an empty short-name-mode of a drop-in replaces nothing', (t) => {
  t.is(mergeConfs(main, [dropIn('short-name-mode = ""\n')]).shortNameMode?.values, 'enforcing');
});

test('aliases merge by name, each with its file', (t) => {
  const { aliases } = mergeConfs(main, [dropIn('[aliases]\nx = ""\nz = "a.com/z"\n')]);
  t.deepEqual(Object.fromEntries(aliases), {
    x: { value: '', file: 'd.conf' },
    y: { value: 'a.com/y', file: 'main.conf' },
    z: { value: 'a.com/z', file: 'd.conf' },
  });
});

test('tables of two files may differ in insecure and blocked, though they have the same location', (t) => {
  const { byScope, findings } = mergeConfs(main, [
    dropIn('[[registry]]\nprefix = "c.com"\nlocation = "b.com"\ninsecure = false\nblocked = true\n'),
  ]);
  t.like(byScope.get('b.com')?.registry, { insecure: true, blocked: false });
  t.like(byScope.get('c.com')?.registry, { insecure: false, blocked: true });
  t.deepEqual(findings, []);
});
