// What the history promises.
import fs, {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  chmodSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { constants } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import type { NewGeneration } from '../../src/agent/record.ts';
import { digest } from '../../src/host/digest.ts';
import { openGenerations } from '../../src/host/generations.ts';
import { HostError } from '../../src/host-error.ts';
import { openPin } from '../../src/host/pin.ts';
import { sealRendering } from '../../src/registries/seal.ts';
import { emptyState } from './state.ts';

const bytes = (text: string) => Buffer.from(text);
const day = (number: number) => new Date(Date.UTC(2030, 0, number));

function generation(text: string | null, previous: string | null, startedAt = day(1)): NewGeneration {
  return {
    startedAt: startedAt.toISOString(),
    reason: 'a policy file changed',
    actor: { uid: 0, loginUid: 1000, tty: '/dev/pts/1', command: 'icspd apply' },
    digest: text === null ? null : digest(text),
    previousDigest: previous === null ? null : digest(previous),
    baselineDigest: null,
    inputsDigest: digest('inputs'),
    policies: [{ path: '/etc/icsp.d/a.yaml', digest: digest('a') }],
    crioVersion: '1.36.3',
    icspdVersion: '0.1.0',
    bootId: null,
    deployment: null,
    changes: ['quay.io: one mirror more'],
    origins: {
      'quay.io': [{ file: '/etc/icsp.d/a.yaml', line: 3, kind: 'ImageDigestMirrorSet', name: 'a' }],
    },
    provenance: {
      mirrors: { 'quay.io': { 'm.example': [], 'n.example': ['/etc/icsp.d/a.yaml'] } },
      search: ['/etc/icsp.d/a.yaml'],
    },
    text: text === null ? null : bytes(text),
    previousText: previous === null ? null : bytes(previous),
    evidence: [],
  };
}

/** A text that icspd wrote: those of others are never forgotten. */
function ours(body: string): string {
  const options = {
    hasBaseline: true,
    baselinePath: '/baseline.conf',
    registriesConfPath: '/registries.conf',
  };
  return sealRendering(body, digest(body), options);
}

test('A node without history has an empty one, and looking creates nothing', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  t.deepEqual(generations.list(), []);
  t.is(generations.current(), null);
  t.is(generations.text(digest('x')), null);
  generations.prune(50, day(1));
  t.false(existsSync(paths.stateDir));
});

test('What was begun is read back whole by another process, details included', (t) => {
  const { paths, trust } = emptyState(t);
  const begun = openGenerations(paths, trust).begin({ ...generation('new', 'old'), ...below(paths.root) });
  t.like(begun, { number: 1, outcome: 'pending', proof: 'pending', writtenAt: null });
  const reader = openGenerations(paths, trust);
  t.deepEqual(JSON.parse(JSON.stringify(reader.list())), [JSON.parse(JSON.stringify(begun))]);
  t.deepEqual(reader.text(digest('new')), bytes('new'));
  t.deepEqual(reader.text(digest('old')), bytes('old'));
});

test('The list has the newest first, also beyond nine', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (let number = 1; number <= 11; number += 1) generations.begin(generation(`text ${number}`, null));
  t.deepEqual(
    generations.list().map(({ number }) => number),
    [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
  );
});

test('A record is completed without losing keys that a newer version wrote', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('new', null));
  const file = join(paths.schemaDir, 'generations/1/record.json');
  const written: unknown = JSON.parse(readFileSync(file, 'utf8'));
  writeFileSync(file, JSON.stringify({ ...Object(written), fleet: { wave: 2 } }));
  generations.patch(1, { outcome: 'applied', proof: 'started-after' });
  t.like(JSON.parse(readFileSync(file, 'utf8')), {
    fleet: { wave: 2 },
    outcome: 'applied',
    proof: 'started-after',
    reason: 'a policy file changed',
  });
});

test('Current is what it was set to last', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('a', null));
  generations.begin(generation('b', 'a'));
  generations.setCurrent(2);
  t.is(openGenerations(paths, trust).current()?.number, 2);
  generations.setCurrent(1);
  t.is(openGenerations(paths, trust).current()?.number, 1);
});

for (const [what, content] of [
  ['no JSON', 'not json'],
  ['cut off', '{"number": 1, "startedAt"'],
  ['empty', ''],
  ['of another number', JSON.stringify({ ...generation('x', null), number: 7 })],
  ['of a wrong type', '[]'],
] as const) {
  test(`A record that is ${what} is left out, and its number is not used again`, (t) => {
    const { paths, trust } = emptyState(t);
    const generations = openGenerations(paths, trust);
    generations.begin(generation('x', null));
    writeFileSync(join(paths.schemaDir, 'generations/1/record.json'), content);
    t.deepEqual(generations.list(), []);
    t.throws(() => generations.patch(1, { outcome: 'applied' }), { instanceOf: HostError });
    t.is(generations.begin(generation('y', null)).number, 2);
  });
}

/** Where the details of the first generation are. */
function detailsFile({ schemaDir }: { readonly schemaDir: string }): string {
  const record: unknown = JSON.parse(readFileSync(join(schemaDir, 'generations/1/record.json'), 'utf8'));
  const { detailsDigest } = record as { readonly detailsDigest: string };
  return join(schemaDir, 'texts', detailsDigest);
}

test('Details that cannot be written do not stop an apply: it goes on without, and the log says so', (t) => {
  const { paths, trust } = emptyState(t);
  const log: string[] = [];
  const generations = openGenerations(paths, trust, (severity, message) =>
    log.push(`${severity}: ${message}`),
  );
  // More than is read again.
  const changes = ['x'.repeat(70_000_000)];
  t.is(generations.begin({ ...generation('x', null), changes }).number, 1);
  t.like(generations.list()[0], { number: 1, outcome: 'pending', changes: [], origins: {} });
  t.deepEqual(generations.text(digest('x')), bytes('x'));
  t.deepEqual(
    log.map((line) => line.split(':')[0]),
    ['warning'],
  );
});

for (const [what, putThere] of [
  ['damaged', (path: string) => writeFileSync(path, '{"origins": {"quay.io": [{"file": 3}]}}')],
  ['gone', () => undefined],
  ['a directory', (path: string) => mkdirSync(path)],
  ['larger than anything that icspd writes', (path: string) => writeSparse(path)],
] as const) {
  test(`Details that are ${what} count as none, and the rest of the record is read`, (t) => {
    const { paths, trust } = emptyState(t);
    const generations = openGenerations(paths, trust);
    generations.begin(generation('x', null));
    const path = detailsFile(paths);
    rmSync(path);
    putThere(path);
    t.like(generations.list()[0], { number: 1, policies: [], changes: [], origins: {} });
  });
}

function writeSparse(path: string): void {
  writeFileSync(path, '');
  truncateSync(path, 2 ** 32);
}

test('A number whose directory is all that a crash left is not used again', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('x', null));
  mkdirSync(join(paths.schemaDir, 'generations/2'));
  t.is(generations.begin(generation('y', null)).number, 3);
});

test('A damaged current means that none is known', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('x', null));
  for (const content of ['', 'x', '-', '{}', '4']) {
    writeFileSync(join(paths.schemaDir, 'current'), content);
    t.is(generations.current(), null, content);
  }
});

test('A text that does not have its digest is no text, and is written anew', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('right', null));
  writeFileSync(join(paths.schemaDir, 'texts', digest('right')), 'wrong');
  t.is(generations.text(digest('right')), null);
  t.is(generations.text('../current'), null);
  generations.begin(generation('right', null));
  t.deepEqual(generations.text(digest('right')), bytes('right'));
});

test('Equal texts are stored once, and equal details too: a file that flaps takes no more than its records', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('a', null));
  generations.begin(generation('b', 'a'));
  generations.begin(generation('a', 'b'));
  t.is(readdirSync(join(paths.schemaDir, 'texts')).length, 3);
});

test('A history that was made below another root names the files as the running system will', (t) => {
  const { paths, trust } = emptyState(t);
  openGenerations(paths, trust).begin({ ...generation('x', null), ...below(paths.root) });
  const { policies, origins, provenance } = generation('x', null);
  t.like(JSON.parse(readFileSync(detailsFile(paths), 'utf8')), { policies, origins, provenance });
});

test('A record that does not know where its text came from can be told, with names as the running system has them', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  const { number } = generations.begin({
    ...generation('x', null),
    policies: [],
    origins: {},
    provenance: undefined,
  });
  const told = below(paths.root);
  generations.explain(number, told);
  t.like(generations.list()[0], { ...told, changes: generation('x', null).changes });
  const sums = readdirSync(join(paths.schemaDir, 'texts')).filter((name) => name !== digest('x'));
  const { policies, origins, provenance } = generation('x', null);
  const kept = sums.map((name): unknown =>
    JSON.parse(readFileSync(join(paths.schemaDir, 'texts', name), 'utf8')),
  );
  t.true(
    kept.some((details) =>
      isDeepStrictEqual(details, { policies, changes: ['quay.io: one mirror more'], origins, provenance }),
    ),
  );
});

/** Sources with names as in that tree. */
function below(root: string): Pick<NewGeneration, 'policies' | 'origins' | 'provenance'> {
  const file = `${root}/etc/icsp.d/a.yaml`;
  return {
    policies: [{ path: file, digest: digest('a') }],
    origins: { 'quay.io': [{ file, line: 3, kind: 'ImageDigestMirrorSet', name: 'a' }] },
    provenance: { mirrors: { 'quay.io': { 'm.example': [], 'n.example': [file] } }, search: [file] },
  };
}

test('A walk reads a record when its caller looks at it, newest first', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (const text of ['a', 'b', 'c']) generations.begin(generation(text, null));
  const walk = generations.walk();
  t.like(walk.next(), { value: { number: 3 } });
  rmSync(join(paths.schemaDir, 'generations/2'), { recursive: true });
  t.like(walk.next(), { value: { number: 1 } });
});

test('A record that is none is left out; the others, and all that is done from then on, go on', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (const text of ['a', 'b', 'c']) generations.begin(generation(text, null));
  const recordOf = (number: number): string => join(paths.schemaDir, `generations/${number}/record.json`);
  rmSync(recordOf(2));
  mkdirSync(recordOf(2));
  writeFileSync(recordOf(3), '{"number": 3, "outcome": "what a newer version says"}');
  t.deepEqual(
    generations.list().map(({ number }) => number),
    [1],
  );
  t.is(generations.newestOf(digest('c')), null);
  t.is(generations.begin(generation('d', 'c')).number, 4);
});

for (const [what, putThere] of [
  ['empty', (path: string) => writeFileSync(path, '')],
  ['no number', (path: string) => writeFileSync(path, '{}')],
  ['a directory', (path: string) => mkdirSync(join(path, 'x'), { recursive: true })],
  ['larger than anything that icspd writes', (path: string) => writeSparse(path)],
] as const) {
  test(`Where \`current\` is ${what}, no generation is in force until one is, and then it is made anew`, (t) => {
    const { paths, trust } = emptyState(t);
    const generations = openGenerations(paths, trust);
    const { number } = generations.begin(generation('a', null));
    putThere(join(paths.schemaDir, 'current'));
    t.is(generations.current(), null);
    generations.setCurrent(number);
    t.is(generations.current()?.number, number);
    t.is(existsSync(join(paths.schemaDir, 'current.damaged')), what === 'a directory');
  });
}

test('The newest generation of a text is found; a text that is not stored has none', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (const text of ['a', null, 'a', 'b']) generations.begin(generation(text, null));
  t.is(generations.newestOf(digest('a'))?.number, 3);
  t.is(generations.newestOf(null)?.number, 2);
  t.is(generations.newestOf(digest('x')), null);
});

test('Of an attempt that fails again and again before anything is written, the first and the last stay', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (let at = 0; at < 5; at += 1) {
    const { number } = generations.begin(generation('a', 'b'));
    generations.patch(number, { outcome: 'refused', proof: 'none' });
  }
  generations.begin(generation('c', 'b'));
  t.deepEqual(
    generations.list().map(({ number }) => number),
    [6, 5, 1],
  );
});

for (const [what, spoil] of [
  ['another text was tried in between', { text: 'x' }],
  ['what it is judged by changed in between', { inputsDigest: digest('others') }],
] as const) {
  test(`A failed attempt stays where ${what}`, (t) => {
    const { paths, trust } = emptyState(t);
    const generations = openGenerations(paths, trust);
    const usual = generation('a', 'b');
    const other =
      'text' in spoil ? generation(spoil.text, 'b') : { ...usual, inputsDigest: spoil.inputsDigest };
    for (const attempt of [usual, other, usual]) {
      const { number } = generations.begin(attempt);
      generations.patch(number, { outcome: 'refused', proof: 'none' });
    }
    t.is(generations.list().length, 3);
  });
}

test('Everything below the state directory is for its owner alone', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('a', null));
  generations.setCurrent(1);
  for (const name of readdirSync(paths.stateDir, { recursive: true, encoding: 'utf8' })) {
    t.is(statSync(join(paths.stateDir, name)).mode & 0o077, 0, name);
  }
  t.is(statSync(paths.stateDir).mode & 0o7777, 0o700);
});

test('Pruning keeps the newest, the young and the one in force; texts go with the last record that names them', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (let number = 1; number <= 8; number += 1) {
    generations.begin(generation(ours(`text ${number}`), ours(`text ${number - 1}`), day(number)));
  }
  generations.setCurrent(2);
  generations.prune(2, day(6));
  t.deepEqual(
    generations.list().map(({ number }) => number),
    [8, 7, 6, 2],
  );
  const left = [1, 2, 3, 4, 5, 6, 7, 8].filter(
    (number) => generations.text(digest(ours(`text ${number}`))) !== null,
  );
  t.deepEqual(left, [1, 2, 5, 6, 7, 8]);
});

const foreign: readonly (readonly [string, (text: string) => NewGeneration])[] = [
  ['was overwritten', (text: string) => generation(ours('a'), text)],
  ['was in force', (text: string) => generation(text, null)],
  [
    'was the baseline until another was layered',
    (text: string) => ({
      ...generation(ours('a'), ours('b')),
      baselineChange: { by: 'layer', from: digest(text) },
      evidence: [bytes(text)],
    }),
  ],
];

for (const [what, begin] of foreign) {
  test(`A file of somebody else's that ${what} is never forgotten, with the last generation that names it`, (t) => {
    const { paths, trust } = emptyState(t);
    const generations = openGenerations(paths, trust);
    const edited = `${ours('a')}# by hand\n`;
    for (const text of ['theirs', 'theirs', edited, 'the last']) generations.begin(begin(text));
    for (const text of ['b', 'c']) generations.begin(generation(ours(text), ours('a')));
    generations.begin(generation(ours('d'), 'the last'));
    for (const now of [day(200), day(400)]) generations.prune(1, now);
    t.deepEqual(
      generations.list().map(({ number }) => number),
      [7, 3, 2],
    );
    for (const text of ['theirs', edited, 'the last']) {
      t.deepEqual(generations.text(digest(text)), bytes(text));
    }
    t.is(generations.text(digest(ours('c'))), null);
  });
}

test('Pruning to nothing still keeps the highest number, so that none is used twice', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (const text of ['a', 'b', 'c']) generations.begin(generation(ours(text), null));
  generations.prune(0, day(20));
  t.deepEqual(
    generations.list().map(({ number }) => number),
    [3],
  );
  t.is(generations.begin(generation('d', null)).number, 4);
});

test('Pruning keeps what was applied last before each upgrade and downgrade of icspd', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (const [icspdVersion, outcome] of [
    ['0.9.0', 'applied'],
    ['0.9.0', 'applied'],
    ['0.9.0', 'refused'],
    ['1.0.0', 'applied'],
    ['1.0.0', 'applied'],
    ['1.0.0', 'rolled-back'],
    ['0.9.0', 'applied'],
    ['0.9.0', 'applied'],
    ['0.9.0', 'applied'],
  ] as const) {
    const { number } = generations.begin({ ...generation(ours(`text ${icspdVersion}`), null), icspdVersion });
    generations.patch(number, { outcome });
  }
  generations.prune(1, day(20));
  t.deepEqual(
    generations.list().map(({ number }) => number),
    [9, 5, 2],
  );
  const text = ours('text 1.0.0');
  t.deepEqual(generations.text(digest(text)), bytes(text));
});

test('A long history is not gone through at each apply, and yet does not grow for ever', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation(ours('a'), null));
  const numbers = (): number[] => generations.list().map(({ number }) => number);
  const record: unknown = JSON.parse(
    readFileSync(join(paths.schemaDir, 'generations/1/record.json'), 'utf8'),
  );
  for (let number = 2; number <= 298; number += 1) {
    const directory = join(paths.schemaDir, `generations/${number}`);
    mkdirSync(directory);
    writeFileSync(join(directory, 'record.json'), JSON.stringify({ ...Object(record), number }));
  }
  generations.begin(generation(ours('b'), ours('a')));
  generations.prune(2, day(20));
  t.is(numbers().length, 299);
  generations.begin(generation(ours('c'), ours('b')));
  generations.prune(2, day(20));
  t.deepEqual(numbers(), [300, 299]);
});

test('A record that cannot be read now, as on a bad disk, ends the pruning with everything in place', (t) => {
  const { paths, trust } = emptyState(t);
  const log: string[] = [];
  const generations = openGenerations(paths, trust, (severity, message) =>
    log.push(`${severity}: ${message}`),
  );
  for (const text of ['a', 'b', 'c']) generations.begin(generation(text, null));
  const file = join(paths.schemaDir, 'generations/1/record.json');
  rmSync(file);
  mkdirSync(file);
  generations.prune(1, day(20));
  t.regex(log.join('\n'), /^warning: old generations are not forgotten: /);
  t.deepEqual(generations.text(digest('a')), bytes('a'));
  t.is(generations.walk().take(2).toArray().length, 2);
});

test.serial(
  "A text that the disk does not give back now may be somebody else's: nothing is forgotten",
  (t) => {
    const { paths, trust } = emptyState(t);
    const log: string[] = [];
    const generations = openGenerations(paths, trust, (severity, message) =>
      log.push(`${severity}: ${message}`),
    );
    for (const text of ['theirs', ours('b'), ours('c')]) generations.begin(generation(text, null));
    const bad = join(paths.schemaDir, 'texts', digest('theirs'));
    const { openSync } = fs;
    try {
      fs.openSync = (name, ...more) => {
        if (name !== bad) return openSync(name, ...more);
        throw Object.assign(new Error('EIO'), { code: 'EIO', errno: -constants.errno.EIO, syscall: 'open' });
      };
      syncBuiltinESMExports();
      generations.prune(1, day(200));
    } finally {
      fs.openSync = openSync;
      syncBuiltinESMExports();
    }
    t.regex(log.join('\n'), /^warning: old generations are not forgotten: .*EIO/);
    t.deepEqual(generations.text(digest('theirs')), bytes('theirs'));
  },
);

test('A text that a crash left before its record was written goes with the next pruning', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('a', null));
  writeFileSync(join(paths.schemaDir, 'texts', digest('lost')), 'lost');
  generations.prune(50, day(1));
  t.is(generations.text(digest('lost')), null);
  t.deepEqual(generations.text(digest('a')), bytes('a'));
  t.deepEqual(generations.list()[0]?.changes, ['quay.io: one mirror more']);
});

test('The generation of a pin stays, and its text even where the record is gone', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  for (const text of ['a', 'b', 'c']) generations.begin(generation(ours(text), null));
  const { actor } = generation(null, null);
  const pin = {
    digest: digest(ours('a')),
    generation: 1,
    reason: '',
    actor,
    since: day(1).toISOString(),
    until: null,
    deployment: null,
  };
  openPin(paths, trust).write(pin);
  generations.prune(1, day(20));
  t.deepEqual(
    generations.list().map(({ number }) => number),
    [3, 1],
  );
  rmSync(join(paths.schemaDir, 'generations/1'), { recursive: true });
  generations.prune(1, day(20));
  t.deepEqual(generations.text(digest(ours('a'))), bytes(ours('a')));
  t.is(generations.text(digest(ours('b'))), null);
});

test('What an interrupted write left goes with the next write', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('a', null));
  writeFileSync(join(paths.schemaDir, '.record.json.icspd-0123456789abcdef'), '{');
  generations.patch(1, { outcome: 'applied' });
  t.deepEqual(readdirSync(paths.schemaDir), ['generations', 'texts']);
});

test('A state that others can write to is not believed', (t) => {
  const { paths, trust } = emptyState(t);
  const generations = openGenerations(paths, trust);
  generations.begin(generation('a', null));
  chmodSync(paths.stateDir, 0o777);
  const error = t.throws(() => generations.list(), { instanceOf: HostError });
  t.is(error.findingName, 'untrustedState');
  t.is(error.help, `chmod go-w ${paths.stateDir}`);
});
