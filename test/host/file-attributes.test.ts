// What cp and restorecon are asked to do to the file that takes the place of registries.conf.
import { closeSync, openSync, readFileSync } from 'node:fs';
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

for (const [what, setpriv] of [
  ['it has no right to copy the seals of the kernel', null],
  ['where setpriv does not work, it runs all the same', 'echo "setpriv: no" >&2; exit 1'],
] as const) {
  test.serial(`cp runs once, and whoever runs icspd: ${what}`, async (t) => {
    const root = emptyTree(t);
    const from = put(root, 'old', '');
    const path = put(root, 'new', '');
    const fd = openSync(path, 'r+');
    t.teardown(() => closeSync(fd));
    const commands = fakeCommands(t);
    commands.add('cp', 'grep CapEff /proc/self/status > $DIR/rights');
    if (setpriv !== null) commands.add('setpriv', setpriv);
    await copyAttributes(from, { fd, path }, true);
    t.is(commands.calls().filter((call) => call.startsWith('cp ')).length, 1);
    const rights = readFileSync(`${commands.directory}/rights`, 'utf8');
    const set = BigInt(`0x${/[0-9a-f]{16}/.exec(rights)?.[0] ?? ''}`);
    if (setpriv === null) t.is(set & (1n << 21n), 0n);
  });
}
