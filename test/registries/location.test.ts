// Locations and scopes as containers/image keeps them.
import test from 'ava';
import { firstOfEachScope, loadedScope, trimLocation } from '../../src/registries/location.ts';
import { registry } from './build.ts';

test('slashes at the end are no part of a location', (t) => {
  t.is(trimLocation('a.com/ns//'), 'a.com/ns');
  t.is(trimLocation('//'), '');
});

test('of several tables of one scope the first is in force, however the scope is written', (t) => {
  const first = registry('a.com');
  const tables = [first, registry('b.com'), registry('a.com/'), { ...registry('c.com'), prefix: 'a.com' }];
  t.deepEqual(
    [...firstOfEachScope(tables, loadedScope)],
    [
      ['a.com', first],
      ['b.com', registry('b.com')],
    ],
  );
});
