import test from 'ava';
import fc from 'fast-check';
import {
  formatReference,
  parseCanonical,
  parseNormalized,
  parseReference,
} from '../../src/registries/reference.ts';

const sha = `sha256:${'a'.repeat(64)}`;

const normalized: readonly (readonly [text: string, result: string])[] = [
  ['alpine', 'docker.io/library/alpine'],
  ['alpine:3', 'docker.io/library/alpine:3'],
  ['team/app', 'docker.io/team/app'],
  ['index.docker.io/app', 'docker.io/library/app'],
  ['localhost/app', 'localhost/app'],
  ['localhost', 'docker.io/library/localhost'],
  ['host:5000/app', 'host:5000/app'],
  ['host.example', 'docker.io/library/host.example'],
  ['Host.example/app:Tag', 'Host.example/app:Tag'],
  ['under_score.example/app', 'under_score.example/app'],
  [`a.example/app:1@${sha}`, `a.example/app:1@${sha}`],
  [`a.example/app@sha512:${'0'.repeat(128)}`, `a.example/app@sha512:${'0'.repeat(128)}`],
  [`a.example/app@sha384:${'0'.repeat(96)}`, `a.example/app@sha384:${'0'.repeat(96)}`],
  ['a.example/a__b/c---d', 'a.example/a__b/c---d'],
  [`${'a'.repeat(64)}/app`, `docker.io/${'a'.repeat(64)}/app`],
  [`a.example/${'b'.repeat(245)}`, `a.example/${'b'.repeat(245)}`],
];

for (const [text, result] of normalized) {
  test(`${text} means ${result}`, (t) => {
    const parsed = parseNormalized(text);
    t.is(parsed.ok ? formatReference(parsed.reference) : parsed.reason, result);
  });
}

const refused: readonly (readonly [text: string, reason: RegExp])[] = [
  ['', /^invalid reference format$/],
  ['a.example/App', /lowercase/],
  ['FOO/app', /lowercase/],
  // The case of the path is looked at before the form of the whole, and that of the tag is not.
  ['a.example/a!P', /lowercase/],
  ['a.example/a:P!', /^invalid reference format$/],
  ['a.example//app', /^invalid reference format$/],
  ['a.example/app/', /^invalid reference format$/],
  ['a.example/app:1:2', /^invalid reference format$/],
  ['a.example/a___b', /^invalid reference format$/],
  ['-a.example/app', /^invalid reference format$/],
  ['[::1]:5000/app', /^invalid reference format$/],
  ['docker://a.example/app', /^invalid reference format$/],
  [`a.example/app:${'t'.repeat(129)}`, /^invalid reference format$/],
  ['a'.repeat(64), /64-byte hexadecimal/],
  [`a.example/${'b'.repeat(246)}`, /255 characters/],
  [`a.example/app@sha256:${'a'.repeat(63)}`, /digest length/],
  [`a.example/app@sha256:${'A'.repeat(64)}`, /digest format/],
  [`a.example/app@sha256:A${'a'.repeat(63)}`, /digest format/],
  [`a.example/app@sha256:${'a'.repeat(63)}A`, /digest format/],
  [`a.example/app@md5:${'a'.repeat(32)}`, /digest algorithm/],
  [`a.example/app@sha256+b64:${'a'.repeat(32)}`, /digest algorithm/],
  [`a.example/app:1@Md5:${'a'.repeat(32)}`, /digest format/],
];

for (const [text, reason] of refused) {
  test(`${JSON.stringify(text.slice(0, 40))} is refused: ${reason.source}`, (t) => {
    const parsed = parseNormalized(text);
    t.regex(parsed.ok ? 'accepted' : parsed.reason, reason);
  });
}

for (const text of [
  'alpine',
  'docker.io/alpine',
  'index.docker.io/library/alpine',
  'mirror/app',
  'm.example',
]) {
  test(`${text} is not canonical`, (t) => {
    const parsed = parseCanonical(text);
    t.is(parsed.ok ? 'accepted' : parsed.reason, 'repository name must be canonical');
  });
}

test('a short name has no domain, or one that is no registry', (t) => {
  t.like(parseReference('fedora'), { reference: { domain: '', path: 'fedora' } });
  t.like(parseReference('library/fedora'), { reference: { domain: 'library', path: 'fedora' } });
});

for (const [text, reason] of [
  ['', 'repository name must have at least one component'],
  ['fedorA', 'invalid reference format: repository name must be lowercase'],
  ['fedora!', 'invalid reference format'],
] as const) {
  test(`without a default registry, ${JSON.stringify(text)} is refused: ${reason}`, (t) => {
    t.deepEqual(parseReference(text), { ok: false, reason });
  });
}

test('what parses is its own normal form', (t) => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'B', '1', '.', '/', ':', '-', '_', '@'),
    maxLength: 30,
  });
  fc.assert(
    fc.property(text, (input) => {
      const once = parseNormalized(input);
      if (!once.ok) return;
      const formatted = formatReference(once.reference);
      t.deepEqual(parseCanonical(formatted), once);
    }),
  );
  t.pass();
});

for (const bait of ['a', 'a.', 'a-', 'a/', 'a:', '-', 'a_', '1:1/']) {
  test(`a long run of ${JSON.stringify(bait)} costs linear time`, (t) => {
    const start = performance.now();
    parseNormalized(`${bait.repeat(20_000)}!`);
    t.true(performance.now() - start < 5000);
  });
}
