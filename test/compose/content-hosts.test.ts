// Who may choose content, once [content] hosts is narrowed.
import test from 'ava';
import { composeWorld, image, mirror, registry, rule, viewOf } from './world.ts';

test('a refused tag mirror keeps its digest part', (t) => {
  const rules = [rule({ kind: 'ICSP+tags', source: 's.com', mirrors: ['bad.x', 'good.x/a'] })];
  const { conf, findings } = composeWorld({ rules, hosts: ['good.x'] });
  t.deepEqual(viewOf(conf), { 's.com': { digest: ['bad.x', 'good.x/a'], tag: ['good.x/a'] } });
  const refusals = findings.filter(({ severity }) => severity === 'error');
  t.deepEqual(
    refusals.map(({ id, line, column }) => [id, line, column]),
    [['ICSP119', 11, 9]],
  );
  t.regex(refusals[0]?.help ?? '', /hosts = \["good\.x", "bad\.x"\]/);
});

test('NeverContactSource holds though all tag mirrors of the entry are refused, also below the source', (t) => {
  const rules = [rule({ kind: 'ITMS', source: 's.com', mirrors: ['bad.x'], policy: 'never' })];
  const images = [image({ blocked: [] }), image({ insecure: ['s.com/ns'] })];
  const { conf } = composeWorld({ rules, images, hosts: ['s.com'] });
  t.deepEqual(viewOf(conf), {
    's.com': { digest: [], tag: [], blocked: true },
    's.com/ns': { digest: [], tag: [], blocked: true, insecure: true },
  });
});

test('an entry whose tag mirrors are all refused leaves nothing behind', (t) => {
  const rules = [rule({ kind: 'ITMS', source: 's.com', mirrors: ['bad.x'] })];
  t.deepEqual(viewOf(composeWorld({ rules, hosts: [] }).conf), {});
});

test('the source itself is no tag mirror that needs to be allowed', (t) => {
  const rules = [rule({ kind: 'ITMS', source: 's.com', mirrors: ['s.com', 'good.x'] })];
  const { conf } = composeWorld({ rules, hosts: ['good.x'] });
  t.deepEqual(viewOf(conf), { 's.com': { digest: [], tag: ['s.com', 'good.x'] } });
});

test('a source that the administrator fetches from elsewhere needs to be allowed as its own mirror, since it would go past him', (t) => {
  const rules = [
    rule({ kind: 'ITMS', source: 's.com', mirrors: ['s.com', 'good.x'] }),
    rule({ kind: 'ITMS', source: 't.com/ns', mirrors: ['t.com/ns', 'good.x'] }),
    rule({ kind: 'ITMS', source: 'u.com/ns', mirrors: ['u.com/ns', 'good.x'] }),
  ];
  const baseline = [
    registry({ prefix: 's.com', location: 'vetted.com/s' }),
    registry({ prefix: 't.com', location: 'vetted.com/t' }),
  ];
  const dropIn = [registry({ prefix: 'u.com', location: 'vetted.com/u' })];
  const { conf, findings } = composeWorld({ rules, baseline, dropIn, hosts: ['good.x'] });
  t.deepEqual(viewOf(conf), {
    's.com': { digest: [], tag: ['good.x'], location: 'vetted.com/s' },
    't.com': { digest: [], tag: [], location: 'vetted.com/t' },
    't.com/ns': { digest: [], tag: ['good.x'], location: 'vetted.com/t/ns' },
    'u.com/ns': { digest: [], tag: ['good.x'], location: 'vetted.com/u/ns' },
  });
  t.is(findings.filter(({ id }) => id === 'ICSP119').length, 3);
});

test('the line to put into icspd.conf is TOML, whatever the hosts are', (t) => {
  const rules = [rule({ kind: 'ITMS', source: 's.com', mirrors: ['bad.x'] })];
  const { findings } = composeWorld({ rules, hosts: ['a\\"b', 'user:pw@c'] });
  t.regex(findings[0]?.help ?? '', /= \["a\\\\\\"b", "user:pw@c", "bad\.x"\]$/);
});

test('digest mirrors need no permission', (t) => {
  const rules = [rule({ source: 's.com', mirrors: ['m.x'] })];
  const { conf, findings } = composeWorld({ rules, hosts: [] });
  t.deepEqual(viewOf(conf), { 's.com': { digest: ['m.x'], tag: [] } });
  t.false(findings.some(({ severity }) => severity === 'error'));
});

test('an insecure registry that is not allowed is refused, its port and its parent too', (t) => {
  const images = [image({ insecure: ['m.x/a', 'm.x:80', '*.x', 'o.x'] })];
  const { conf, findings } = composeWorld({ images, hosts: ['m.x'] });
  t.deepEqual(viewOf(conf), { 'm.x/a': { digest: [], tag: [], insecure: true } });
  t.deepEqual(
    findings.map(({ id }) => id),
    ['ICSP120', 'ICSP120', 'ICSP120'],
  );
});

test('a table whose pulls go elsewhere is insecure only if that other place may be', (t) => {
  const baseline = [registry({ prefix: 'a.com', location: 'up.com' })];
  const images = [image({ insecure: ['a.com'] })];
  t.is(viewOf(composeWorld({ baseline, images, hosts: ['a.com'] }).conf)['a.com']?.insecure, undefined);
  t.true(viewOf(composeWorld({ baseline, images, hosts: ['a.com', 'up.com'] }).conf)['a.com']?.insecure);
});

test('a search registry that is not allowed is refused alone', (t) => {
  const images = [image({ search: ['bad.io', 'good.io'] })];
  const { conf, findings } = composeWorld({ images, hosts: ['good.io'], search: ['base.io'] });
  t.deepEqual(conf.searchRegistries, ['good.io']);
  t.deepEqual(
    findings.map(({ id, line }) => [id, line]),
    [['ICSP121', 300]],
  );
  t.deepEqual(composeWorld({ images, hosts: [], search: ['base.io'] }).conf.searchRegistries, ['base.io']);
});

test('what the administrator allows in the baseline is not subject to content hosts', (t) => {
  const baseline = [registry({ location: 'a.com', insecure: true, mirrors: [mirror('m.x')] })];
  const { conf, findings } = composeWorld({ baseline, hosts: [], search: ['base.io'] });
  t.deepEqual([...conf.registries], baseline);
  t.deepEqual(findings, []);
});
