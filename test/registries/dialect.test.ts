import test from 'ava';
import fc from 'fast-check';
import { dialectOf, expressInDialect } from '../../src/registries/dialect.ts';
import { effectivePull } from '../../src/registries/model.ts';
import { plausibleConfs } from './arbitraries.ts';
import { confOf, mirror, origin, registry } from './build.ts';

for (const version of ['1.25.0', 'v1.36.3', '1.29.13+ocp', '2.0.0', null, 'unknown']) {
  test(`CRI-O ${version ?? 'of unknown version'} knows pull-from-mirror`, (t) => {
    t.is(dialectOf(version), 'per-mirror');
  });
}

for (const version of ['1.24.6', 'v1.21.0-rc.1', '1.9.0', '0.9']) {
  test(`CRI-O ${version} does not know pull-from-mirror`, (t) => {
    t.is(dialectOf(version), 'per-registry');
  });
}

const digest = mirror('d.io', { pullFromMirror: 'digest-only' });
const tag = mirror('t.io', { pullFromMirror: 'tag-only', origins: [origin] });
const both = mirror('b.io', { pullFromMirror: 'all' });

test('the newer dialect changes nothing', (t) => {
  const conf = confOf(registry('a.com', { mirrors: [digest, tag] }));
  t.deepEqual(expressInDialect(conf, 'per-mirror'), { conf, findings: [] });
});

test('digest mirrors alone become mirror-by-digest-only', (t) => {
  const { conf, findings } = expressInDialect(
    confOf(registry('a.com', { mirrors: [digest] })),
    'per-registry',
  );
  t.deepEqual(conf, confOf(registry('a.com', { mirrorByDigestOnly: true, mirrors: [mirror('d.io')] })));
  t.deepEqual(findings, []);
});

test('equal orders need no restriction, however they are written', (t) => {
  const twins = [
    mirror('b.io', { pullFromMirror: 'digest-only' }),
    mirror('b.io', { pullFromMirror: 'tag-only' }),
  ];
  for (const mirrors of [[both], twins, [mirror('b.io')]]) {
    const { conf, findings } = expressInDialect(confOf(registry('a.com', { mirrors })), 'per-registry');
    t.deepEqual(conf, confOf(registry('a.com', { mirrors: [mirror('b.io')] })));
    t.deepEqual(findings, []);
  }
});

test('a tag order of its own is refused; the digest order and blocked stay', (t) => {
  const before = confOf(registry('a.com', { blocked: true, mirrors: [both, tag] }));
  const { conf, findings } = expressInDialect(before, 'per-registry');
  t.deepEqual(
    conf,
    confOf(registry('a.com', { blocked: true, mirrorByDigestOnly: true, mirrors: [mirror('b.io')] })),
  );
  t.like(findings[0], { id: 'ICSP270', severity: 'error', file: origin.file, line: origin.line });
  t.regex(findings[0]?.message ?? '', /"a\.com".*"t\.io"/);
});

test('tag mirrors alone leave the bare registry', (t) => {
  const { conf, findings } = expressInDialect(confOf(registry('a.com', { mirrors: [tag] })), 'per-registry');
  t.deepEqual(conf, confOf(registry('a.com')));
  t.is(findings.length, 1);
});

test('without a policy behind it, the file of the administrator is blamed', (t) => {
  const conf = confOf(registry('a.com', { mirrors: [mirror('t.io', { pullFromMirror: 'tag-only' })] }));
  t.is(expressInDialect(conf, 'per-registry', 'baseline.conf').findings[0]?.file, 'baseline.conf');
  t.is(expressInDialect(conf, 'per-registry').findings[0]?.file, null);
});

test('a table that a policy made is blamed on the policy, though its mirrors are those of the administrator', (t) => {
  const tagOnly = mirror('t.io', { pullFromMirror: 'tag-only' });
  const baseline = confOf(registry('a.com', { mirrors: [tagOnly] }));
  const conf = confOf(
    registry('a.com', { mirrors: [tagOnly], origins: [origin] }),
    registry('a.com/b', { mirrors: [tagOnly], origins: [origin] }),
    registry('a.com/c', {
      mirrors: [mirror('t.io'), mirror('d.io', { pullFromMirror: 'digest-only', origins: [origin] })],
    }),
  );
  const { findings } = expressInDialect(conf, 'per-registry', 'baseline.conf', baseline);
  t.deepEqual(
    findings.map(({ file, line }) => [file, line]),
    [
      ['baseline.conf', null],
      [origin.file, origin.line],
      [origin.file, origin.line],
    ],
  );
});

test('the older dialect never has pull-from-mirror, and no mirror ever serves more pulls than before', (t) => {
  const key = (location: string, insecure: boolean): string => `${location} ${String(insecure)}`;
  fc.assert(
    fc.property(plausibleConfs, (before) => {
      const { conf } = expressInDialect(before, 'per-registry');
      conf.registries.forEach((registryAfter, i) => {
        const registryBefore = before.registries[i] ?? registry('');
        const allowed = new Set(
          registryBefore.mirrors.flatMap((each) => {
            const pull = effectivePull(registryBefore, each);
            const kinds = pull === 'all' ? ['digest-only', 'tag-only'] : [pull];
            return kinds.map((kind) => `${kind} ${key(each.location, each.insecure)}`);
          }),
        );
        for (const each of registryAfter.mirrors) {
          if (!registryBefore.mirrorByDigestOnly) t.is(each.pullFromMirror, '');
          t.true(allowed.has(`digest-only ${key(each.location, each.insecure)}`));
          if (!registryAfter.mirrorByDigestOnly)
            t.true(allowed.has(`tag-only ${key(each.location, each.insecure)}`));
        }
      });
    }),
  );
});
