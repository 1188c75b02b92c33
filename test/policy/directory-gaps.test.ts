// What a policy directory that is gone, unreadable or untrusted says and holds.
import test from 'ava';
import { fillGaps, isGap } from '../../src/policy/directory-gaps.ts';
import type { PolicyDirectory } from '../../src/policy/drop-ins.ts';
import { directory, file, local, untrusted } from './directories.ts';

function gone(path: string, state: 'missing' | 'unreadable'): PolicyDirectory {
  return { path, state, entries: [], findings: [] };
}

function lastAccepted(...paths: readonly string[]): ReadonlyMap<string, unknown> {
  return new Map(paths.map((path) => [path, true]));
}

const texts: readonly (readonly [
  state: 'missing' | 'unreadable',
  names: readonly string[],
  message: string,
  help: string,
])[] = [
  [
    'missing',
    ['a.yaml', 'b.yaml'],
    'the policy directory "/etc/icsp.d" is missing; 2 files that it held stay in force',
    'mkdir /etc/icsp.d and put the files back; left empty it means that they are removed',
  ],
  [
    'unreadable',
    ['a.yaml'],
    'the policy directory "/etc/icsp.d" cannot be read; one file that it held stays in force',
    'make it a directory that root can list and nobody else can write; an empty one means that its files are removed',
  ],
];

for (const [state, names, message, help] of texts) {
  test(`a directory that is ${state} says what stays in force, and what to do`, (t) => {
    const { directories, findings } = fillGaps(
      [gone(local, state)],
      lastAccepted(...names.map((name) => `${local}/${name}`), '/elsewhere/c.yaml'),
    );
    t.is(findings.length, 1);
    t.like(findings[0], { id: 'ICSP048', file: local, message, help });
    const [gap] = findings;
    t.deepEqual(
      directories[0]?.entries,
      names.map((name) => ({
        name,
        path: `${local}/${name}`,
        type: 'unreadable',
        content: null,
        digest: null,
        findings: gap === undefined ? [] : [gap],
      })),
    );
  });
}

test('where nothing listed has held a policy, the name of the missing directory must be wrong', (t) => {
  const { directories, findings } = fillGaps(
    [directory('/usr/lib/icsp.d', {}), gone('/etc/ics p.d', 'missing')],
    lastAccepted('/etc/icsp.d/a.yaml'),
  );
  t.deepEqual(
    findings.map(({ message, help }) => [message, help]),
    [
      [
        'the policy directory "/etc/ics p.d" is not there, and no listed one has held a policy; what "/etc/icsp.d" held stays in force',
        "correct policy-dirs in icspd.conf, or mkdir -p '/etc/ics p.d': left empty it means that there are no policies",
      ],
    ],
  );
  t.deepEqual(
    directories[1]?.entries.map(({ path }) => path),
    ['/etc/icsp.d/a.yaml'],
  );
});

test('what a directory itself has to say is passed on, whatever is missing', (t) => {
  const complaint = { ...gone(local, 'unreadable'), findings: [untrusted] };
  t.deepEqual(fillGaps([complaint], lastAccepted()).findings, [untrusted]);
  const { findings } = fillGaps([complaint], lastAccepted('/etc/other.d/a.yaml'));
  t.deepEqual(findings[0], untrusted);
  t.is(findings.length, 2);
});

test('in an untrusted directory, what is refused by itself is left alone, and the rest stands in', (t) => {
  const { entries } = directory(local, { 'a.yaml': file('x', [untrusted]), 'b.yaml': 'y', 'c.yaml': 'z' });
  const { directories, findings } = fillGaps(
    [{ path: `${local}/`, state: 'unreadable', entries, findings: [] }],
    lastAccepted(`${local}/a.yaml`, `${local}/b.yaml`, `${local}/sub/d.yaml`),
  );
  t.regex(findings[0]?.message ?? '', /one file/);
  t.deepEqual(
    directories[0]?.entries.map(({ name, type }) => [name, type]),
    [
      ['a.yaml', 'file'],
      ['c.yaml', 'file'],
      ['b.yaml', 'unreadable'],
    ],
  );
});

test('a directory that nobody can look into is a gap, and one of packages that is not there is none', (t) => {
  t.true(isGap({ path: local, state: 'missing' }));
  t.true(isGap({ path: '/usr/lib/icsp.d', state: 'unreadable' }));
  t.false(isGap({ path: '/usr/lib/icsp.d', state: 'missing' }));
  t.false(isGap({ path: local, state: 'listed' }));
});
