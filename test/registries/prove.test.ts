import test from 'ava';
import { proveRendering } from '../../src/registries/prove.ts';
import { confOf, mirror, origin, registry } from './build.ts';

const conf = {
  ...confOf(
    registry('a.com', { origins: [origin], mirrors: [mirror('m.com', { pullFromMirror: 'digest-only' })] }),
  ),
  searchRegistries: ['s.com'],
};

const good = `# comment
unqualified-search-registries = ["s.com"]
[[registry]]
location = "a.com"
[[registry.mirror]]
location = "m.com"
pull-from-mirror = "digest-only"
`;

test('a text that says the same passes, comments and origins apart', (t) => {
  t.deepEqual(proveRendering(good, conf, 'f'), []);
});

const bad: readonly (readonly [title: string, text: string, id: string])[] = [
  ['a lost restriction', good.replace('pull-from-mirror = "digest-only"\n', ''), 'ICSP260'],
  ['a lost registry', '', 'ICSP260'],
  ['an added registry', `${good}[[registry]]\nlocation = "b.com"\n`, 'ICSP260'],
  ['an added flag', good.replace('"a.com"\n', '"a.com"\nblocked = true\n'), 'ICSP260'],
  ['a lost search list', good.replace(/^unqualified.*\n/m, ''), 'ICSP260'],
  ['an added unknown key', `x = 1\n${good}`, 'ICSP260'],
  ['a changed location', good.replace('m.com', 'n.com'), 'ICSP260'],
  ['a letter with an accent in a comment', good.replace('comment', 'commentaire é'), 'ICSP261'],
  ['a tab', good.replace('# ', '#\t'), 'ICSP261'],
  ['a carriage return', good.replace('\n', '\r\n'), 'ICSP261'],
  ['text that is no TOML', `${good}]`, 'ICSP202'],
];

for (const [title, text, id] of bad) {
  test(`${title} is found`, (t) => {
    const findings = proveRendering(text, conf, 'f');
    t.deepEqual(
      findings.map((finding) => finding.id),
      [id],
    );
    t.is(findings[0]?.severity, 'error');
  });
}
