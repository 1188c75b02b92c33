import test from 'ava';
import { findContentChoosers } from '../../src/registries/content-choosers.ts';
import { mergeConfs } from '../../src/registries/merge.ts';
import { parseRegistriesConf } from '../../src/registries/parse.ts';

/** What the text entrusts, one line each. */
function choosers(text: string): readonly string[] {
  const { conf } = parseRegistriesConf(new TextEncoder().encode(text), '/r.conf');
  if (conf === null) throw new Error('the text does not parse');
  return findContentChoosers(mergeConfs({ file: '/r.conf', conf }, [])).map(
    ({ how, who, scope }) => `${how} ${who} ${scope ?? '*'}`,
  );
}

const mirror = (keys: string): string =>
  `[[registry]]\nlocation = "q.io/a"\n[[registry.mirror]]\nlocation = "m.io/a"\n${keys}`;

const rows: readonly (readonly [string, string, readonly string[]])[] = [
  ['nobody, where nothing is configured', '', []],
  ['a digest mirror can only fail', mirror('pull-from-mirror = "digest-only"\n'), []],
  [
    'a tag mirror chooses what a tag means',
    mirror('pull-from-mirror = "tag-only"\n'),
    ['tag mirror m.io/a q.io/a'],
  ],
  ['a mirror that says nothing serves tags too', mirror(''), ['tag mirror m.io/a q.io/a']],
  [
    'an insecure mirror lets everybody on the path choose',
    mirror('pull-from-mirror = "digest-only"\ninsecure = true\n'),
    ['insecure m.io/a q.io/a'],
  ],
  ['an insecure source, too', '[[registry]]\nlocation = "q.io"\ninsecure = true\n', ['insecure q.io q.io']],
  [
    'an insecure wildcard is known by its scope',
    '[[registry]]\nprefix = "*.q.io"\ninsecure = true\n',
    ['insecure *.q.io *.q.io'],
  ],
  [
    'the source as a mirror of itself is no other party',
    '[[registry]]\nlocation = "q.io/a"\n[[registry.mirror]]\nlocation = "q.io/a"\n',
    [],
  ],
  [
    'a search registry chooses what short names mean',
    'unqualified-search-registries = ["s.io"]\n',
    ['search registry s.io *'],
  ],
  [
    'an alias chooses for its name; an erased one does not',
    '[aliases]\nfedora = "s.io/fedora"\ngone = ""\n',
    ['alias s.io/fedora fedora'],
  ],
];

for (const [title, text, expected] of rows) {
  test(title, (t) => t.deepEqual(choosers(text), expected));
}
