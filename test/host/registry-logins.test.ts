// For which registries CRI-O has credentials, by its configuration and its file of credentials as they really look.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'ava';
import { readRegistryLogins } from '../../src/host/registry-logins.ts';
import { emptyTree, put, putDirectory } from './tree.ts';

const main = 'etc/crio/crio.conf';
const drop = 'etc/crio/crio.conf.d';
const secret = 'etc/crio/pull-secret';
const use = (path: string): string => `[crio.image]\nglobal_auth_file = "${path}"\n`;
const auths = (...names: readonly string[]): string =>
  JSON.stringify({ auths: Object.fromEntries(names.map((name) => [name, { auth: 'c2VjcmV0' }])) });

const rows: readonly (readonly [
  title: string,
  files: Readonly<Record<string, string>>,
  scopes: readonly string[] | null,
])[] = [
  ['without CRI-O nothing is known', {}, null],
  ['nor is it without the setting', { [main]: '[crio.image]\n', [secret]: auths('a.x') }, null],
  [
    'registries and paths are keys',
    { [main]: use(`/${secret}`), [secret]: auths('a.x', 'b.x:5000/t') },
    ['a.x', 'b.x:5000/t'],
  ],
  [
    'the last file that has the setting counts',
    {
      [main]: use('/other'),
      [`${drop}/10.conf`]: use(`/${secret}`),
      [`${drop}/20.conf`]: '[crio.image]\n',
      [secret]: auths('a.x'),
    },
    ['a.x'],
  ],
  [
    'and may take it back',
    { [main]: use(`/${secret}`), [`${drop}/10.conf`]: use(''), [secret]: auths('a.x') },
    null,
  ],
  ['a file that is not there is none', { [main]: use('/nothing') }, null],
  ['a relative path is relative to nobody knows what', { [main]: use(secret), [secret]: auths('a.x') }, null],
  [
    'helpers tell credentials too',
    { [main]: use(`/${secret}`), [secret]: '{"credHelpers":{"a.x":"helper"}}' },
    ['a.x'],
  ],
  [
    'old names of Docker Hub and URLs stand for a host',
    {
      [main]: use(`/${secret}`),
      [secret]: auths('https://index.docker.io/v1/', 'http://a.x/v2', 'registry-1.docker.io'),
    },
    ['docker.io', 'a.x'],
  ],
  [
    'what is no object has no names',
    { [main]: use(`/${secret}`), [secret]: '{"auths":["a.x"],"credHelpers":"b.x"}' },
    [],
  ],
  [
    'a name of the language is a name like others',
    { [main]: use(`/${secret}`), [secret]: '{"auths":{"__proto__":{}}}' },
    ['__proto__'],
  ],
  ['what is no JSON tells nothing', { [main]: use(`/${secret}`), [secret]: '{"auths":{"a.x"' }, null],
  [
    'nor does what is beyond all measure',
    { [main]: use(`/${secret}`), [secret]: `${auths('a.x')}${' '.repeat(1024 * 1024)}` },
    null,
  ],
];

for (const [title, files, scopes] of rows) {
  test(title, (t) => {
    const root = emptyTree(t);
    for (const [name, text] of Object.entries(files)) put(root, name, text);
    t.deepEqual(readRegistryLogins(root)?.scopes ?? null, scopes);
  });
}

test('a FIFO in the place of the file neither blocks nor counts', (t) => {
  const root = emptyTree(t);
  put(root, main, use(`/${secret}`));
  putDirectory(root, 'etc/crio');
  execFileSync('mkfifo', [join(root, secret)]);
  t.is(readRegistryLogins(root), null);
});
