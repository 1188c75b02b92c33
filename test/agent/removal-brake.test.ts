// Where the removal brake takes hold: beyond ten sources and beyond half of them, and never for what the baseline has.
import test from 'ava';
import { describeRemoval, findRemoval } from '../../src/agent/removal-brake.ts';
import { emptyConf, type RegistriesConf } from '../../src/registries/model.ts';
import { confOf, mirror, registry } from '../registries/build.ts';

/** Tables for the sources `from` to `to`, each with one mirror. */
function sources(from: number, to: number, host = 'm.example'): RegistriesConf {
  const numbers = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
  return confOf(...numbers.map((n) => registry(`quay.io/${n}`, { mirrors: [mirror(`${host}/${n}`)] })));
}

const none = emptyConf;

const rows: readonly (readonly [
  title: string,
  inForce: RegistriesConf,
  wanted: RegistriesConf,
  baseline: RegistriesConf,
  gone: number | null,
])[] = [
  ['ten sources may go, though they are all', sources(1, 10), none, none, null],
  ['eleven of eleven wait', sources(1, 11), none, none, 11],
  ['eleven of 22 are not more than half', sources(1, 22), sources(12, 22), none, null],
  ['eleven of 21 are', sources(1, 21), sources(12, 21), none, 11],
  ['other mirrors take no source away', sources(1, 40), sources(1, 40, 'new.example'), none, null],
  ['sources that come make up for none that go', sources(1, 20), sources(21, 60), none, 20],
  ['what the baseline says as well does not go', sources(1, 40), sources(1, 40), sources(1, 40), null],
  ['tables of the baseline do not count among ours', sources(1, 50), sources(1, 39), sources(1, 30), 11],
  [
    'a source whose table is the baseline again has gone',
    sources(1, 20, 'new.example'),
    sources(1, 20),
    sources(1, 20),
    20,
  ],
];

for (const [title, inForce, wanted, baseline, gone] of rows) {
  test(title, (t) => {
    t.is(findRemoval(inForce, wanted, baseline)?.gone.length ?? null, gone);
  });
}

test('the first ten are named, and how many more there are', (t) => {
  const removal = findRemoval(sources(1, 12), none, none);
  t.not(removal, null);
  const { message } = describeRemoval(removal ?? { gone: [], count: 0 }, '/etc/containers/registries.conf');
  t.regex(message, /^12 of the 12 sources .*: "quay\.io\/1", .*, "quay\.io\/10" and 2 more$/);
});
