// Where a path leads, inside a root.
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { HostError } from '../../src/host-error.ts';
import { resolvePath } from '../../src/host/resolve-path.ts';
import { emptyTree, put, putDirectory } from './tree.ts';

const links = [
  ['etc/relative', 'real/file', 'etc/real/file'],
  ['etc/absolute', '/etc/real/file', 'etc/real/file'],
  ['etc/up', '../etc/./real//file', 'etc/real/file'],
  ['etc/chain', 'absolute', 'etc/real/file'],
  ['etc/folder', '/etc/real', 'etc/real'],
  ['etc/top', '/', '.'],
] as const;

for (const [name, text, expected] of links) {
  test(`A link with the text ${text} leads to ${expected} of the root`, (t) => {
    const root = emptyTree(t);
    put(root, 'etc/real/file', '');
    if (name === 'etc/chain') symlinkSync('/etc/real/file', join(root, 'etc/absolute'));
    symlinkSync(text, join(root, name));
    t.is(resolvePath(join(root, name), root).path, join(root, expected));
  });
}

test('Links on the way are followed, and every directory and link of every hop is remembered', (t) => {
  const root = emptyTree(t);
  put(root, 'srv/policies/a.yaml', '');
  putDirectory(root, 'etc');
  symlinkSync('/srv/policies', join(root, 'etc/icsp.d'));
  const way = resolvePath(join(root, 'etc/icsp.d/a.yaml'), root);
  const inside = (paths: readonly { readonly path: string }[]) =>
    paths.map(({ path }) => path.slice(root.length));
  t.is(way.path, join(root, 'srv/policies/a.yaml'));
  t.deepEqual(inside(way.directories), ['', '/etc', '', '/srv', '/srv/policies']);
  t.deepEqual(inside(way.links), ['/etc/icsp.d']);
});

test('What is not there yet has a path of its own, and no stats', (t) => {
  const root = emptyTree(t);
  const way = resolvePath(join(root, 'etc/containers/registries.conf'), root);
  t.is(way.path, join(root, 'etc/containers/registries.conf'));
  t.is(way.stats, null);
});

for (const [what, text, findingName] of [
  ['out of the root', '../../outside', 'pathEscapesRoot'],
  ['out of the root through a name that is missing', 'missing/../../../outside', 'pathMissing'],
  ['in a circle', 'link', 'pathUnusable'],
  ['through a file', 'file/below', 'pathUnusable'],
] as const) {
  test(`A link that leads ${what} is refused`, (t) => {
    const root = emptyTree(t);
    put(root, 'etc/file', '');
    symlinkSync(text, join(root, 'etc/link'));
    const error = t.throws(() => resolvePath(join(root, 'etc/link'), root), { instanceOf: HostError });
    t.is(error.findingName, findingName);
  });
}

test('A path outside of the root is refused', (t) => {
  const root = emptyTree(t);
  t.throws(() => resolvePath('/etc/hostname', root), { instanceOf: HostError });
});
