import test from 'ava';
import { auditRegistriesConf } from '../../src/registries/audit.ts';
import { read } from './build.ts';

const table = '[[registry]]\n';
const mirror = '[[registry.mirror]]\n';

const rows: readonly (readonly [title: string, text: string, ids: readonly string[]])[] = [
  ['plain tables raise nothing', `${table}location = "a.com/b"\n${mirror}location = "m.com/b"\n`, []],
  ['a scope with a tag matches no pull', `${table}location = "a.com/b:v1"\n`, ['ICSP240']],
  ['a scope without registry matches no pull', `${table}location = "team/app"\n`, ['ICSP240']],
  ['a scope with upper case in its path matches no pull', `${table}location = "a.com/B"\n`, ['ICSP240']],
  [
    'index.docker.io matches no pull, since names are normalized',
    `${table}location = "index.docker.io"\n`,
    ['ICSP240'],
  ],
  ['a prefix of slashes matches no pull', `${table}prefix = "//"\nlocation = "a.com"\n`, ['ICSP240']],
  [
    'a host, a host with port, localhost and a wildcard match',
    `${table}location = "a.com"\n${table}location = "a:5000"\n${table}location = "localhost"\n${table}prefix = "*.a.com"\n`,
    [],
  ],
  [
    'the second table of a scope is ignored',
    `${table}location = "a.com"\n${table}prefix = "a.com/"\nlocation = "a.com"\n`,
    ['ICSP241'],
  ],
  [
    'blocked on a remapped prefix does not block its location',
    `${table}prefix = "p.com"\nlocation = "l.com"\nblocked = true\n`,
    ['ICSP242'],
  ],
  [
    'blocked on a remapped prefix blocks if the location is blocked too',
    `${table}prefix = "p.com"\nlocation = "l.com/x"\nblocked = true\n${table}location = "l.com"\nblocked = true\n`,
    [],
  ],
  ['blocked on a wildcard without location blocks', `${table}prefix = "*.p.com"\nblocked = true\n`, []],
  [
    'a mirror that makes no valid reference is told',
    `${table}location = "a.com"\n${mirror}location = "m.com/Up"\n`,
    ['ICSP243'],
  ],
  [
    'a location that makes no valid reference is told',
    `${table}prefix = "a.com"\nlocation = "user@l.com"\n`,
    ['ICSP243'],
  ],
];

for (const [title, text, ids] of rows) {
  test(title, (t) => {
    const findings = auditRegistriesConf(read(text), 'test.conf');
    t.deepEqual(
      findings.map(({ id }) => id),
      ids,
    );
    t.true(findings.every(({ severity }) => severity === 'warning'));
  });
}
