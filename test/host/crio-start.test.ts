import test from 'ava';
import { findRegistriesConf, readStart, type CrioFiles } from '../../src/host/crio-start.ts';

function properties(argv: string, other: Readonly<Record<string, string>> = {}): ReadonlyMap<string, string> {
  const execStart = `{ path=/usr/bin/crio ; argv[]=/usr/bin/crio${argv} ; ignore_errors=no ; start_time=[Sun 2026-11-22 11:49:14 UTC] ; stop_time=[n/a] ; pid=127 ; code=(null) ; status=0/0 }`;
  return new Map(Object.entries({ ExecStart: execStart, ...other }));
}

const starts: readonly (readonly [
  string,
  ReadonlyMap<string, string>,
  Readonly<Record<string, string>>,
  readonly string[],
])[] = [
  ['no arguments', properties(''), {}, []],
  ['plain arguments', properties(' --config /etc/crio/crio.conf'), {}, ['--config', '/etc/crio/crio.conf']],
  ['quoted arguments', properties(' --a="b c" \'d "e\' f\\ g'), {}, ['--a=b c', 'd "e', 'f g']],
  [
    'a variable alone becomes its words, as CRI-O’s own unit has it',
    properties(' $CRIO_CONFIG_OPTIONS $CRIO_UNSET', {
      EnvironmentFiles: '/etc/sysconfig/crio (ignore_errors=yes)\n/missing (ignore_errors=yes)',
    }),
    { '/etc/sysconfig/crio': '# options\nCRIO_CONFIG_OPTIONS="--log-level info --x \'y z\'"\n;c\n' },
    ['--log-level', 'info', '--x', 'y z'],
  ],
  [
    'a variable in braces stays one word',
    properties(' --a=${A}/${B}', { Environment: 'HOME=/root "A=b c"' }),
    {},
    ['--a=b c/'],
  ],
  [
    'a file overrides Environment=, and a later file an earlier one',
    properties(' $A', {
      Environment: 'A=1',
      EnvironmentFiles: '/1 (ignore_errors=no)\n/2 (ignore_errors=no)',
    }),
    { '/1': 'A=2', '/2': '  A=3  ' },
    ['3'],
  ],
];

for (const [title, unit, files, expected] of starts) {
  test(`arguments: ${title}`, (t) => {
    const start = readStart(unit, (path) => files[path] ?? null);
    t.is(start?.binary, '/usr/bin/crio');
    t.deepEqual(start?.argv, ['/usr/bin/crio', ...expected]);
  });
}

test('a unit that is not there starts nothing', (t) => {
  t.is(
    readStart(new Map([['ExecStart', '']]), () => null),
    null,
  );
  t.is(
    readStart(new Map(), () => null),
    null,
  );
});

const nothing: CrioFiles = { registriesConf: null, registriesConfDir: null, home: '/root' };
const found: readonly (readonly [
  string,
  readonly string[],
  Readonly<Record<string, string>>,
  Partial<CrioFiles>,
])[] = [
  ['nothing is said', [], {}, {}],
  ['the flag and its value', ['--registries-conf', '/a'], {}, { registriesConf: '/a' }],
  ['the flag with =', ['--registries-conf=/a'], {}, { registriesConf: '/a' }],
  ['the flag with one dash', ['-registries-conf', '/a'], {}, { registriesConf: '/a' }],
  ['the last flag counts', ['--registries-conf=/a', '--registries-conf=/b'], {}, { registriesConf: '/b' }],
  [
    'the flag for the directory is another one',
    ['--registries-conf-dir=/d'],
    {},
    { registriesConfDir: '/d' },
  ],
  [
    'the variables',
    [],
    { CONTAINER_REGISTRIES_CONF: '/a', CONTAINER_REGISTRIES_CONF_DIR: '/d' },
    { registriesConf: '/a', registriesConfDir: '/d' },
  ],
  [
    'the flag goes before the variable',
    ['--registries-conf=/a'],
    { CONTAINER_REGISTRIES_CONF: '/b' },
    { registriesConf: '/a' },
  ],
  ['an empty variable says nothing', [], { CONTAINER_REGISTRIES_CONF: '' }, {}],
  ['the variable of Podman is not CRI-O’s', [], { CONTAINERS_REGISTRIES_CONF: '/a' }, {}],
  ['another home', [], { HOME: '/var/home' }, { home: '/var/home' }],
];

for (const [title, argv, environment, expected] of found) {
  test(`registries.conf: ${title}`, (t) => {
    const start = { argv: ['/usr/bin/crio', ...argv], environment: new Map(Object.entries(environment)) };
    t.deepEqual(findRegistriesConf(start), { ...nothing, ...expected });
  });
}
