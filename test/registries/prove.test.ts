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
  ['a lost restriction', good.replace('pull-from-mirror = "digest-only"\n', ''), 'ICSP384'],
  ['a lost registry', '', 'ICSP384'],
  ['an added registry', `${good}[[registry]]\nlocation = "b.com"\n`, 'ICSP384'],
  ['an added flag', good.replace('"a.com"\n', '"a.com"\nblocked = true\n'), 'ICSP384'],
  ['a lost search list', good.replace(/^unqualified.*\n/m, ''), 'ICSP384'],
  ['an added unknown key', `x = 1\n${good}`, 'ICSP384'],
  ['a changed location', good.replace('m.com', 'n.com'), 'ICSP384'],
  ['a letter with an accent in a comment', good.replace('comment', 'commentaire é'), 'ICSP384'],
  ['a tab', good.replace('# ', '#\t'), 'ICSP384'],
  ['a carriage return', good.replace('\n', '\r\n'), 'ICSP384'],
  ['text that is no TOML', `${good}]`, 'ICSP202'],
];

const help = 'report this as a bug of icspd, with the policy files and the baseline';

test('a finding says what became of what, or which character is foreign', (t) => {
  const told = (text: string): readonly (readonly string[])[] =>
    proveRendering(text, conf, 'f').map((found) => [found.message, found.help]);
  t.deepEqual(told(good.replace('m.com', 'n.com')), [
    [
      'the rendering differs from what was composed: "registry.mirror [\\"m.com\\",false,\\"digest-only\\"]" became "registry.mirror [\\"n.com\\",false,\\"digest-only\\"]"',
      help,
    ],
  ]);
  t.deepEqual(told(`${good}[aliases]\na = "b.com/c"\n`), [
    ['the rendering differs from what was composed: "nothing" became "alias [\\"a\\",\\"b.com/c\\"]"', help],
  ]);
  t.deepEqual(told('unqualified-search-registries = ["s.com"]\n'), [
    [
      'the rendering differs from what was composed: "registry [\\"\\",\\"a.com\\",false,false,false,\\"\\"]" became "nothing"',
      help,
    ],
  ]);
  t.deepEqual(told(''), [
    [
      'the rendering differs from what was composed: "unqualified-search-registries [\\"s.com\\"]" became "unqualified-search-registries null"',
      help,
    ],
  ]);
  t.deepEqual(told('short-name-mode = "enforcing"\nunqualified-search-registries = ["s.com"]\n'), [
    [
      'the rendering differs from what was composed: "short-name-mode null" became "short-name-mode \\"enforcing\\""',
      help,
    ],
  ]);
  t.deepEqual(told('credential-helpers = ["a"]\nunqualified-search-registries = ["s.com"]\n'), [
    [
      'the rendering differs from what was composed: "credential-helpers null" became "credential-helpers [\\"a\\"]"',
      help,
    ],
  ]);
  t.deepEqual(told(`#\t${good}`), [['the rendering has the character "\\u{9}" at offset 1', help]]);
});

test('only the errors of the second reading are reported', (t) => {
  t.deepEqual(
    proveRendering('unknown = 1\nshort-name-mode = 1\n', conf, 'f').map(({ severity }) => severity),
    ['error'],
  );
});

test('the order of aliases does not matter', (t) => {
  const aliases = new Map([
    ['b', 'x.com/b'],
    ['a', 'x.com/a'],
  ]);
  t.deepEqual(
    proveRendering(`${good}[aliases]\na = "x.com/a"\nb = "x.com/b"\n`, { ...conf, aliases }, 'f'),
    [],
  );
});

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
