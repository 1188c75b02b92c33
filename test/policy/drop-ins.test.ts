import test from 'ava';
import {
  type DirectoryEntry,
  isPolicyFileName,
  type PolicyDirectory,
  selectPolicyFiles,
} from '../../src/policy/drop-ins.ts';
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

const others =
  'its name has other characters than letters, digits and . _ @ + -, begins with one of these, or is too long';
const rename = 'rename it if it is meant to count, else move it away';
const regular = 'put a regular file in its place, or remove it';

const skipped: readonly (readonly [
  name: string,
  type: DirectoryEntry['type'],
  reason: string,
  help: string | null,
])[] = [
  ['.a.yaml', 'file', 'its name begins with a dot', null],
  ['a.yaml~', 'file', 'its name ends in ~', null],
  ['a.yaml.rpmsave', 'file', 'its name ends in .rpmsave', null],
  ['a~b.yaml', 'file', others, rename],
  ['a b.bak.yaml', 'file', others, rename],
  ['a.yaml.x', 'file', 'its name does not end in .yaml, .yml or .json', rename],
  ['a.yaml', 'directory', 'it is a directory', 'move its files directly into the policy directory'],
  ['a.yaml', 'fifo', 'it is a fifo', regular],
  ['a.yaml', 'socket', 'it is a socket', regular],
  ['a.yaml', 'device', 'it is a device', regular],
  ['a.yaml', 'dangling link', 'it is a link to nothing', 'remove the link, or make it point to a file'],
];

for (const [name, type, reason, help] of skipped) {
  test(`a ${type} ${name} is skipped: ${reason}`, (t) => {
    const [selected] = selectPolicyFiles([directory(local, { [name]: { ...file('x'), type } })]);
    t.is(selected?.state, 'skipped');
    t.is(selected?.reason, reason);
    t.deepEqual(
      selected?.findings.map((found) => [found.message, found.help]),
      help === null ? [] : [[`${JSON.stringify(name)} does not count as a policy file: ${reason}`, help]],
    );
  });
}
