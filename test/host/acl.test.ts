// Which files have ACL entries for somebody.
import { execFileSync } from 'node:child_process';
import test from 'ava';
import { hasNamedEntries } from '../../src/host/acl.ts';
import { leaveOut } from '../leave-out.ts';
import { emptyTree, put } from './tree.ts';

test('Owner, group and others are no entries of somebody; a named entry is, whatever it allows', (t) => {
  const root = emptyTree(t);
  const path = put(root, ' -name with\nnewline', 'content', 0o4775);
  t.false(hasNamedEntries(path));
  try {
    execFileSync('setfacl', ['-m', 'u:1000:-', path], { stdio: 'ignore' });
  } catch {
    leaveOut(t, 'there is no setfacl, or no ACL on this file system');
    return;
  }
  t.true(hasNamedEntries(path));
});

test('What is not there has none', (t) => {
  t.false(hasNamedEntries(`${emptyTree(t)}/missing`));
});
