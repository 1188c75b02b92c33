import test from 'ava';
import { isPolicyFileName, type PolicyDirectory, selectPolicyFiles } from '../../src/policy/drop-ins.ts';
import { directory, file, ioError, local, other, untrusted, vendor } from './directories.ts';

function states(...directories: readonly PolicyDirectory[]): Readonly<Record<string, string>> {
  return Object.fromEntries(selectPolicyFiles(directories).map(({ path, state }) => [path, state]));
}

const good = [
  'a.yaml',
  'a.yml',
  'a.json',
  '10-a_b.c+d@e.yaml',
  'A.yaml',
  '0.json',
  `${'a'.repeat(201)}.yaml`,
];
for (const name of good) {
  test(`${name.slice(0, 30)} is a policy file's name`, (t) => t.true(isPolicyFileName(name)));
}

const bad = [
  '',
  'a',
  'a.conf',
  'a.YAML',
  'a.yaml~',
  '.a.yaml',
  '..data',
  '.#a.yaml',
  '-a.yaml',
  'a b.yaml',
  'a.yaml\n',
  'ä.yaml',
  'a\u001b.yaml',
  'a.yaml.bak',
  'a.yaml.rpmsave',
  '.yaml',
  `${'a'.repeat(202)}.yaml`,
  'a/b.yaml',
];
for (const name of bad) {
  test(`${JSON.stringify(name.slice(0, 30))} is none`, (t) => t.false(isPolicyFileName(name)));
}

test('a later directory replaces the same name in an earlier one', (t) => {
  t.deepEqual(
    states(directory(vendor, { 'a.yaml': 'x', 'b.yaml': 'x' }), directory(local, { 'a.yaml': 'y' })),
    {
      '/usr/lib/icsp.d/a.yaml': 'overridden',
      '/usr/lib/icsp.d/b.yaml': 'counts',
      '/etc/icsp.d/a.yaml': 'counts',
    },
  );
});

test('a mask hides the same name in earlier directories, and not in later ones', (t) => {
  const top = '/run/icsp.d';
  t.deepEqual(
    states(
      directory(vendor, { 'a.yaml': 'x' }),
      directory(local, { 'a.yaml': other('mask') }),
      directory(top, {}),
    ),
    { '/usr/lib/icsp.d/a.yaml': 'masked', '/etc/icsp.d/a.yaml': 'masked' },
  );
  t.deepEqual(states(directory(vendor, { 'a.yaml': other('mask') }), directory(local, { 'a.yaml': 'x' })), {
    '/usr/lib/icsp.d/a.yaml': 'overridden',
    '/etc/icsp.d/a.yaml': 'counts',
  });
});

for (const type of ['file', 'mask'] as const) {
  test(`an untrusted ${type} neither overrides nor masks; it is refused itself`, (t) => {
    t.deepEqual(
      states(
        directory(vendor, { 'a.yaml': 'x' }),
        directory(local, { 'a.yaml': { ...file('y', [untrusted]), type } }),
      ),
      { '/usr/lib/icsp.d/a.yaml': 'counts', '/etc/icsp.d/a.yaml': 'counts' },
    );
  });
}

test('distrust that is only a warning, as for paths on a command line, changes nothing', (t) => {
  const warned = file('y', [{ ...untrusted, severity: 'warning' }]);
  t.is(
    states(directory(vendor, { 'a.yaml': 'x' }), directory(local, { 'a.yaml': warned }))[
      '/usr/lib/icsp.d/a.yaml'
    ],
    'overridden',
  );
});

test('a file that cannot be read overrides all the same: the earlier one does not step in', (t) => {
  for (const entry of [other('unreadable', [ioError]), other('file', [ioError])]) {
    t.deepEqual(states(directory(vendor, { 'a.yaml': 'x' }), directory(local, { 'a.yaml': entry })), {
      '/usr/lib/icsp.d/a.yaml': 'overridden',
      '/etc/icsp.d/a.yaml': 'counts',
    });
  }
});

for (const type of ['directory', 'fifo', 'socket', 'device', 'dangling link'] as const) {
  test(`a ${type} is skipped with a notice, and replaces nothing`, (t) => {
    const selected = selectPolicyFiles([
      directory(vendor, { 'a.yaml': 'x' }),
      directory(local, { 'a.yaml': other(type) }),
    ]);
    t.deepEqual(
      selected.map(({ state }) => state),
      ['counts', 'skipped'],
    );
    t.deepEqual(
      selected[1]?.findings.map(({ id, severity }) => [id, severity]),
      [['ICSP008', 'notice']],
    );
  });
}

test('one that is untrusted is refused, not skipped, and replaces nothing either', (t) => {
  t.deepEqual(
    states(
      directory(vendor, { 'a.yaml': 'x' }),
      directory(local, { 'a.yaml': other('dangling link', [untrusted]) }),
    ),
    { '/usr/lib/icsp.d/a.yaml': 'counts', '/etc/icsp.d/a.yaml': 'counts' },
  );
});

const silent = ['..data', '.a.yaml.swp', 'a.yaml~', 'a.yaml.rpmnew', 'a.yaml.bak', 'a.yaml.tmp'];
for (const name of silent) {
  test(`${name} is skipped with a reason and without a notice, since nobody expects it to count`, (t) => {
    const [selected] = selectPolicyFiles([directory(local, { [name]: other('file') })]);
    t.is(selected?.state, 'skipped');
    t.truthy(selected?.reason);
    t.deepEqual(selected?.findings, []);
  });
}

test('a name that would forge a line is escaped in its notice', (t) => {
  const [selected] = selectPolicyFiles([directory(local, { 'a\n\u001b[2J.yaml': other('file') })]);
  t.regex(selected?.findings[0]?.message ?? '', /^"a\\u\{a\}\\u\{1b\}\[2J\.yaml"/);
});

test('a path that two arguments list counts once', (t) => {
  t.deepEqual(
    selectPolicyFiles([directory(local, { 'a.yaml': 'x' }), directory(local, { 'a.yaml': 'x' })]).map(
      ({ state }) => state,
    ),
    ['counts'],
  );
});
