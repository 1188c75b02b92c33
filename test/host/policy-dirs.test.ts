// What stands in the policy directories, whatever stands there.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { digest } from '../../src/host/digest.ts';
import { readPolicyDirectories } from '../../src/host/policy-dirs.ts';
import { trustUnder, type Trust } from '../../src/host/trust.ts';
import type { DirectoryEntry, PolicyDirectory } from '../../src/policy/drop-ins.ts';
import { emptyTree, put, putDirectory, testAsRoot } from './tree.ts';

const folder = 'etc/icsp.d';

function list(root: string, isEnforced = true): PolicyDirectory {
  const [directory] = readPolicyDirectories([join(root, folder)], trustUnder(root, isEnforced));
  if (directory === undefined) throw new Error('not listed');
  return directory;
}

function entry(root: string, name = 'a.yaml', isEnforced = true): DirectoryEntry {
  const found = list(root, isEnforced).entries.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no entry ${name}`);
  return found;
}

const ids = ({ findings }: { readonly findings: readonly { readonly id: string }[] }) =>
  findings.map(({ id }) => id);

test('A missing directory is missing, an empty one is listed', (t) => {
  const root = emptyTree(t);
  t.like(list(root), { state: 'missing', entries: [], findings: [] });
  putDirectory(root, folder);
  t.like(list(root), { state: 'listed', entries: [], findings: [] });
});

test('A file in the place of the directory is neither missing nor empty', (t) => {
  const root = emptyTree(t);
  put(root, folder, '');
  t.is(list(root).state, 'unreadable');
  t.deepEqual(ids(list(root)), ['ICSP309']);
});

test('Directories come in the order in which they are given', (t) => {
  const root = emptyTree(t);
  const paths = ['usr/lib/icsp.d', 'etc/icsp.d'].map((name) => putDirectory(root, name));
  t.deepEqual(
    readPolicyDirectories(paths, trustUnder(root)).map(({ path }) => path),
    paths,
  );
});

test('A policy file comes with bytes and digest; names are in the order of their bytes', (t) => {
  const root = emptyTree(t);
  for (const name of ['b.yaml', 'B.yaml', 'a.json']) put(root, `${folder}/${name}`, name);
  const { entries } = list(root);
  t.deepEqual(
    entries.map(({ name }) => name),
    ['B.yaml', 'a.json', 'b.yaml'],
  );
  t.like(entries[0], {
    path: join(root, folder, 'B.yaml'),
    type: 'file',
    digest: digest('B.yaml'),
    findings: [],
  });
  t.deepEqual(entries[0]?.content, Buffer.from('B.yaml'));
});

for (const name of [
  '.a.yaml.swp',
  '..data',
  'a.yaml~',
  'a.yaml.rpmnew',
  'README',
  '-a.yaml',
  'a b.yaml',
  'a\n.yaml',
  'ä.yaml',
]) {
  test(`A file whose name does not count is listed and not read: ${JSON.stringify(name)}`, (t) => {
    const root = emptyTree(t);
    put(root, `${folder}/${name}`, 'content', 0o666);
    t.like(entry(root, name), { type: 'file', content: null, digest: null, findings: [] });
  });
}

test('A name that is not UTF-8 is shown byte by byte', (t) => {
  const root = emptyTree(t);
  const directory = putDirectory(root, folder);
  writeFileSync(
    Buffer.concat([Buffer.from(`${directory}/`), Buffer.from([0x61, 0xff, 0xfe]), Buffer.from('.yaml')]),
    '',
  );
  t.deepEqual(
    list(root).entries.map(({ name, content }) => [name, content]),
    [['a\\xff\\xfe.yaml', null]],
  );
});

test('A link whose text is /dev/null is a mask', (t) => {
  const root = emptyTree(t);
  putDirectory(root, folder);
  symlinkSync('/dev/null', join(root, folder, 'a.yaml'));
  t.like(entry(root), { type: 'mask', content: null, findings: [] });
});

test('A link to a file is read, an absolute text counting from the root; so is one through a swapped directory', (t) => {
  const root = emptyTree(t);
  put(root, 'srv/a.yaml', 'content');
  put(root, `${folder}/..2030_01/b.yaml`, 'mounted');
  symlinkSync('/srv/a.yaml', join(root, folder, 'a.yaml'));
  symlinkSync('..2030_01', join(root, folder, '..data'));
  symlinkSync('..data/b.yaml', join(root, folder, 'b.yaml'));
  t.like(entry(root), { type: 'file', digest: digest('content'), findings: [] });
  t.like(entry(root, 'b.yaml'), { type: 'file', digest: digest('mounted'), findings: [] });
});

test('The whole directory may be a link', (t) => {
  const root = emptyTree(t);
  put(root, 'srv/policies/a.yaml', 'content');
  putDirectory(root, 'etc');
  symlinkSync('/srv/policies', join(root, folder));
  t.like(entry(root), { path: join(root, folder, 'a.yaml'), type: 'file', digest: digest('content') });
});

test('What is no file is named and not opened', (t) => {
  const root = emptyTree(t);
  putDirectory(root, folder);
  mkdirSync(join(root, folder, 'directory.yaml'));
  execFileSync('mkfifo', [join(root, folder, 'fifo.yaml')]);
  symlinkSync('fifo.yaml', join(root, folder, 'link.yaml'));
  symlinkSync('missing', join(root, folder, 'nowhere.yaml'));
  t.deepEqual(
    list(root).entries.map(({ name, type, content }) => [name, type, content]),
    [
      ['directory.yaml', 'directory', null],
      ['fifo.yaml', 'fifo', null],
      ['link.yaml', 'fifo', null],
      ['nowhere.yaml', 'dangling link', null],
    ],
  );
});

test('Links in a circle and links out of the root are refused', (t) => {
  const root = emptyTree(t);
  putDirectory(root, folder);
  symlinkSync('a.yaml', join(root, folder, 'a.yaml'));
  symlinkSync('../../../../../../../../../etc/passwd', join(root, folder, 'b.yaml'));
  for (const name of ['a.yaml', 'b.yaml']) {
    t.like(entry(root, name), { type: 'unreadable', content: null });
    t.deepEqual(ids(entry(root, name)), ['ICSP002']);
  }
});

test('A file of more than 1 MiB is refused unread, one of 1 MiB is read', (t) => {
  const root = emptyTree(t);
  truncateSync(put(root, `${folder}/a.yaml`, ''), 1024 * 1024);
  truncateSync(put(root, `${folder}/b.yaml`, ''), 1024 * 1024 + 1);
  t.is(entry(root).content?.length, 1024 * 1024);
  t.like(entry(root, 'b.yaml'), { type: 'file', content: null });
  t.deepEqual(ids(entry(root, 'b.yaml')), ['ICSP003']);
});

test('A file that others can write is refused; the ones beside it are not', (t) => {
  const root = emptyTree(t);
  put(root, `${folder}/a.yaml`, 'bad', 0o664);
  put(root, `${folder}/b.yaml`, 'good');
  t.like(entry(root), { type: 'file', content: null, digest: null });
  t.deepEqual(ids(entry(root)), ['ICSP001']);
  t.is(entry(root, 'b.yaml').digest, digest('good'));
});

for (const mode of [0o775, 0o1777]) {
  test(`In a directory of mode ${mode.toString(8)} nothing is believed, not even that something is missing`, (t) => {
    const root = emptyTree(t);
    put(root, `${folder}/a.yaml`, 'content');
    symlinkSync('/dev/null', join(root, folder, 'b.yaml'));
    chmodSync(join(root, folder), mode);
    t.is(list(root).state, 'unreadable');
    t.deepEqual(ids(list(root)), ['ICSP001']);
    for (const name of ['a.yaml', 'b.yaml']) t.deepEqual(ids(entry(root, name)), ['ICSP001']);
    t.is(entry(root).content, null);
  });
}

test('Where trust is not enforced, everything is read, with warnings', (t) => {
  const root = emptyTree(t);
  put(root, `${folder}/a.yaml`, 'content', 0o666);
  chmodSync(join(root, folder), 0o777);
  t.is(list(root, false).state, 'listed');
  t.like(entry(root, 'a.yaml', false), { digest: digest('content'), findings: [{ severity: 'warning' }] });
});

for (const [what, putThere] of [
  ['nothing', () => undefined],
  ['a directory', mkdirSync],
  ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
  ['a file that is too large', (path: string) => writeFileSync(path, new Uint8Array(2 ** 20 + 1))],
  ['a link to nothing', (path: string) => symlinkSync('nowhere', path)],
] as const) {
  test(`A link that leads to ${what}, where others can write on its way, is distrusted and not just passed over`, (t) => {
    const root = emptyTree(t);
    putDirectory(root, folder);
    const open = putDirectory(root, 'srv/p');
    symlinkSync('/srv/p/a.yaml', join(root, folder, 'a.yaml'));
    putThere(join(open, 'a.yaml'));
    chmodSync(open, 0o775);
    t.deepEqual(ids(entry(root)), ['ICSP001']);
    t.is(entry(root).content, null);
  });
}

test('An untrusted file that is too large is untrusted first, so that it replaces nothing', (t) => {
  const root = emptyTree(t);
  truncateSync(put(root, `${folder}/a.yaml`, '', 0o666), 2 ** 21);
  t.deepEqual(ids(entry(root)), ['ICSP001']);
});

test('All files together take no more than their budget, those of the last directory first', (t) => {
  const root = emptyTree(t);
  const paths = ['usr/lib/icsp.d', 'etc/icsp.d'].map((name) => putDirectory(root, name));
  for (const directory of ['usr/lib/icsp.d', 'etc/icsp.d']) {
    for (const name of ['a.yaml', 'b.yaml', 'c.yaml']) put(root, `${directory}/${name}`, 'content');
  }
  symlinkSync('/dev/null', join(root, 'usr/lib/icsp.d/mask.yaml'));
  put(root, 'usr/lib/icsp.d/open.yaml', 'content', 0o666);
  const read = readPolicyDirectories(paths, trustUnder(root), { bytes: 4 * 7 + 6, names: 100 });
  t.deepEqual(
    read.map(({ state, entries }) => [
      state,
      entries.map((each) => each.findings[0]?.id ?? each.content?.length ?? each.type),
    ]),
    [
      ['listed', [7, 'ICSP003', 'ICSP003', 'mask', 'ICSP001']],
      ['listed', [7, 7, 7]],
    ],
  );
  t.regex(read[0]?.entries[1]?.findings[0]?.message ?? '', /together/);
});

test('A directory with too many names is unreadable, so that what it contributed stays', (t) => {
  const root = emptyTree(t);
  for (const name of ['a.yaml', 'b', 'c']) put(root, `${folder}/${name}`, 'content');
  const read = (names: number) =>
    readPolicyDirectories([join(root, folder)], trustUnder(root), { bytes: 100, names })[0];
  t.is(read(3)?.state, 'listed');
  t.like(read(2), { state: 'unreadable', entries: [], findings: [{ id: 'ICSP309' }] });
});

/** A trust during whose look at a name, before it is read, somebody changes the directory. */
function changedMeanwhile(root: string, change: (name: string) => void): Trust {
  class Labelled extends Set<string> {
    override has(name: string): boolean {
      change(name);
      return false;
    }
  }
  return { ...trustUnder(root), containerFiles: () => new Labelled() };
}

/** Does it at the first call only. */
function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}

const moves: readonly (readonly [string, (at: (path: string) => string) => void])[] = [
  ['is renamed to an earlier name', (at) => renameSync(at('etc/icsp.d/m.yaml'), at('etc/icsp.d/a.yaml'))],
  ['is renamed to a later name', (at) => renameSync(at('etc/icsp.d/m.yaml'), at('etc/icsp.d/z.yaml'))],
  [
    'is written under a new name and then removed',
    (at) => {
      writeFileSync(at('etc/icsp.d/a.yaml'), 'red', { mode: 0o644 });
      rmSync(at('etc/icsp.d/m.yaml'));
    },
  ],
  ['moves to the other directory', (at) => renameSync(at('etc/icsp.d/m.yaml'), at('usr/lib/icsp.d/m.yaml'))],
  [
    'moves into a file that was read',
    (at) => {
      writeFileSync(at('etc/icsp.d/b.yaml'), 'blue and red');
      writeFileSync(at('etc/icsp.d/m.yaml'), '');
    },
  ],
];

for (const [what, move] of moves) {
  test(`A policy that ${what} after its directory was listed is found all the same`, (t) => {
    const root = emptyTree(t);
    const paths = ['usr/lib/icsp.d', folder].map((name) => putDirectory(root, name));
    put(root, `${folder}/b.yaml`, 'blue');
    put(root, `${folder}/m.yaml`, 'red');
    const act = once(() => move((path) => join(root, path)));
    const trust = changedMeanwhile(root, (name) => (name === 'm.yaml' ? act() : undefined));
    const read = readPolicyDirectories(paths, trust);
    t.deepEqual(
      read.map(({ state }) => state),
      ['listed', 'listed'],
    );
    const texts = read.flatMap(({ entries }) =>
      entries.map(({ content }) => Buffer.from(content ?? []).toString()),
    );
    t.true(texts.join().includes('red'), texts.join());
    t.true(texts.join().includes('blue'), texts.join());
  });
}

test('A policy that moves to a directory which was read already is found all the same', (t) => {
  const root = emptyTree(t);
  const paths = ['usr/lib/icsp.d', folder].map((name) => putDirectory(root, name));
  const from = put(root, 'usr/lib/icsp.d/m.yaml', 'red');
  put(root, `${folder}/a.yaml`, 'blue');
  const act = once(() => renameSync(from, join(root, folder, 'm.yaml')));
  const [vendor, own] = readPolicyDirectories(
    paths,
    changedMeanwhile(root, (name) => (name === 'a.yaml' ? act() : undefined)),
  );
  t.like(vendor, { state: 'listed', entries: [] });
  t.deepEqual(
    own?.entries.map(({ name }) => name),
    ['a.yaml', 'm.yaml'],
  );
});

test('A directory whose files are renamed at each look is unreadable, so that what it contributed stays', (t) => {
  const root = emptyTree(t);
  const paths = ['usr/lib/icsp.d', folder].map((name) => putDirectory(root, name));
  put(root, 'usr/lib/icsp.d/b.yaml', 'blue');
  put(root, `${folder}/m0.yaml`, 'red');
  let looks = 0;
  const trust = changedMeanwhile(root, (name) => {
    if (!name.startsWith('m')) return;
    looks += 1;
    renameSync(join(root, folder, name), join(root, folder, `m${looks}.yaml`));
  });
  const [vendor, own] = readPolicyDirectories(paths, trust);
  t.like(vendor, { state: 'listed', findings: [] });
  t.like(own, { state: 'unreadable', entries: [], findings: [{ id: 'ICSP309' }] });
  t.is(looks, 5);
});

test('Changes without end that take nothing away are no hindrance', (t) => {
  const root = emptyTree(t);
  put(root, `${folder}/a.yaml`, 'red');
  let looks = 0;
  const trust = changedMeanwhile(root, (name) => {
    if (name === 'a.yaml') put(root, `${folder}/n${(looks += 1)}.yaml`, 'new');
  });
  t.like(readPolicyDirectories([join(root, folder)], trust)[0], { state: 'listed', findings: [] });
});

testAsRoot('A file, a mask and a link of another user are refused', (t) => {
  const root = emptyTree(t);
  chownSync(put(root, `${folder}/a.yaml`, 'content'), 1000, 0);
  put(root, 'srv/b.yaml', 'content');
  symlinkSync('/srv/b.yaml', join(root, folder, 'b.yaml'));
  symlinkSync('/dev/null', join(root, folder, 'c.yaml'));
  for (const name of ['b.yaml', 'c.yaml']) lchownSync(join(root, folder, name), 1000, 0);
  for (const name of ['a.yaml', 'b.yaml', 'c.yaml']) t.deepEqual(ids(entry(root, name)), ['ICSP001'], name);
});

test('A directory that cannot be listed is unreadable', (t) => {
  const root = emptyTree(t);
  putDirectory(root, folder);
  symlinkSync('self', join(root, 'self'));
  const [directory] = readPolicyDirectories([join(root, 'self')], trustUnder(root));
  t.like(directory, { state: 'unreadable', entries: [] });
});
