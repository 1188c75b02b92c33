// Where two configurations send the same pull to different places.
import test from 'ava';
import { mergeConfs, type MergedConf } from '../../src/registries/merge.ts';
import { compareResolution, type Difference } from '../../src/registries/same-resolution.ts';
import { read } from './build.ts';

function merged(text: string): MergedConf {
  return mergeConfs({ file: 'f', conf: read(text) }, []);
}

const table = '[[registry]]\n';
const mirror = '[[registry.mirror]]\n';

const rows: readonly (readonly [
  title: string,
  before: string,
  after: string,
  found: readonly Difference[],
])[] = [
  ['nothing', '', '', []],
  ['a table that changes nothing', '', `${table}location = "a.com"\n`, []],
  [
    'a mirror that comes, for digests and tags',
    '',
    `${table}location = "a.com"\n${mirror}location = "m.x"\n`,
    [{ scope: 'a.com', before: 'a.com/a@…', after: 'm.x/a@…, a.com/a@…' }],
  ],
  [
    'a mirror for tags that goes',
    `${table}location = "a.com"\n${mirror}location = "m.x"\npull-from-mirror = "tag-only"\n`,
    `${table}location = "a.com"\n`,
    [{ scope: 'a.com', before: 'm.x/a:a, a.com/a:a', after: 'a.com/a:a' }],
  ],
  [
    'flags',
    `${table}location = "a.com"\n`,
    `${table}location = "a.com"\nblocked = true\ninsecure = true\n`,
    [{ scope: 'a.com', before: 'a.com/a@…', after: 'a.com/a@… (insecure) (blocked)' }],
  ],
  [
    'a repository, which is an image itself',
    '',
    `${table}prefix = "a.com/b"\nlocation = "c.com/d"\n`,
    [{ scope: 'a.com/b', before: 'a.com/b@…', after: 'c.com/d@…' }],
  ],
  [
    'a wildcard',
    '',
    `${table}prefix = "*.a.com"\nlocation = "b.com"\n`,
    [{ scope: '*.a.com', before: 'a.a.com/a@…', after: 'b.com/a@…' }],
  ],
  [
    'a pull that fails',
    '',
    `${table}prefix = "a.com"\nlocation = "B"\n`,
    [
      {
        scope: 'a.com',
        before: 'a.com/a@…',
        after:
          'fails: source "B" makes no valid reference, which fails the whole pull: invalid reference format: repository name must be lowercase',
      },
    ],
  ],
  [
    'one name below a scope',
    `${table}prefix = "a.com"\nlocation = "docker.io/b"\n`,
    `${table}prefix = "a.com"\nlocation = "docker.io/b"\n${table}prefix = "a.com/a"\nlocation = "c.com/x"\n`,
    [
      { scope: 'a.com', before: 'docker.io/b/a@…', after: 'c.com/x@…' },
      { scope: 'a.com/a', before: 'docker.io/b/a@…', after: 'c.com/x@…' },
    ],
  ],
  [
    'several scopes, ascending by byte',
    `${table}location = "b.com"\nblocked = true\n`,
    `${table}location = "a.com"\nblocked = true\n${table}location = "B.com"\nblocked = true\n`,
    [
      { scope: 'B.com', before: 'B.com/a@…', after: 'B.com/a@… (blocked)' },
      { scope: 'a.com', before: 'a.com/a@…', after: 'a.com/a@… (blocked)' },
      { scope: 'b.com', before: 'b.com/a@… (blocked)', after: 'b.com/a@…' },
    ],
  ],
];

for (const [title, before, after, found] of rows) {
  test(`what differs: ${title}`, (t) => {
    t.deepEqual(compareResolution(merged(before), merged(after)), found);
  });
}
