import test from 'ava';
import { validateOwnLocations } from '../../src/registries/own-locations.ts';
import { confOf, mirror, origin, registry } from './build.ts';

const rows: readonly (readonly [title: string, source: string, mirror: string, ids: readonly string[]])[] = [
  ['a mirror with registry and path serves a folder', 'quay.io/team', 'm.example/team', []],
  ['a mirror with a port serves a folder', 'quay.io/team', 'm.example:5000', []],
  ['a mirror with upper case in its path breaks every pull', 'quay.io/team', 'm.example/Team', ['ICSP384']],
  ['a mirror without registry breaks every pull', 'quay.io/team', 'mirror', ['ICSP384']],
  ['a mirror with a tag breaks every pull', 'quay.io/team', 'm.example/team:v1', ['ICSP384']],
  ['a mirror with a double slash breaks every pull', 'quay.io/team', 'm.example//team', ['ICSP384']],
  ['a mirror on IPv6 breaks every pull', 'quay.io/team', '[::1]:5000/team', ['ICSP384']],
  [
    'docker.io needs two components, which a folder does not give it',
    'quay.io/team',
    'docker.io',
    ['ICSP384'],
  ],
  ['docker.io with a user serves a folder', 'quay.io/team', 'docker.io/team', []],
  [
    'docker.io mirrored to a bare host works, since its names have two components',
    'docker.io',
    'm.example',
    [],
  ],
  ['index.docker.io is never canonical', 'quay.io/team', 'index.docker.io/team', ['ICSP384']],
  [
    'a slash at the end is refused, though newer libraries trim it',
    'quay.io/team',
    'm.example/team/',
    ['ICSP384'],
  ],
  ['a bare host hands its port on to a bare host', 'quay.io', 'm.example', []],
  ['a host with a port has none to hand on', 'quay.io:443', 'm.example/quay', []],
  ['a wildcard with a bare host', '*.quay.io', 'm.example', []],
];

for (const [title, source, location, ids] of rows) {
  test(title, (t) => {
    const conf = confOf(
      registry(source, { origins: [origin], mirrors: [mirror(location, { origins: [origin] })] }),
    );
    t.deepEqual(
      validateOwnLocations(conf, 'test.conf').map(({ id }) => id),
      ids,
    );
  });
}

test("an administrator's mirror is left alone, in a table of its own and beside a mirror of ours", (t) => {
  const own = mirror('mirror', {});
  const ours = mirror('m.example/team', { origins: [origin] });
  t.deepEqual(validateOwnLocations(confOf(registry('quay.io/team', { mirrors: [own] })), 'f'), []);
  t.deepEqual(validateOwnLocations(confOf(registry('quay.io/team', { mirrors: [own, ours] })), 'f'), []);
});

test('what is said names the mirror and the source, or what ends with a slash', (t) => {
  const conf = confOf(
    registry('quay.io/team/', {
      origins: [origin],
      mirrors: [mirror('m.example/Team/', { origins: [origin] }), mirror('mine/', {})],
    }),
  );
  t.deepEqual(
    validateOwnLocations(conf, 'f').map(({ file, line, message, help }) => [file, line, message, help]),
    [
      [origin.file, origin.line, 'scope "quay.io/team/" ends with a slash', 'remove the slash at the end'],
      [origin.file, origin.line, 'mirror "m.example/Team/" ends with a slash', 'remove the slash at the end'],
      [
        origin.file,
        origin.line,
        'mirror "m.example/Team" of "quay.io/team" makes no valid reference, so that every pull of the source would fail: invalid reference format: repository name must be lowercase',
        'write the mirror as host[:port][/path] in lower case',
      ],
    ],
  );
});

test('a scope of the administrator may end with a slash, though a mirror of ours stands in its table', (t) => {
  const conf = confOf(registry('quay.io/team/', { mirrors: [mirror('m.example', { origins: [origin] })] }));
  t.deepEqual(validateOwnLocations(conf, 'f'), []);
});

test('the finding points at the policy entry', (t) => {
  const conf = confOf(registry('quay.io/team', { mirrors: [mirror('mirror', { origins: [origin] })] }));
  t.like(validateOwnLocations(conf, 'f')[0], { file: origin.file, line: origin.line, severity: 'error' });
});
