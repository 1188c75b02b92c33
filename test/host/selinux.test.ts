// Which files containers may write to, as SELinux says.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { digest } from '../../src/host/digest.ts';
import { readPolicyDirectories } from '../../src/host/policy-dirs.ts';
import { findContainerFiles } from '../../src/host/selinux.ts';
import { trustUnder } from '../../src/host/trust.ts';
import { readTrusted } from '../../src/host/trusted-file.ts';
import { emptyTree, put } from './tree.ts';

const etc = 'system_u:object_r:etc_t:s0';
const container = 'system_u:object_r:container_file_t:s0:c1,c2';

/** A find(1) that prints these labels and names, and the switch of a kernel with SELinux. */
function selinux(t: ExecutionContext, body: string): readonly [isOnPath: string, find: string] {
  const root = emptyTree(t);
  writeFileSync(join(root, 'enforce'), '1');
  return [join(root, 'enforce'), put(root, 'find', `#!/bin/sh\n${body}\n`, 0o755)];
}

const print = (...pairs: readonly (readonly [label: string, name: string])[]): string =>
  `printf '${pairs.map(([label, name]) => `${label}\\0${name}\\0`).join('')}'`;

test('the names with the label of containers are found, the directory among them', (t) => {
  const body = print([container, ''], [etc, 'a.yaml'], [container, 'b.yaml'], ['', 'c.yaml']);
  t.deepEqual([...findContainerFiles('/etc/icsp.d', ...selinux(t, body))], ['', 'b.yaml']);
});

test('a name that looks like a label is none', (t) => {
  t.deepEqual([...findContainerFiles('/', ...selinux(t, print([etc, container], [etc, 'a'])))], []);
});

test('where SELinux is off no command runs', (t) => {
  const [, find] = selinux(t, print([container, 'a']));
  t.deepEqual([...findContainerFiles('/', '/nonexistent/enforce', find)], []);
});

test('a command that is missing or fails says nothing', (t) => {
  const [isOnPath, find] = selinux(t, 'exit 1');
  t.deepEqual([...findContainerFiles('/', isOnPath, find)], []);
  t.deepEqual([...findContainerFiles('/', isOnPath, `${find}.missing`)], []);
});

test('a command that hangs is killed, and what it said before counts', (t) => {
  const [isOnPath, find] = selinux(t, `${print([container, 'a'])}; exec sleep 60`);
  t.deepEqual([...findContainerFiles('/', isOnPath, find)], ['a']);
});

/** The trust of a tree where these names are labelled so. */
function trust(root: string, ...names: readonly string[]) {
  return { ...trustUnder(root), containerFiles: () => new Set(names) };
}

test('a policy file that containers may write to is refused, one beside it is not', (t) => {
  const root = emptyTree(t);
  for (const name of ['a.yaml', 'b.yaml']) put(root, `etc/icsp.d/${name}`, name);
  const [read] = readPolicyDirectories([join(root, 'etc/icsp.d')], trust(root, 'a.yaml'));
  t.like(read, { state: 'listed', findings: [] });
  t.like(read?.entries[0], { name: 'a.yaml', content: null, findings: [{ id: 'ICSP001' }] });
  t.regex(read?.entries[0]?.findings[0]?.help ?? '', /^restorecon/);
  t.is(read?.entries[1]?.digest, digest('b.yaml'));
});

test('in a directory that containers may write to nothing is believed', (t) => {
  const root = emptyTree(t);
  put(root, 'etc/icsp.d/a.yaml', 'a');
  const [read] = readPolicyDirectories([join(root, 'etc/icsp.d')], trust(root, ''));
  t.like(read, { state: 'unreadable', findings: [{ id: 'ICSP001' }], entries: [{ content: null }] });
});

test('settings and baseline that containers may write to are refused', (t) => {
  const root = emptyTree(t);
  const path = put(root, 'etc/icspd/baseline.conf', '');
  t.is(readTrusted(path, trust(root), 100).state, 'read');
  for (const name of ['baseline.conf', '']) t.is(readTrusted(path, trust(root, name), 100).state, 'refused');
});
