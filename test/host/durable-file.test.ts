// Writes that are whole or an error.
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import {
  createPrivate,
  makeDirectory,
  removeDurably,
  writeAll,
  writeDurably,
} from '../../src/host/durable-file.ts';
import { HostError } from '../../src/host-error.ts';
import { emptyTree, put } from './tree.ts';

test('A full disk is an error that says what to do', (t) => {
  const fd = openSync('/dev/full', 'w');
  const error = t.throws(() => writeAll(fd, '/dev/full', Buffer.from('data')), { instanceOf: HostError });
  closeSync(fd);
  t.is(error.findingName, 'diskFull');
});

test('A temporary file is private, and never takes the place of anything', (t) => {
  const root = emptyTree(t);
  closeSync(createPrivate(join(root, 'new')));
  t.is(statSync(join(root, 'new')).mode & 0o7777, 0o600);
  put(root, 'victim', 'content');
  symlinkSync('nowhere', join(root, 'link'));
  for (const name of ['victim', 'link']) {
    t.throws(() => createPrivate(join(root, name)), { instanceOf: HostError });
  }
  t.is(readFileSync(join(root, 'victim'), 'utf8'), 'content');
});

test('A write replaces the content and the mode, and leaves nothing beside it', (t) => {
  const root = emptyTree(t);
  const path = put(root, 'file', 'old', 0o666);
  writeDurably(path, 'new', 0o600);
  t.is(readFileSync(path, 'utf8'), 'new');
  t.is(statSync(path).mode & 0o7777, 0o600);
  t.deepEqual(readdirSync(root), ['file']);
});

test('A write that fails leaves nothing beside it', (t) => {
  const root = emptyTree(t);
  mkdirSync(join(root, 'file/below'), { recursive: true });
  t.throws(() => writeDurably(join(root, 'file'), 'new', 0o600), { instanceOf: HostError });
  t.deepEqual(readdirSync(root), ['file']);
});

test('Directories are made with their parents, each with its mode; one that is there stays as it is', (t) => {
  const root = emptyTree(t);
  makeDirectory(join(root, 'a/b/c'), 0o700);
  const mode = (name: string) => statSync(join(root, name)).mode & 0o7777;
  t.deepEqual([mode('a'), mode('a/b'), mode('a/b/c')], [0o755, 0o755, 0o700]);
  makeDirectory(join(root, 'a'), 0o700);
  t.is(mode('a'), 0o755);
});

test('Removing twice is no error', (t) => {
  const path = put(emptyTree(t), 'file', 'content');
  removeDurably(path);
  t.notThrows(() => removeDurably(path));
});
