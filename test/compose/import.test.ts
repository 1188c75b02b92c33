// What import makes of a file: which tables become policies, which stay and why; and that no pull changes.
import test from 'ava';
import fc from 'fast-check';
import { compose } from '../../src/compose/compose.ts';
import { importConf, type Imported } from '../../src/compose/import.ts';
import { hasErrors } from '../../src/finding.ts';
import { readPolicy } from '../../src/policy/read-policy.ts';
import { mergeConfs, type MergedConf } from '../../src/registries/merge.ts';
import type { RegistriesConf } from '../../src/registries/model.ts';
import { renderRegistriesConf } from '../../src/registries/render.ts';
import { resolvePull, type PullEndpoint } from '../../src/registries/resolve.ts';
import { validateRegistriesConf } from '../../src/registries/validate.ts';
import { names, plausibleConfs } from '../registries/arbitraries.ts';
import { read } from '../registries/build.ts';
import { someTable } from './some-world.ts';

const table = (text: string): string => `[[registry]]\n${text}`;
const mirror = (location: string, more = ''): string =>
  `[[registry.mirror]]\nlocation = "${location}"\n${more}`;

/** What composing the policy over the baseline that is left gives. */
function composeAgain({ policy, baseline }: Imported): RegistriesConf {
  const bytes = new TextEncoder().encode(policy === '' ? '#\n' : policy);
  const { content } = readPolicy('imported.yaml', bytes);
  return compose({ content, baseline, dropIns: [], contentHosts: ['*'] }).conf;
}

const merged = (conf: RegistriesConf): MergedConf => mergeConfs({ file: 'f', conf }, []);

const expressible: readonly (readonly [title: string, toml: string, policy: RegExp, scopes: number])[] = [
  [
    'a mirror for all pulls is one for digests and one for tags',
    table(`location = "quay.io/team"\n${mirror('m.x/team')}`),
    /ImageDigestMirrorSet[\s\S]*- source: quay\.io\/team\n {6}mirrors:\n {8}- m\.x\/team\n---[\s\S]*ImageTagMirrorSet[\s\S]*- source: quay\.io\/team/,
    1,
  ],
  [
    'mirror-by-digest-only is a mirror for digests',
    table(`location = "quay.io"\nmirror-by-digest-only = true\n${mirror('m.x')}`),
    /^(?!.*ImageTagMirrorSet)[\s\S]*ImageDigestMirrorSet/,
    1,
  ],
  [
    'a blocked source with mirrors is never contacted',
    table(`location = "quay.io"\nblocked = true\n${mirror('m.x')}`),
    /mirrorSourcePolicy: NeverContactSource/,
    1,
  ],
  [
    'a blocked registry without mirrors is one of blockedRegistries',
    table('location = "bad.example"\nblocked = true\n'),
    /kind: Image\n[\s\S]*blockedRegistries:\n {6}- bad\.example\n/,
    1,
  ],
  [
    'an insecure registry may have insecure mirrors in others',
    table(`location = "m.x:5000"\ninsecure = true\n\n`) +
      table(`location = "quay.io"\n${mirror('m.x:5000', 'insecure = true\n')}`),
    /insecureRegistries:\n {6}- m\.x:5000\n/,
    2,
  ],
  [
    'search registries are the policies’ business',
    'unqualified-search-registries = ["quay.io", "docker.io"]\n',
    /containerRuntimeSearchRegistries:\n {6}- quay\.io\n {6}- docker\.io\n/,
    0,
  ],
  [
    'a wildcard is quoted',
    table(`prefix = "*.example.com"\n${mirror('m.x')}`),
    /- source: "\*\.example\.com"\n/,
    1,
  ],
];

for (const [title, toml, policy, scopes] of expressible) {
  test(title, (t) => {
    const imported = importConf(read(toml));
    t.regex(imported.policy, policy);
    t.is(imported.scopeCount, scopes);
    t.deepEqual(imported.kept, []);
    t.is(renderRegistriesConf(imported.baseline), '');
  });
}

const kept: readonly (readonly [title: string, toml: string, scope: string, reason: RegExp])[] = [
  [
    'another name for the pulls',
    table('prefix = "a.com/x"\nlocation = "b.com/y"\n'),
    'a.com/x',
    /go to "b\.com\/y"/,
  ],
  [
    'an insecure mirror of a registry that is secure itself',
    table(`location = "quay.io"\n${mirror('m.x', 'insecure = true\n')}`),
    'quay.io',
    /its mirror "m\.x" is insecure/,
  ],
  ['a key that nobody knows', table('location = "a.com"\nblocked = true\nodd = 1\n'), 'a.com', /"odd"/],
  ['a table that says nothing but its name', table('location = "a.com"\n'), 'a.com', /broader table/],
  [
    'a mirror that breaks pulls, which a policy may not name',
    table(`location = "a.com"\n${mirror('m')}`),
    'a.com',
    /no dot and no port/,
  ],
  [
    'a source that is asked twice',
    table(`location = "a.com"\n${mirror('m.x')}${mirror('a.com')}`),
    'a.com',
    /would change pulls of a\.com, now: m\.x\/a@…, a\.com\/a@…, a\.com\/a@…; then: m\.x\/a@…, a\.com\/a@…/,
  ],
  [
    'a registry whose mirrors a narrower table would inherit',
    table(`location = "a.com"\n${mirror('m.x')}\n`) + table('location = "a.com/b"\n'),
    'a.com',
    /would change pulls of a\.com\/b/,
  ],
];

for (const [title, toml, scope, reason] of kept) {
  test(`what stays in the baseline: ${title}`, (t) => {
    const imported = importConf(read(toml));
    t.regex(imported.kept.find((one) => one.scope === scope)?.reason ?? 'not kept', reason);
    t.is(imported.policy, '');
    t.is(renderRegistriesConf(imported.baseline), renderRegistriesConf(read(toml)));
  });
}

test('an empty search list, aliases and settings stay, whatever becomes of the tables', (t) => {
  const settings = 'unqualified-search-registries = []\nshort-name-mode = "permissive"\n';
  const aliases = '\n[aliases]\nx = "quay.io/x"\n';
  const { baseline } = importConf(
    read(`${settings}\n${table(`location = "q.io"\n${mirror('m.x')}`)}${aliases}`),
  );
  t.is(renderRegistriesConf(baseline), settings + aliases);
});

test('the pulls of every scope are shown before and after, by digest and by tag', (t) => {
  const { pulls } = importConf(
    read(table(`location = "quay.io/a"\nmirror-by-digest-only = true\n${mirror('m.x/a')}`)),
  );
  const both = (places: readonly string[]): object => ({ before: places, after: places });
  t.deepEqual(pulls, [
    { scope: 'quay.io/a', digest: both(['m.x/a@…', 'quay.io/a@…']), tag: both(['quay.io/a:a']) },
  ]);
});

const confs = fc.oneof(
  plausibleConfs,
  fc.array(someTable, { maxLength: 6 }).map((registries): RegistriesConf => ({ ...read(''), registries })),
);

/** Where the pull goes and how, without who said so. */
function placeOf({ reference, insecure, blocked, via }: PullEndpoint): readonly unknown[] {
  return [reference, insecure, blocked, via];
}

/** Names around those of the tables: in them, below them, beside them, with a port. */
const pulled = fc.tuple(
  fc.oneof(names, fc.constantFrom('a.com', 'a.com/x', 'b.a.com', 'bb.a.com:1/z', 'o.org', 'm.x', 'n.x:1')),
  fc.constantFrom('/a', '/x', '/x/y/z', '/team/app'),
  fc.constantFrom(':a', `@sha256:${'0'.repeat(64)}`),
);

test('law: composing what was imported resolves every pull as the file did', (t) => {
  let tried = 0;
  let imports = 0;
  const property = fc.property(confs, fc.array(pulled, { maxLength: 12 }), (conf, references) => {
    tried += 1;
    if (hasErrors(validateRegistriesConf(conf, 'f'))) return;
    const imported = importConf(conf);
    if (imported.scopeCount > 0) imports += 1;
    const [before, after] = [merged(conf), merged(composeAgain(imported))];
    for (const reference of references.map((parts) => parts.join(''))) {
      const [was, is] = [resolvePull(before, reference), resolvePull(after, reference)];
      t.deepEqual(is.endpoints.map(placeOf), was.endpoints.map(placeOf), reference);
      t.is(is.problem, was.problem);
    }
    t.deepEqual(after.searchRegistries?.values, before.searchRegistries?.values);
    t.deepEqual([...after.aliases], [...before.aliases]);
    for (const { digest, tag } of imported.pulls) {
      t.deepEqual([digest.after, tag.after], [digest.before, tag.before]);
    }
  });
  fc.assert(property, { numRuns: 1_000 });
  t.true(imports > tried / 10, `${imports} of ${tried} files had something to import`);
});
