// What is told of what is carried over, what becomes of the search list, and who is behind what stays.
import test from 'ava';
import { composeOver } from '../../src/compose/carry-over.ts';
import { filesOf, type Unreadable } from '../../src/compose/in-force.ts';
import { loadedScope } from '../../src/registries/location.ts';
import type { RegistrySources } from '../../src/policy/rule.ts';
import type { RegistriesConf } from '../../src/registries/model.ts';
import { inForce, inputOf, lost } from './loss.ts';
import { composeWorld, image, mirror, registry, rule, viewOf, type World } from './world.ts';

const open = rule({ source: 'a.com', mirrors: ['m.x'], file: 'lost.yaml' });
const never = rule({ source: 'a.com', mirrors: ['m.x'], policy: 'never', file: 'lost.yaml' });

/** Who is behind each table. */
function behind({ registries }: RegistriesConf): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(registries.map((table) => [loadedScope(table), filesOf(table.origins)]));
}

interface Told {
  readonly title: string;
  readonly isKnown?: boolean;
  readonly stood: World;
  readonly now?: World;
  readonly unreadable?: readonly Unreadable[];
  /** `file: message` and the remedy of each ICSP130. */
  readonly expected: readonly (readonly [string, string])[];
}

const correct = (path: string): string =>
  `correct the file or update icspd; icspd apply --without ${path} takes it out of force`;

const told: readonly Told[] = [
  {
    title: 'a file, with its scopes',
    stood: { rules: [open, rule({ source: 'o.org', mirrors: ['m.x'], file: 'lost.yaml', line: 20 })] },
    expected: [
      [
        'lost.yaml: what stands on disk of "lost.yaml", which cannot be read, stays: "a.com", "o.org"',
        correct('lost.yaml'),
      ],
    ],
  },
  {
    title: 'a file, with its scopes and its search list',
    stood: { rules: [open], images: [image({ search: ['s.x'], file: 'lost.yaml' })] },
    expected: [
      [
        'lost.yaml: what stands on disk of "lost.yaml", which cannot be read, stays: "a.com" and the search registries',
        correct('lost.yaml'),
      ],
    ],
  },
  {
    title: 'a file with a search list alone',
    stood: { images: [image({ search: ['s.x'], file: 'lost.yaml' })] },
    expected: [
      [
        'lost.yaml: what stands on disk of "lost.yaml", which cannot be read, stays: the search registries',
        correct('lost.yaml'),
      ],
    ],
  },
  {
    title: 'a directory, once for all that was in it',
    stood: {
      rules: [
        rule({ source: 'a.com', mirrors: ['m.x'], file: '/p/a.yaml' }),
        rule({ source: 'o.org', mirrors: ['m.x'], file: '/p/b.yaml' }),
      ],
    },
    unreadable: [{ path: '/p', type: 'directory' }],
    expected: [
      [
        '/p: what stands on disk of "/p", which cannot be read, stays: "a.com", "o.org"',
        'mkdir -p /p and put the files back; left empty it means that they are removed',
      ],
    ],
  },
  {
    title: 'two files, each with its own',
    stood: {
      rules: [
        open,
        rule({ source: 'a.com', mirrors: ['n.x'], file: 'other.yaml' }),
        rule({ source: 'o.org', mirrors: ['m.x'], file: 'other.yaml', line: 20 }),
      ],
    },
    unreadable: [lost, { path: 'other.yaml', type: 'file' }],
    expected: [
      [
        'lost.yaml: what stands on disk of "lost.yaml", which cannot be read, stays: "a.com"',
        correct('lost.yaml'),
      ],
      [
        'other.yaml: what stands on disk of "other.yaml", which cannot be read, stays: "a.com", "o.org"',
        correct('other.yaml'),
      ],
    ],
  },
  {
    title: 'nothing of a file that nothing in force is of',
    stood: { rules: [open] },
    unreadable: [lost, { path: 'new.yaml', type: 'file' }],
    expected: [
      [
        'lost.yaml: what stands on disk of "lost.yaml", which cannot be read, stays: "a.com"',
        correct('lost.yaml'),
      ],
    ],
  },
  {
    title: 'without a record every file, since each may be behind it',
    isKnown: false,
    stood: { rules: [open] },
    unreadable: [lost, { path: 'new.yaml', type: 'file' }],
    expected: [
      [
        'lost.yaml: what stands on disk of "lost.yaml", which cannot be read, stays: "a.com"',
        correct('lost.yaml'),
      ],
      [
        'new.yaml: what stands on disk of "new.yaml", which cannot be read, stays: "a.com"',
        correct('new.yaml'),
      ],
    ],
  },
  {
    title: 'nothing where all that stands is of files that can be read',
    stood: { rules: [rule({ source: 'a.com', mirrors: ['m.x'] })] },
    now: { rules: [rule({ source: 'a.com', mirrors: ['m.x'] })] },
    expected: [],
  },
];

for (const { title, isKnown = true, stood, now = {}, unreadable, expected } of told) {
  test(`told is ${title}`, (t) => {
    const { findings } = composeOver(inputOf(now), inForce(composeWorld(stood), isKnown, unreadable));
    const found = findings.filter(({ id }) => id === 'ICSP130');
    t.deepEqual(
      found.map(({ file, message, help }) => [`${file ?? ''}: ${message}`, help]),
      expected,
    );
  });
}

const search = (file: string, ...list: readonly string[]): readonly RegistrySources[] => [
  image({ search: list, file }),
];

const lists: readonly {
  readonly title: string;
  readonly isKnown?: boolean;
  readonly stood: World;
  readonly now?: World;
  readonly list: readonly string[] | null;
  readonly files: readonly string[];
}[] = [
  {
    title: "the lost file's stays, whatever the baseline has",
    stood: { images: search('lost.yaml', 's.x', 't.x') },
    now: { search: ['own.x'] },
    list: ['s.x', 't.x'],
    files: ['lost.yaml'],
  },
  {
    title: 'that of a file that can be read goes with it',
    stood: { images: search('kept.yaml', 's.x') },
    now: { search: ['own.x'] },
    list: ['own.x'],
    files: [],
  },
  {
    title: 'none where none stood',
    stood: { rules: [open] },
    now: { search: ['own.x'] },
    list: ['own.x'],
    files: [],
  },
  {
    title: 'one that two files asked for, of which one is lost, stays beside that of the other',
    stood: {
      images: [image({ search: ['s.x'], file: 'kept.yaml' }), image({ search: ['s.x'], file: 'lost.yaml' })],
    },
    now: { images: search('kept.yaml', 's.x') },
    list: ['s.x'],
    files: ['kept.yaml', 'lost.yaml'],
  },
  {
    title: 'without a record, one that nothing readable asks for stays',
    isKnown: false,
    stood: { images: search('lost.yaml', 's.x') },
    now: { search: ['own.x'] },
    list: ['s.x'],
    files: ['lost.yaml'],
  },
  {
    title: "without a record, the administrator's own is his, also beside what is carried over",
    isKnown: false,
    stood: { rules: [open], search: ['own.x'] },
    now: { search: ['own.x'] },
    list: ['own.x'],
    files: [],
  },
  {
    title: 'without a record, that of a file that can be read is its own',
    isKnown: false,
    stood: { images: search('kept.yaml', 's.x'), search: ['own.x'] },
    now: { images: search('kept.yaml', 's.x'), search: ['own.x'] },
    list: ['s.x'],
    files: ['kept.yaml'],
  },
];

for (const { title, isKnown = true, stood, now = {}, list, files } of lists) {
  test(`of search lists, ${title}`, (t) => {
    const { conf, searchOrigins } = composeOver(inputOf(now), inForce(composeWorld(stood), isKnown));
    t.deepEqual(conf.searchRegistries, list);
    t.deepEqual(filesOf(searchOrigins), files);
  });
}

test('an insecure scope that stays does not bring a search list with it', (t) => {
  const stood = inForce(
    composeWorld({ images: [image({ insecure: ['m.x'], file: 'lost.yaml' })], search: ['own.x'] }),
  );
  t.deepEqual(composeOver(inputOf({ search: ['own.x'] }), stood).conf.searchRegistries, ['own.x']);
});

test('what stays is of the files that cannot be read, and what is blocked below it as well', (t) => {
  const own = rule({ kind: 'ICSP+tags', source: 'a.com/x', mirrors: ['n.x'] });
  const { conf } = composeOver(inputOf({ rules: [own] }), inForce(composeWorld({ rules: [never] })));
  t.deepEqual(behind(conf), { 'a.com': ['lost.yaml'], 'a.com/x': ['a.yaml', 'lost.yaml'] });
});

test('what a readable file blocks below something blocked that stays is its own affair', (t) => {
  const blocked = image({ blocked: ['a.com/x'] });
  const { conf } = composeOver(inputOf({ images: [blocked] }), inForce(composeWorld({ rules: [never] })));
  t.deepEqual(behind(conf), { 'a.com': ['lost.yaml'], 'a.com/x': ['image.yaml'] });
});

test('a block that stays is a protection, at the place where its file had it, as is that of what is below it', (t) => {
  const own = rule({ kind: 'ICSP+tags', source: 'a.com/x', mirrors: ['n.x'] });
  const { protections } = composeOver(inputOf({ rules: [own] }), inForce(composeWorld({ rules: [never] })));
  const at = { file: 'lost.yaml', line: 10, column: null, excerpt: null };
  t.deepEqual(protections, [
    { scope: 'a.com', wish: 'blocked', at },
    { scope: 'a.com/x', wish: 'blocked', at },
  ]);
});

test('a block that stays for a mirror of the lost file alone is none of its own', (t) => {
  const baseline = [registry({ location: 'a.com', blocked: true })];
  const stood = inForce(composeWorld({ baseline, rules: [open] }));
  t.deepEqual(composeOver(inputOf({ baseline }), stood).protections, []);
});

test('a block without an entry that asked for it stays a block', (t) => {
  const table = registry({
    location: 'a.com',
    blocked: true,
    mirrors: [{ ...mirror('m.x'), origins: [open.origin] }],
  });
  const stood = inForce({ conf: { ...composeWorld({}).conf, registries: [table] }, searchOrigins: [] });
  const { conf, protections } = composeOver(inputOf({}), {
    ...stood,
    provenance: { tables: {}, mirrors: { 'a.com': { 'm.x': ['lost.yaml'] } }, search: [] },
  });
  t.deepEqual(viewOf(conf), { 'a.com': { digest: ['m.x'], tag: ['m.x'], blocked: true } });
  t.deepEqual(protections, []);
});

interface Spared {
  readonly title: string;
  readonly stood: World;
  readonly now: World;
  readonly expected: ReturnType<typeof viewOf>;
}

const insecureTable = [registry({ location: 'a.com', insecure: true })];
const insecureMirror = [registry({ location: 'a.com', mirrors: [mirror('m.x', 'digest-only', true)] })];
const tags = rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'], file: 'lost.yaml' });

const spared: readonly Spared[] = [
  {
    title: "a mark that is the administrator's",
    stood: { baseline: insecureTable, rules: [tags] },
    now: { baseline: insecureTable, hosts: ['n.x'] },
    expected: {
      'a.com': { digest: [], tag: [], insecure: true },
      'a.com/x': { digest: [], tag: ['n.x'], insecure: true },
    },
  },
  {
    title: "an insecure mirror of the administrator's, below his table",
    stood: { baseline: insecureMirror, rules: [tags] },
    now: { baseline: insecureMirror, hosts: ['n.x'] },
    expected: {
      'a.com': { digest: ['m.x!'], tag: [] },
      'a.com/x': { digest: ['m.x/x!'], tag: ['n.x'] },
    },
  },
  {
    title:
      "an insecure mirror of the administrator's that a table of policies inherits beside one of the lost file",
    stood: {
      baseline: insecureMirror,
      rules: [
        rule({ source: 'a.com', mirrors: ['p.x'], file: 'lost.yaml' }),
        rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'] }),
      ],
    },
    now: {
      baseline: insecureMirror,
      rules: [rule({ kind: 'ITMS', source: 'a.com/x', mirrors: ['n.x'] })],
      hosts: ['n.x'],
    },
    expected: {
      'a.com': { digest: ['m.x!', 'p.x'], tag: [] },
      'a.com/x': { digest: ['m.x/x!', 'p.x/x'], tag: ['n.x'] },
    },
  },
  {
    title: 'the source itself among the tag mirrors',
    stood: { rules: [rule({ kind: 'ITMS', source: 'a.com', mirrors: ['a.com', 'n.x'], file: 'lost.yaml' })] },
    now: { hosts: ['n.x'] },
    expected: { 'a.com': { digest: [], tag: ['a.com', 'n.x'] } },
  },
];

for (const { title, stood, now, expected } of spared) {
  test(`[content] hosts does not reach ${title}`, (t) => {
    const { conf, findings } = composeOver(inputOf(now), inForce(composeWorld(stood)));
    t.deepEqual(viewOf(conf), expected);
    t.false(findings.some(({ message }) => message.includes('is refused')));
  });
}

test('without a record, [content] hosts takes the mark of a mirror that may be of the lost file, and leaves the mirror', (t) => {
  const stood = inForce(composeWorld({ baseline: insecureMirror, rules: [tags] }), false);
  const { conf, findings } = composeOver(inputOf({ baseline: insecureMirror, hosts: ['n.x'] }), stood);
  t.deepEqual(viewOf(conf), {
    'a.com': { digest: ['m.x!'], tag: [] },
    'a.com/x': { digest: ['m.x/x'], tag: ['n.x'] },
  });
  t.deepEqual(
    findings.flatMap(({ id, file, message }) =>
      message.includes('is refused')
        ? [`${id} ${file ?? ''} ${message.slice(0, message.indexOf(' is refused'))}`]
        : [],
    ),
    ['ICSP120 lost.yaml the insecure mirror "m.x/x"'],
  );
});
