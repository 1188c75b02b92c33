// What a failed system call tells the operator.
import { readFileSync } from 'node:fs';
import test from 'ava';
import { attempt, attemptIfThere, translate } from '../../src/host/errno.ts';
import { HostError } from '../../src/host-error.ts';

const path = '/etc/containers/registries.conf';

for (const [code, findingName, words] of [
  ['ENOSPC', 'diskFull', 'df -i /etc/containers)'],
  ['EDQUOT', 'diskFull', 'df -h'],
  ['EIO', 'ioFailed', 'journalctl -k'],
  ['EROFS', 'readOnlyFileSystem', 'ReadWritePaths'],
  ['EACCES', 'accessDenied', 'as root'],
  ['EPERM', 'accessDenied', 'chattr'],
  ['EBUSY', 'pathUnusable', 'findmnt'],
  ['ENOENT', 'pathMissing', 'namei'],
  ['EMFILE', 'ioFailed', 'limit'],
  ['EUCLEAN', 'ioFailed', 'EUCLEAN'],
] as const) {
  test(`${code} is told with path, cause and remedy`, (t) => {
    const cause = Object.assign(new Error(code), { code, syscall: 'write' });
    const error = translate(cause, 'write', path);
    if (!(error instanceof HostError)) throw new Error('not translated');
    t.is(error.findingName, findingName);
    t.regex(error.message, new RegExp(`^cannot write "${path}": .+ \\(${code}\\)$`));
    t.true(error.help.includes(words), error.help);
    t.is(error.path, path);
    t.is(error.cause, cause);
  });
}

test('An errno that Node has no name for is found by its number', (t) => {
  const cause = Object.assign(new Error(), {
    code: 'Unknown system error -122',
    errno: -122,
    syscall: 'write',
  });
  const error = translate(cause, 'write', path);
  t.true(error instanceof HostError && error.findingName === 'diskFull');
});

test('A path with a newline and an escape sequence stays on one line', (t) => {
  const error = translate(
    Object.assign(new Error(), { code: 'EIO', syscall: 'open' }),
    'open',
    '/a\n\u001b[31mb',
  );
  t.true(error instanceof HostError && error.message.includes('"/a\\u{a}\\u{1b}[31mb"'));
});

test('The commands in a remedy may be pasted, whatever the path holds', (t) => {
  for (const code of ['ENOSPC', 'EROFS', 'EACCES', 'EPERM', 'EBUSY', 'ENOENT', 'ELOOP']) {
    const cause = Object.assign(new Error(), { code, syscall: 'open' });
    const error = translate(cause, 'open', '/a $(id)/b $(id)');
    t.regex(error instanceof HostError ? error.help : '', /'[^']*\$\(id\)[^']*'/, code);
    t.notRegex(error instanceof HostError ? error.help : '', /-[a-zA-Z] "|findmnt "/, code);
  }
});

test('An error of our own is not taken for one of the host', (t) => {
  const defect = new TypeError('undefined is not a function');
  t.is(
    t.throws(() =>
      attempt('read', path, () => {
        throw defect;
      }),
    ),
    defect,
  );
});

test('What is not there is null only where that is an answer', (t) => {
  t.is(
    attemptIfThere('read', '/nowhere', () => readFileSync('/nowhere')),
    null,
  );
  t.throws(() => attempt('read', '/nowhere', () => readFileSync('/nowhere')), { instanceOf: HostError });
  t.throws(() => attemptIfThere('read', '/', () => readFileSync('/')), { instanceOf: HostError });
});
