// More entries than a call can have arguments: nothing of composition passes a whole list as arguments.
import test from 'ava';
import type { Origin } from '../../src/origin.ts';
import { noContent, type ScopeEntry } from '../../src/policy/rule.ts';
import { compose } from '../../src/compose/compose.ts';
import { emptyConf } from '../../src/registries/model.ts';

const count = 150_000;

const entries: readonly ScopeEntry[] = Array.from({ length: count }, (_, i) => ({
  value: 'quay.io',
  column: 9,
  origin: {
    file: `${Math.floor(i / 10_000)}.yaml`,
    line: i,
    kind: 'Image',
    name: 'cluster',
  } satisfies Origin,
}));

test('one scope that 150 000 entries block and make insecure is one table', (t) => {
  const image = {
    insecure: entries,
    blocked: entries,
    search: null,
    origin: { file: 'a', line: 1, kind: 'Image', name: 'cluster' },
  };
  const { conf } = compose({
    content: { ...noContent, registrySources: [image] },
    baseline: emptyConf,
    dropIns: [],
    contentHosts: ['*'],
  });
  t.is(conf.registries.length, 1);
  t.like(conf.registries[0], { location: 'quay.io', blocked: true, insecure: true });
  t.is(conf.registries[0]?.origins.length, count);
});
