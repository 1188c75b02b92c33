// What cp and restorecon are asked to do to the file that takes the place of registries.conf.
import { closeSync, openSync } from 'node:fs';
import test from 'ava';
import { copyAttributes, setDefaultLabel } from '../../src/host/file-attributes.ts';
import { fakeCommands } from './fake-commands.ts';
import { emptyTree, put } from './tree.ts';

for (const [what, withMode, isOn, wanted] of [
  ['without SELinux', true, false, 'ownership,xattr,mode'],
  ['where SELinux is on', true, true, 'ownership,xattr,mode,context'],
  ['of a file that others can write', false, true, 'ownership,xattr,context'],
] as const) {
  test.serial(`Attributes ${what}: no time is copied, and a label only where there are labels`, async (t) => {
    const root = emptyTree(t);
    const path = put(root, 'old', '');
    const fd = openSync(put(root, 'new', ''), 'r+');
    t.teardown(() => closeSync(fd));
    const commands = fakeCommands(t);
    commands.add('cp', '');
    const to = { fd, path: `${root}/new` };
    await copyAttributes(path, to, withMode, isOn ? root : `${root}/no-selinux`);
    t.regex(
      commands.calls().join(),
      new RegExp(`^cp \\[--attributes-only\\] \\[--preserve=${wanted}\\] .*\\[${path}\\]`),
    );
  });
}

test.serial(
  'A first file gets its label from restorecon, where SELinux is on; that it fails ends nothing',
  async (t) => {
    const root = emptyTree(t);
    const commands = fakeCommands(t);
    commands.add('restorecon', 'exit 1');
    await setDefaultLabel('/new', `${root}/no-selinux`);
    t.deepEqual(commands.calls(), []);
    await setDefaultLabel('/new', root);
    t.deepEqual(commands.calls(), ['restorecon [/new]']);
  },
);
