import test from 'ava';
import fc from 'fast-check';
import { type AcceptedBytes, type Acceptance, acceptPolicies } from '../../src/policy/accept.ts';
import type { PolicyDirectory } from '../../src/policy/drop-ins.ts';
import { directory, file, ioError, local, other, untrusted, vendor } from './directories.ts';
import { document } from './reading.ts';

const now = '2026-02-01T00:00:00.000Z';
const earlier = '2026-01-01T00:00:00.000Z';
const none: ReadonlyMap<string, AcceptedBytes> = new Map();

/** A policy with one source. */
function policy(source: string): string {
  return document(
    'config.openshift.io/v1',
    'ImageTagMirrorSet',
    `imageTagMirrors: [{source: ${source}, mirrors: [m.example/x]}]`,
  );
}

const broken = policy('https://a.b');
const newer = document('config.openshift.io/v9', 'ImageTagMirrorSet', '{}');
const path = '/etc/icsp.d/a.yaml';

function remembered(at: string, text: string): AcceptedBytes {
  return { path: at, bytes: new TextEncoder().encode(text), digest: `digest of ${text}`, since: earlier };
}

function accept(directories: readonly PolicyDirectory[], last: readonly AcceptedBytes[] = []): Acceptance {
  return acceptPolicies({
    directories,
    lastAccepted: new Map(last.map((bytes) => [bytes.path, bytes])),
    now,
  });
}

function sources({ content }: Acceptance): readonly string[] {
  return content.rules.map(({ source }) => source);
}

function ids({ findings }: Acceptance): readonly string[] {
  return findings.map(({ id }) => id);
}

test('a good file is in force and remembered', (t) => {
  const seen = accept([directory(local, { 'a.yaml': policy('a.b') })]);
  t.deepEqual(sources(seen), ['a.b']);
  t.deepEqual(seen.files, [
    { path, state: 'accepted', reason: null, standingInSince: null, digest: `digest of ${policy('a.b')}` },
  ]);
  t.like(seen.accepted.get(path), { path, digest: `digest of ${policy('a.b')}`, since: now });
  t.deepEqual(seen.findings, []);
});

test('bytes that did not change keep their time; bytes that did get a new one', (t) => {
  const last = [remembered(path, policy('a.b'))];
  t.is(accept([directory(local, { 'a.yaml': policy('a.b') })], last).accepted.get(path)?.since, earlier);
  t.is(accept([directory(local, { 'a.yaml': policy('c.d') })], last).accepted.get(path)?.since, now);
});

test('a bad file never blocks a good one', (t) => {
  const seen = accept([directory(local, { 'a.yaml': broken, 'b.yaml': policy('b.c') })]);
  t.deepEqual(sources(seen), ['b.c']);
  t.deepEqual(
    seen.files.map(({ state }) => state),
    ['refused', 'accepted'],
  );
  t.false(seen.accepted.has(path));
});

const refusals: readonly (readonly [what: string, entry: ReturnType<typeof file> | string, state: string])[] =
  [
    ['has an error', broken, 'refused'],
    ['is of a newer version', newer, 'unsupported'],
    ['can be written by others', file(policy('evil.example'), [untrusted]), 'refused'],
    ['cannot be read', other('unreadable', [ioError]), 'refused'],
    ['has no bytes and no reason', other('file'), 'refused'],
    ['has no bytes and is of no type', other('unreadable'), 'refused'],
  ];
for (const [what, entry, state] of refusals) {
  test(`a file that ${what} is ${state}: its last accepted bytes stand in, with a warning`, (t) => {
    const seen = accept([directory(local, { 'a.yaml': entry })], [remembered(path, policy('a.b'))]);
    t.deepEqual(sources(seen), ['a.b']);
    t.like(seen.files[0], { path, state, standingInSince: earlier, digest: `digest of ${policy('a.b')}` });
    t.truthy(seen.files[0]?.reason);
    t.true(ids(seen).includes('ICSP009'));
    t.is(seen.accepted.get(path)?.since, earlier);
  });

  test(`a file that ${what} is ${state}: with nothing accepted before, nothing of it counts`, (t) => {
    const seen = accept([directory(local, { 'a.yaml': entry })]);
    t.deepEqual(sources(seen), []);
    t.like(seen.files[0], { state, standingInSince: null, digest: null });
    t.true(seen.findings.some(({ severity }) => severity === 'error'));
    t.is(seen.accepted.size, 0);
  });
}

test('the same name in an earlier directory does not step in for a refused file', (t) => {
  const seen = accept([
    directory(vendor, { 'a.yaml': policy('vendor.example') }),
    directory(local, { 'a.yaml': broken }),
  ]);
  t.deepEqual(sources(seen), []);
  t.deepEqual(
    seen.files.map(({ state }) => state),
    ['refused', 'overridden'],
  );
});

test('an untrusted file does not override a trusted one', (t) => {
  const seen = accept([
    directory(vendor, { 'a.yaml': policy('vendor.example') }),
    directory(local, { 'a.yaml': file(policy('evil.example'), [untrusted]) }),
  ]);
  t.deepEqual(sources(seen), ['vendor.example']);
});

test('but the bytes that were accepted before it lost its trust go on overriding', (t) => {
  const untrustedFile = directory(local, { 'a.yaml': file(policy('evil.example'), [untrusted]) });
  const seen = accept(
    [directory(vendor, { 'a.yaml': policy('vendor.example') }), untrustedFile],
    [remembered(path, policy('a.b'))],
  );
  t.deepEqual(sources(seen), ['a.b']);
});

const ends: readonly (readonly [what: string, directories: readonly PolicyDirectory[]])[] = [
  ['deleting', [directory(local, {})]],
  ['renaming', [directory(local, { 'b.yaml': policy('c.d') })]],
  ['masking', [directory(local, { 'a.yaml': other('mask') })]],
  [
    'overriding',
    [directory(local, { 'a.yaml': broken }), directory('/run/icsp.d', { 'a.yaml': policy('c.d') })],
  ],
  ['putting a directory in the place of', [directory(local, { 'a.yaml': other('directory') })]],
  ['leaving out the directory of', []],
];
for (const [what, directories] of ends) {
  test(`${what} a file ends its last accepted bytes`, (t) => {
    const seen = accept(directories, [remembered(path, policy('a.b'))]);
    t.false(sources(seen).includes('a.b'));
    t.false(seen.accepted.has(path));
  });
}

for (const state of ['missing', 'unreadable'] as const) {
  const gone: PolicyDirectory = { path: local, state, entries: [], findings: [] };

  test(`a directory that is ${state} keeps what it contributed, and says once what to do`, (t) => {
    const deeper = remembered('/etc/icsp.d/sub/c.yaml', policy('c.d'));
    const sibling = remembered('/etc/icsp.d2/d.yaml', policy('d.e'));
    const seen = accept(
      [gone],
      [remembered(path, policy('a.b')), remembered('/etc/icsp.d/b.yaml', policy('b.c')), deeper, sibling],
    );
    t.deepEqual(sources(seen), ['a.b', 'b.c']);
    t.deepEqual(
      seen.files.map((seenFile) => [seenFile.state, seenFile.standingInSince]),
      [
        ['refused', earlier],
        ['refused', earlier],
      ],
    );
    const about = seen.findings.filter(({ id }) => id === 'ICSP048');
    t.is(about.length, 1);
    t.regex(about[0]?.help ?? '', state === 'missing' ? /^mkdir/ : /empty/);
    t.deepEqual([...seen.accepted.keys()], [path, '/etc/icsp.d/b.yaml']);
  });

  test(`a directory that is ${state} and never contributed counts as empty`, (t) => {
    const seen = accept([directory(vendor, { 'a.yaml': policy('a.b') }), gone]);
    t.deepEqual(sources(seen), ['a.b']);
    t.deepEqual(seen.findings, []);
  });

  test(`a directory that is ${state} goes on overriding, and is overridden as before`, (t) => {
    const last = [remembered(path, policy('a.b'))];
    t.deepEqual(sources(accept([directory(vendor, { 'a.yaml': policy('v.w') }), gone], last)), ['a.b']);
    t.deepEqual(sources(accept([gone, directory('/run/icsp.d', { 'a.yaml': policy('r.s') })], last)), [
      'r.s',
    ]);
  });
}

test('an untrusted directory lists only what is refused, and what is missing from it stays too', (t) => {
  const listed = directory(local, { 'a.yaml': file(policy('evil.example'), [untrusted]) });
  const last = [remembered(path, policy('a.b')), remembered('/etc/icsp.d/b.yaml', policy('b.c'))];
  const seen = accept([{ ...listed, state: 'unreadable', findings: [untrusted] }], last);
  t.deepEqual(sources(seen), ['a.b', 'b.c']);
});

for (const type of ['fifo', 'directory', 'socket', 'device', 'dangling link'] as const) {
  test(`in an untrusted directory a ${type} under an accepted name takes nothing away`, (t) => {
    const listed = directory(local, { 'a.yaml': other(type) });
    const seen = accept(
      [
        directory(vendor, { 'a.yaml': policy('v.w') }),
        { ...listed, state: 'unreadable', findings: [untrusted] },
      ],
      [remembered(path, policy('a.b'))],
    );
    t.deepEqual(sources(seen), ['a.b']);
    t.is(seen.files.filter((each) => each.path === path).length, 1);
    t.true(seen.accepted.has(path));
  });

  test(`a ${type} that somebody else can have put there is refused, and takes nothing away`, (t) => {
    const listed = directory(local, { 'a.yaml': other(type, [untrusted]) });
    const seen = accept([listed], [remembered(path, policy('a.b'))]);
    t.deepEqual(sources(seen), ['a.b']);
    t.is(seen.files[0]?.state, 'refused');
    t.true(ids(seen).includes('ICSP001'));
  });
}

test('last accepted bytes that this version cannot read count for nothing, say so, and are kept', (t) => {
  const seen = accept([directory(local, { 'a.yaml': broken })], [remembered(path, newer)]);
  t.deepEqual(sources(seen), []);
  t.like(seen.files[0], { state: 'unsupported', standingInSince: null, digest: null });
  t.true(ids(seen).includes('ICSP049'));
  t.false(ids(seen).includes('ICSP009'));
  t.true(seen.accepted.has(path));
});

test('files come in the order of their paths, findings in that of file and line', (t) => {
  const twice = `${policy('registry')}---\n${policy('index.docker.io')}`;
  const seen = accept([
    directory(vendor, { 'z.yaml': policy('z.y') }),
    directory(local, { 'b.yaml': policy('b.c'), 'a.yaml': twice }),
  ]);
  t.deepEqual(sources(seen), ['registry', 'index.docker.io', 'b.c', 'z.y']);
  t.deepEqual(
    seen.findings.map(({ file: name, line }) => [name, line]),
    [
      [path, 5],
      [path, 11],
    ],
  );
});

test('a reading that the caller remembers is not made again', (t) => {
  const asked: string[] = [];
  acceptPolicies({
    directories: [directory(local, { 'a.yaml': policy('a.b') })],
    lastAccepted: none,
    now,
    read: (at, _bytes, digest) => {
      asked.push(`${at} ${digest}`);
      return { state: 'accepted', content: { objects: [], rules: [], registrySources: [] }, findings: [] };
    },
  });
  t.deepEqual(asked, [`${path} digest of ${policy('a.b')}`]);
});

test('a law: the order in which a directory is listed changes nothing, and what was accepted is accepted again', (t) => {
  const texts = fc.constantFrom(policy('a.b'), policy('c.d'), broken, newer, policy('registry'));
  const names = fc.constantFrom('a.yaml', 'b.yml', 'c.json', 'd.yaml', '.e.yaml', 'f.txt');
  fc.assert(
    fc.property(fc.dictionary(names, texts), (entries) => {
      const forward = directory(local, entries);
      const once = accept([forward]);
      t.deepEqual(accept([{ ...forward, entries: forward.entries.toReversed() }]), once);
      const again = accept([forward], [...once.accepted.values()]);
      t.deepEqual(again, once);
      const gone = accept(
        [{ path: local, state: 'missing', entries: [], findings: [] }],
        [...once.accepted.values()],
      );
      t.deepEqual(gone.content, once.content);
    }),
    { numRuns: 60 },
  );
});

test('a file that the operator leaves out counts for nothing and forgets what was accepted, and says how to keep it out', (t) => {
  const seen = acceptPolicies({
    directories: [
      directory(vendor, { 'a.yaml': policy('v.w') }),
      directory(local, { 'a.yaml': broken, "b 'c'.yaml": '', 'c.yaml': policy('c.d') }),
    ],
    lastAccepted: new Map([[path, remembered(path, policy('a.b'))]]),
    now,
    without: [path, '/etc/icsp.d/other.yaml'],
  });
  t.deepEqual(sources(seen), ['c.d']);
  t.false(seen.accepted.has(path));
  t.deepEqual(
    seen.files.find((each) => each.path === path),
    {
      path,
      state: 'skipped',
      reason: 'left out by icspd apply --without',
      standingInSince: null,
      digest: null,
    },
  );
  const told = seen.findings.filter(({ message }) => message.includes('left out'));
  t.deepEqual(
    told.map(({ file: about, message, help }) => [about, message, help]),
    [
      [
        path,
        '"/etc/icsp.d/a.yaml" is left out of this apply, as the operator asked',
        'remove it, or mask it with ln -sf /dev/null /etc/icsp.d/a.yaml, to keep it out: what can be read of it counts again at the next look',
      ],
      [
        '/etc/icsp.d/other.yaml',
        'there is no policy file "/etc/icsp.d/other.yaml" that could be left out',
        'name a file as icspd status lists it',
      ],
    ],
  );
});

test('a file whose bytes are missing for no known reason is refused all the same', (t) => {
  const seen = accept([directory(local, { 'a.yaml': other('unreadable') })]);
  t.is(seen.files[0]?.reason, '"/etc/icsp.d/a.yaml" could not be read');
  t.deepEqual(
    seen.findings.map(({ message, help }) => [message, help]),
    [['"/etc/icsp.d/a.yaml" could not be read', 'look at it with ls -l and cat, as root']],
  );
});

test('a file that is refused gives its first error for the reason, and what stands in for it', (t) => {
  const warned = { ...file(broken), findings: [{ ...untrusted, severity: 'warning' as const }] };
  const seen = accept([directory(local, { 'a.yaml': warned })], [remembered(path, policy('a.b'))]);
  t.regex(seen.files[0]?.reason ?? '', /has a URL scheme$/);
  t.deepEqual(
    seen.findings
      .filter(({ message }) => message.includes('accepted at'))
      .map(({ message, help }) => [message, help]),
    [
      [
        `the content of this file that was accepted at ${earlier} stays in force`,
        'correct the file; to take its mirrors out of force, remove it',
      ],
    ],
  );
  const lost = accept([directory(local, { 'a.yaml': broken })], [remembered(path, newer)]);
  t.deepEqual(
    lost.findings
      .filter(({ message }) => message.includes('accepted at'))
      .map(({ message, help }) => [message, help]),
    [
      [
        `the content of this file that was accepted at ${earlier} is not valid for this version of icspd either`,
        'correct the file, or go back to the version of icspd that accepted it',
      ],
    ],
  );
});

test('a file that overrides nothing but is overridden is neither read nor remembered', (t) => {
  const seen = accept([
    directory(vendor, { 'a.yaml': policy('v.w') }),
    directory(local, { 'a.yaml': policy('a.b') }),
  ]);
  t.like(seen.files.at(-1), {
    path: `${vendor}/a.yaml`,
    state: 'overridden',
    reason: `overridden by ${path}`,
  });
});
