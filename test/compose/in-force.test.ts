// What is recorded of who is behind a rendering, and what comes back from the record.
import test from 'ava';
import {
  attribute,
  filesOf,
  mirrorKey,
  originOfPath,
  originsFor,
  provenanceOf,
} from '../../src/compose/in-force.ts';
import type { Origin } from '../../src/origin.ts';
import { emptyConf, type Registry } from '../../src/registries/model.ts';
import { mirror, registry } from './world.ts';

const origin = (file: string, line = 1): Origin => ({ file, line, kind: 'IDMS', name: 'set' });
const [a, a2, b, c] = [origin('a.yaml'), origin('a.yaml', 7), origin('b.yaml'), origin('c.yaml')];
const by = (location: string, origins: readonly Origin[], pull = ''): Registry['mirrors'][number] => ({
  ...mirror(location, pull),
  origins,
});
const conf = (...registries: readonly Registry[]): typeof emptyConf => ({ ...emptyConf, registries });

test('the files of origins stand once each, in order', (t) => {
  t.deepEqual(filesOf([]), []);
  t.deepEqual(filesOf([b]), ['b.yaml']);
  t.deepEqual(filesOf([b, a, a2, b]), ['b.yaml', 'a.yaml']);
});

test('what nobody can read is named by its file, at its first line', (t) => {
  t.deepEqual(originOfPath('/etc/icsp.d/x.yaml'), {
    file: '/etc/icsp.d/x.yaml',
    line: 1,
    kind: 'File',
    name: 'x.yaml',
  });
  t.is(originOfPath('x.yaml').name, 'x.yaml');
});

test('a file comes back with its known entries, and one that has none as itself', (t) => {
  t.deepEqual(originsFor(['a.yaml', 'new.yaml'], [a, b, a2]), [a, a2, originOfPath('new.yaml')]);
});

test('a mirror that serves one kind of pull has a key of its own', (t) => {
  t.deepEqual(
    ['', 'digest-only', 'tag-only'].map((pull) => mirrorKey(mirror('m.x/r', pull))),
    ['m.x/r', 'm.x/r digest-only', 'm.x/r tag-only'],
  );
});

const rows: readonly {
  readonly title: string;
  readonly origins: readonly Origin[];
  readonly mirrors: readonly Registry['mirrors'][number][];
  readonly expected: Readonly<Record<string, readonly string[]>> | undefined;
}[] = [
  { title: 'one with the files of its table', origins: [a], mirrors: [by('m.x', [a2])], expected: undefined },
  {
    title: 'one with the files of its table in another order',
    origins: [a, b],
    mirrors: [by('m.x', [b, a])],
    expected: undefined,
  },
  {
    title: 'one of fewer files than its table',
    origins: [a, b],
    mirrors: [by('m.x', [a]), by('n.x', [a, b])],
    expected: { 'm.x': ['a.yaml'] },
  },
  {
    title: 'one of as many files, but others',
    origins: [a, b],
    mirrors: [by('m.x', [a, c])],
    expected: { 'm.x': ['a.yaml', 'c.yaml'] },
  },
  {
    title: "the administrator's own, of no file, in a table of a policy",
    origins: [a],
    mirrors: [by('m.x', [])],
    expected: { 'm.x': [] },
  },
  {
    title: 'one in two rows of a kind each, for each row',
    origins: [a],
    mirrors: [by('m.x', [b], 'digest-only'), by('m.x', [a], 'tag-only')],
    expected: { 'm.x digest-only': ['b.yaml'] },
  },
  {
    title: 'one that stands twice, with the files of both rows',
    origins: [a],
    mirrors: [by('m.x', [b]), by('m.x', [c])],
    expected: { 'm.x': ['b.yaml', 'c.yaml'] },
  },
];
for (const { title, origins, mirrors, expected } of rows) {
  test(`of mirrors only the unusual are recorded: ${title}`, (t) => {
    const { mirrors: recorded } = provenanceOf(conf(registry({ location: 'a.com', origins, mirrors })), []);
    t.deepEqual(recorded, expected === undefined ? {} : { 'a.com': expected });
  });
}

test("only the tables of policies are recorded, and the search list's files once each", (t) => {
  const tables = [registry({ location: 'a.com', origins: [a, b] }), registry({ location: 'own.com' })];
  const provenance = provenanceOf(conf(...tables), [c, b, c]);
  t.deepEqual(provenance, { tables: { 'a.com': [a, b] }, mirrors: {}, search: ['c.yaml', 'b.yaml'] });
});

test('what comes back from the record names the same files, and what it does not know stays as it is', (t) => {
  const own = registry({ location: 'own.com', mirrors: [mirror('o.x')] });
  const stripped = [
    registry({
      location: 'a.com',
      mirrors: [mirror('m.x'), mirror('n.x'), mirror('n.x', 'tag-only'), mirror('o.x')],
    }),
    registry({ location: 'mixed.com', mirrors: [mirror('p.x')] }),
    own,
  ];
  const provenance = {
    tables: { 'a.com': [a, a2, b] },
    mirrors: {
      'a.com': { 'm.x': ['b.yaml'], 'n.x tag-only': ['new.yaml'], 'o.x': [] },
      'mixed.com': { 'p.x': ['c.yaml'] },
    },
    search: [],
  };
  const { registries } = attribute(conf(...stripped), provenance);
  t.deepEqual(
    registries.map(({ location, origins, mirrors }) => [
      location,
      origins,
      mirrors.map((one) => one.origins),
    ]),
    [
      ['a.com', [a, a2, b], [[b], [a, a2, b], [originOfPath('new.yaml')], []]],
      ['mixed.com', [], [[originOfPath('c.yaml')]]],
      ['own.com', [], [[]]],
    ],
  );
  t.is(registries[2], own);
  t.deepEqual(
    registries.map(({ mirrors }) =>
      mirrors.map(({ location, pullFromMirror }) => `${location} ${pullFromMirror}`),
    ),
    stripped.map(({ mirrors }) =>
      mirrors.map(({ location, pullFromMirror }) => `${location} ${pullFromMirror}`),
    ),
  );
});
