// Whose files are believed.
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readTrusted } from '../../src/host/trusted-file.ts';
import { trustUnder } from '../../src/host/trust.ts';
import { emptyTree, put, putDirectory, testAsRoot } from './tree.ts';
import { leaveOut } from '../leave-out.ts';

const name = 'etc/icsp.d/a.yaml';
const maxBytes = 1000;

function read(root: string, isEnforced = true) {
  return readTrusted(join(root, name), trustUnder(root, isEnforced), maxBytes);
}

function isRefused(t: ExecutionContext, root: string, id: string, words: string): void {
  const reading = read(root);
  if (reading.state !== 'refused') {
    t.fail(reading.state);
    return;
  }
  t.like(reading.findings[0], { id, severity: 'error', file: join(root, name) });
  t.true(reading.findings[0].message.includes(words), reading.findings[0].message);
}

test('A file that only its owner can write, in directories that only their owner can write, is read', (t) => {
  const root = emptyTree(t);
  put(root, name, 'content');
  t.like(read(root), { state: 'read', findings: [] });
});

for (const mode of [0o664, 0o646, 0o777]) {
  test(`A file of mode ${mode.toString(8)} is refused`, (t) => {
    const root = emptyTree(t);
    put(root, name, 'content', mode);
    isRefused(t, root, 'ICSP001', `mode 0${mode.toString(8)}`);
  });
}

for (const directory of ['.', 'etc', 'etc/icsp.d']) {
  test(`A directory that others can write is refused: ${directory}`, (t) => {
    const root = emptyTree(t);
    put(root, name, 'content');
    chmodSync(join(root, directory), 0o775);
    isRefused(t, root, 'ICSP001', join(root, directory));
  });
}

test('A sticky ancestor is trusted, a sticky directory of the file is not', (t) => {
  const root = emptyTree(t);
  put(root, name, 'content');
  chmodSync(join(root, 'etc'), 0o1777);
  t.is(read(root).state, 'read');
  chmodSync(join(root, 'etc/icsp.d'), 0o1777);
  isRefused(t, root, 'ICSP001', join(root, 'etc/icsp.d'));
});

test('Every directory that a link leads through counts', (t) => {
  const root = emptyTree(t);
  put(root, 'srv/open/a.yaml', 'content');
  putDirectory(root, 'etc/icsp.d');
  symlinkSync('/srv/open/a.yaml', join(root, name));
  t.is(read(root).state, 'read');
  chmodSync(join(root, 'srv/open'), 0o777);
  isRefused(t, root, 'ICSP001', join(root, 'srv/open'));
});

test('Where trust is not enforced, the file is read with a warning', (t) => {
  const root = emptyTree(t);
  put(root, name, 'content', 0o666);
  t.like(read(root, false), { state: 'read', findings: [{ id: 'ICSP308', severity: 'warning' }] });
});

test('A missing file is missing, unless others can have taken it away', (t) => {
  const root = emptyTree(t);
  putDirectory(root, 'etc/icsp.d');
  t.is(read(root).state, 'missing');
  chmodSync(join(root, 'etc/icsp.d'), 0o777);
  isRefused(t, root, 'ICSP001', join(root, 'etc/icsp.d'));
});

test('A file that is too large is refused unread', (t) => {
  const root = emptyTree(t);
  truncateSync(put(root, name, ''), 2 ** 33);
  isRefused(t, root, 'ICSP003', String(2 ** 33));
});

test('A FIFO is refused at once', (t) => {
  const root = emptyTree(t);
  putDirectory(root, 'etc/icsp.d');
  execFileSync('mkfifo', [join(root, name)]);
  isRefused(t, root, 'ICSP002', 'fifo');
});

test('A link out of the root is refused', (t) => {
  const root = emptyTree(t);
  putDirectory(root, 'etc/icsp.d');
  symlinkSync('../../../../../../../../../etc/hostname', join(root, name));
  isRefused(t, root, 'ICSP002', 'leads out');
});

testAsRoot('A file of another user is refused', (t) => {
  const root = emptyTree(t);
  chownSync(put(root, name, 'content'), 1000, 0);
  isRefused(t, root, 'ICSP001', 'uid 1000');
});

testAsRoot(
  'Under another root the files of root are as good as those of the caller, and nobody else’s are',
  (t) => {
    const root = emptyTree(t);
    chownSync(put(root, 'tree/etc/icsp.d/a.yaml', 'content'), 1000, 0);
    chownSync(join(root, 'tree'), 1000, 0);
    const trust = { ...trustUnder(join(root, 'tree')), uid: 1000 };
    const path = join(root, 'tree/etc/icsp.d/a.yaml');
    t.is(readTrusted(path, trust, 1000).state, 'read');
    chownSync(path, 1001, 0);
    t.like(readTrusted(path, trust, 1000), {
      state: 'refused',
      findings: [{ message: `"${path}" belongs to uid 1001, not to uid 1000 or root` }],
    });
  },
);

testAsRoot('A directory of another user is refused', (t) => {
  const root = emptyTree(t);
  put(root, name, 'content');
  chownSync(join(root, 'etc'), 1000, 0);
  isRefused(t, root, 'ICSP001', 'uid 1000');
});

testAsRoot('A link of another user is refused', (t) => {
  const root = emptyTree(t);
  put(root, 'srv/a.yaml', 'content');
  putDirectory(root, 'etc/icsp.d');
  symlinkSync('/srv/a.yaml', join(root, name));
  lchownSync(join(root, name), 1000, 0);
  isRefused(t, root, 'ICSP001', 'uid 1000');
});

testAsRoot('A write ACL for somebody is refused by the group bits, which are its mask', (t) => {
  const root = emptyTree(t);
  const path = put(root, name, 'content');
  try {
    execFileSync('setfacl', ['-m', 'u:1000:rw', path], { stdio: 'ignore' });
  } catch {
    leaveOut(t, 'there is no setfacl, or no ACL on this file system');
    return;
  }
  isRefused(t, root, 'ICSP001', 'mode 0664');
});

test('On a node the walk goes up to the root directory and trusts root alone', (t) => {
  t.is(readTrusted('/etc/passwd', trustUnder('/'), 10_000_000).state, 'read');
});

test('A remedy that is a command may be pasted, whatever the path holds', (t) => {
  const root = emptyTree(t);
  const file = `etc/$(touch pwned) 'it.yaml`;
  put(root, file, 'content', 0o666);
  const reading = readTrusted(join(root, file), trustUnder(root, true), maxBytes);
  if (reading.state !== 'refused') {
    t.fail(reading.state);
    return;
  }
  const command = reading.findings[0].help.replace(/^chmod go-w /, 'printf %s ');
  t.is(execFileSync('sh', ['-c', command], { cwd: root, encoding: 'utf8' }), join(root, file));
});
