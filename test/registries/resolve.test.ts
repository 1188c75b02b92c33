import test from 'ava';
import fc from 'fast-check';
import { mergeConfs } from '../../src/registries/merge.ts';
import { resolvePull, rewriteReference } from '../../src/registries/resolve.ts';
import { hostileStrings, names, plausibleConfs } from './arbitraries.ts';
import { confOf, mirror, origin, read, registry } from './build.ts';

const sha = `@sha256:${'a'.repeat(64)}`;
const merged = mergeConfs(
  {
    file: 'main.conf',
    conf: read(`
[[registry]]
location = "quay.io"
[[registry.mirror]]
location = "wide.example"
[[registry]]
location = "quay.io/team"
[[registry.mirror]]
location = "d.example/team/"
insecure = true
pull-from-mirror = "digest-only"
[[registry.mirror]]
location = "t.example/team"
pull-from-mirror = "tag-only"
[[registry]]
location = "by.digest"
mirror-by-digest-only = true
[[registry.mirror]]
location = "d.example"
[[registry]]
location = "never.example"
blocked = true
[[registry.mirror]]
location = "m.example"
[[registry.mirror]]
location = "never.example/copy"
[[registry]]
prefix = "remapped.example"
location = "real.example"
blocked = true
[[registry]]
prefix = "*.wild.example"
[[registry.mirror]]
location = "m.example/wild"
[[registry]]
prefix = "never.matched/app:1"
location = "m.example/app"
[[registry]]
prefix = "never.matched/app@sha256:${'a'.repeat(64)}"
location = "m.example/app"
[[registry]]
location = "ported.example"
[[registry.mirror]]
location = "m.example"
[[registry]]
location = "broken.example"
[[registry.mirror]]
location = "m.example"
[[registry.mirror]]
location = "m.example/Up"
`),
  },
  [],
);

const rows: readonly (readonly [title: string, image: string, tried: readonly string[]])[] = [
  [
    'a tag pull uses tag mirrors, then the source',
    'quay.io/team/app:1',
    ['t.example/team/app:1', 'quay.io/team/app:1'],
  ],
  ['no tag means latest', 'quay.io/team/app', ['t.example/team/app:latest', 'quay.io/team/app:latest']],
  [
    'a digest pull uses digest mirrors',
    `quay.io/team/app${sha}`,
    [`d.example/team/app${sha} insecure`, `quay.io/team/app${sha}`],
  ],
  [
    'of tag and digest the digest decides',
    `quay.io/team/app:1${sha}`,
    [`d.example/team/app${sha} insecure`, `quay.io/team/app${sha}`],
  ],
  ['mirror-by-digest-only leaves tags to the source', 'by.digest/app:1', ['by.digest/app:1']],
  [
    'mirror-by-digest-only serves digests',
    `by.digest/app${sha}`,
    [`d.example/app${sha}`, `by.digest/app${sha}`],
  ],
  ['the narrower scope hides the broader', 'quay.io/other:1', ['wide.example/other:1', 'quay.io/other:1']],
  [
    'blocked is judged by the rewritten name',
    'never.example/app:1',
    ['m.example/app:1', 'never.example/copy/app:1 blocked', 'never.example/app:1 blocked'],
  ],
  [
    'blocked on a remapped prefix does not block the location',
    'remapped.example/app:1',
    ['real.example/app:1'],
  ],
  [
    'a wildcard without location leaves the name',
    'x.wild.example/app:1',
    ['m.example/wild/app:1', 'x.wild.example/app:1'],
  ],
  ['a prefix with a tag matches no pull', 'never.matched/app:1', ['never.matched/app:1']],
  ['a prefix with a digest matches no pull', `never.matched/app${sha}`, [`never.matched/app${sha}`]],
  [
    'a port behind the scope goes on behind a mirror that is a bare host',
    'ported.example:5000/app:1',
    ['m.example:5000/app:1', 'ported.example:5000/app:1'],
  ],
  ['an image in no scope is pulled from where it is', 'other.example/app:1', ['other.example/app:1']],
  ['a name without registry is on docker.io', 'alpine', ['docker.io/library/alpine:latest']],
];

for (const [title, image, tried] of rows) {
  test(title, (t) => {
    const { endpoints, problem } = resolvePull(merged, image);
    t.is(problem, null);
    t.deepEqual(
      endpoints.map(
        (each) => each.reference + (each.insecure ? ' insecure' : '') + (each.blocked ? ' blocked' : ''),
      ),
      tried,
    );
    t.is(endpoints.at(-1)?.via, 'source');
  });
}

test('one location that makes no valid reference fails the whole pull', (t) => {
  const { endpoints, problem } = resolvePull(merged, 'broken.example/app:1');
  t.deepEqual(endpoints, []);
  t.regex(problem ?? '', /^mirror "m\.example\/Up" .*lowercase$/);
});

test('a port carried over to a path fails the pull', (t) => {
  const port = resolvePull(merged, 'x.wild.example:5000/app');
  t.regex(port.problem ?? '', /invalid reference format$/);
});

test('what is no reference is a problem, not an exception', (t) => {
  t.regex(resolvePull(merged, 'quay.io/Team').problem ?? '', /lowercase/);
});

test('mirrors that are not used are named with the reason', (t) => {
  t.deepEqual(resolvePull(merged, 'quay.io/team/app:1').notUsed, [
    { location: 'd.example/team', reason: 'digest-only: does not serve pulls by tag' },
    { location: 'wide.example', reason: 'shadowed by the narrower scope "quay.io/team"' },
  ]);
});

test('mirrors that a drop-in replaced are named with the drop-in', (t) => {
  const main = { file: 'main.conf', conf: confOf(registry('a.com', { mirrors: [mirror('m.com')] })) };
  const dropIn = { file: 'd.conf', conf: confOf(registry('a.com')) };
  const { matched, notUsed } = resolvePull(mergeConfs(main, [dropIn]), 'a.com/app');
  t.deepEqual(matched, { scope: 'a.com', file: 'd.conf' });
  t.deepEqual(notUsed, [{ location: 'm.com', reason: 'replaced by the drop-in "d.conf"' }]);
});

test('each endpoint names the policy entry and the file that put it there', (t) => {
  const conf = confOf(registry('a.com', { mirrors: [mirror('m.com', { origins: [origin] })] }));
  const { endpoints } = resolvePull(mergeConfs({ file: 'main.conf', conf }, []), 'a.com/app');
  t.like(endpoints[0], { via: 'mirror', location: 'm.com', origins: [origin], file: 'main.conf' });
  t.like(endpoints[1], { via: 'source', location: 'a.com', origins: [] });
});

test('never throws, and either has a problem or ends at the source', (t) => {
  fc.assert(
    fc.property(plausibleConfs, fc.oneof(names, hostileStrings), (conf, image) => {
      const { endpoints, problem } = resolvePull(mergeConfs({ file: 'f', conf }, []), image);
      t.is(problem === null, endpoints.at(-1)?.via === 'source');
    }),
  );
});

const layered = mergeConfs(
  {
    file: 'main.conf',
    conf: read(`[[registry]]
location = "a.com"
[[registry.mirror]]
location = "main.x/"
[[registry.mirror]]
location = "tag.x"
pull-from-mirror = "tag-only"
[[registry]]
location = "a.com"
[[registry.mirror]]
location = "second.x"
[[registry]]
location = "b.com"
[[registry.mirror]]
location = "other.x"
[[registry]]
location = "a.com/b"
[[registry.mirror]]
location = "inner.x"
[[registry.mirror]]
location = "inner-tag.x"
pull-from-mirror = "tag-only"
[[registry]]
location = "a.com/b"
[[registry.mirror]]
location = "later.x"
[[registry]]
prefix = "*.example"
[[registry.mirror]]
location = "wild.x"
`),
  },
  [
    {
      file: '50.conf',
      conf: read('[[registry]]\nlocation = "a.com"\n[[registry.mirror]]\nlocation = "drop.x"\n'),
    },
  ],
);

test('each mirror that is not used says why', (t) => {
  t.deepEqual(resolvePull(layered, `a.com/b/c@sha256:${'0'.repeat(64)}`).notUsed, [
    { location: 'inner-tag.x', reason: 'tag-only: does not serve pulls by digest' },
    { location: 'drop.x', reason: 'shadowed by the narrower scope "a.com/b"' },
    { location: 'later.x', reason: 'an earlier [[registry]] of "main.conf" has the same scope' },
  ]);
  t.deepEqual(resolvePull(layered, 'a.com/x').notUsed, [
    { location: 'second.x', reason: 'an earlier [[registry]] of "main.conf" has the same scope' },
    { location: 'main.x', reason: 'replaced by the drop-in "50.conf"' },
    { location: 'tag.x', reason: 'replaced by the drop-in "50.conf"' },
  ]);
});

test('a name that no table matches is pulled from itself', (t) => {
  const reference = 'c.com/x:latest';
  t.deepEqual(resolvePull(layered, 'c.com/x'), {
    reference,
    matched: null,
    endpoints: [
      {
        reference,
        location: 'c.com/x',
        insecure: false,
        blocked: false,
        via: 'source',
        origins: [],
        file: null,
      },
    ],
    notUsed: [],
    problem: null,
  });
});

test('the source of a wildcard without location is the name itself', (t) => {
  const { endpoints } = resolvePull(layered, 'a.example/x');
  t.deepEqual(
    endpoints.map(({ location, reference }) => [location, reference]),
    [
      ['wild.x', 'wild.x/x:latest'],
      ['a.example/x', 'a.example/x:latest'],
    ],
  );
});

test('what is no reference is tried nowhere', (t) => {
  t.deepEqual(resolvePull(layered, 'A B'), {
    reference: 'A B',
    matched: null,
    endpoints: [],
    notUsed: [],
    problem: '"A B" is not an image reference: invalid reference format: repository name must be lowercase',
  });
});

test('a reference is rewritten only by a scope that matches it, to a location that there is', (t) => {
  const reference = { name: 'a.com/x', domain: 'a.com', path: 'x', tag: null, digest: null };
  t.deepEqual(rewriteReference(reference, 'b.com', 'c.com'), {
    ok: false,
    reason: 'the scope "b.com" does not match "a.com/x"',
  });
  t.deepEqual(rewriteReference(reference, 'a.com', ''), {
    ok: false,
    reason: 'the scope "a.com" has no location and is no wildcard',
  });
  t.deepEqual(rewriteReference(reference, '*.com', ''), { ok: true, reference });
});
