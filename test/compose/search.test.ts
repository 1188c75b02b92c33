// Which search list wins.
import test from 'ava';
import { composeWorld, image } from './world.ts';

const rows = [
  {
    title: 'a search list replaces that of the baseline',
    lists: [['a.io', 'b.io']],
    expected: ['a.io', 'b.io'],
  },
  { title: 'equal search lists count once', lists: [['a.io'], ['a.io']], expected: ['a.io'] },
  {
    title: 'different search lists leave the list of the baseline',
    lists: [['a.io'], ['b.io']],
    expected: ['base.io'],
  },
  {
    title: 'the same registries in another order are a different list',
    lists: [
      ['a.io', 'b.io'],
      ['b.io', 'a.io'],
    ],
    expected: ['base.io'],
  },
  { title: 'an empty search list asks for nothing', lists: [[]], expected: ['base.io'] },
  { title: 'an empty search list contradicts no other', lists: [[], ['a.io']], expected: ['a.io'] },
] as const;

for (const { title, lists, expected } of rows) {
  test(title, (t) => {
    const images = lists.map((search, i) => image({ search, file: `${i}.yaml` }));
    t.deepEqual(composeWorld({ images, search: ['base.io'] }).conf.searchRegistries, expected);
  });
}

test('different search lists are an error at each list but the first, naming both', (t) => {
  const images = [image({ search: ['a.io'], file: 'b.yaml' }), image({ search: ['b.io'], file: 'a.yaml' })];
  const { findings } = composeWorld({ images });
  t.deepEqual(
    findings.map(({ id, severity, file, line }) => [id, severity, file, line]),
    [['ICSP112', 'error', 'b.yaml', 300]],
  );
  t.regex(findings[0]?.message ?? '', /a\.yaml:300.*b\.yaml:300/);
});
