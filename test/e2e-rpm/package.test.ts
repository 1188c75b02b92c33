// What the package is made of, looked at from outside.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { compareVersions } from '../../src/version-order.ts';
import { packageOf } from './packages.ts';

const root = join(import.meta.dirname, '../..');

function query(...words: readonly string[]): readonly string[] {
  return execFileSync('rpm', ['--query', '--package', ...words, packageOf('newer')], { encoding: 'utf8' })
    .trim()
    .split('\n');
}

function scratch(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'icspd-rpm-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  return directory;
}

/** What is in the package, unpacked. */
function unpack(t: ExecutionContext): string {
  const directory = scratch(t);
  const archive = execFileSync('rpm2cpio', [packageOf('newer')], { maxBuffer: 1 << 28 });
  execFileSync('cpio', ['--extract', '--make-directories', '--quiet'], { cwd: directory, input: archive });
  return directory;
}

test('the same sources give the same bytes, in another directory', (t) => {
  t.is(Buffer.compare(readFileSync(packageOf('newer')), readFileSync(packageOf('again'))), 0);
});

test('it has at most 35 MB', (t) => {
  t.true(statSync(packageOf('newer')).size <= 35e6, `${statSync(packageOf('newer')).size} bytes`);
});

test('it asks for nothing that RHEL 8 and what came after it do not have', (t) => {
  const newest: ReadonlyMap<string, string> = new Map([
    ['GLIBC', '2.28'],
    ['GLIBCXX', '3.4.25'],
    ['CXXABI', '1.3.11'],
    ['GCC', '7.0.0'],
  ]);
  const asked = query('--requires').flatMap((line) => {
    const [, name = '', version = ''] = /\((GLIBC|GLIBCXX|CXXABI|GCC)_([\d.]+)\)/.exec(line) ?? [];
    return name === '' ? [] : [{ line, version, limit: newest.get(name) ?? '' }];
  });
  t.true(asked.length > 20);
  for (const { line, version, limit } of asked) t.true(compareVersions(version, limit) <= 0, line);
});

test('rpmlint has nothing to say that is not explained', (t) => {
  const { status, stdout } = spawnSync(
    'rpmlint',
    ['--rpmlintrc', 'packaging/rpm/icspd.rpmlintrc', 'packaging/rpm/icspd.spec', packageOf('newer')],
    { cwd: root, encoding: 'utf8' },
  );
  t.is(status, 0, stdout);
  t.regex(stdout, / 0 errors, 0 warnings/);
});

test('a signature of it is verified, and one that was tampered with is not', (t) => {
  const home = scratch(t);
  const env = { ...process.env, GNUPGHOME: join(home, 'gnupg') };
  execFileSync('mkdir', ['--mode=700', env.GNUPGHOME]);
  const name = 'icspd test <icspd@example.invalid>';
  execFileSync(
    'gpg',
    ['--batch', '--quiet', '--passphrase', '', '--quick-generate-key', name, 'rsa3072', 'sign', '1d'],
    { env, stdio: 'pipe' },
  );
  const signed = join(home, 'icspd.rpm');
  copyFileSync(packageOf('newer'), signed);
  const gpg = execFileSync('sh', ['-c', 'command -v gpg'], { encoding: 'utf8' }).trim();
  const defines = ['--define', `_gpg_name ${name}`, '--define', `__gpg ${gpg}`];
  execFileSync('rpmsign', [...defines, '--addsign', signed], { env, stdio: 'pipe' });
  const key = join(home, 'key.asc');
  execFileSync('gpg', ['--batch', '--armor', '--output', key, '--export', name], { env, stdio: 'pipe' });
  execFileSync('gpgconf', ['--kill', 'all'], { env });
  const db = ['--define', `_dbpath ${join(home, 'db')}`];
  execFileSync('rpmkeys', [...db, '--import', key]);
  const check = (): ReturnType<typeof spawnSync> =>
    spawnSync('rpm', [...db, '--checksig', signed], { encoding: 'utf8' });
  t.regex(String(check().stdout), /: digests signatures OK$/m);
  const bytes = readFileSync(signed);
  bytes[bytes.length - 1_000] = (bytes[bytes.length - 1_000] ?? 0) ^ 1;
  execFileSync('dd', [`of=${signed}`, 'status=none'], { input: bytes });
  t.not(check().status, 0);
});

test('what is inside is named: as provided packages, as licences, and in the bill of materials', (t) => {
  const directory = join(unpack(t), 'usr/share/doc/icspd');
  const bill = JSON.parse(readFileSync(join(directory, 'icspd.cdx.json'), 'utf8')) as {
    components: { name: string; version: string }[];
  };
  const licences = readFileSync(join(directory, 'LICENSES.bundled.txt'), 'utf8');
  const provides = query('--provides');
  t.true(bill.components.length > 20);
  for (const { name, version } of bill.components) {
    const provided = name === 'nodejs' ? name : `npm(${name})`;
    t.true(provides.includes(`bundled(${provided}) = ${version}`), name);
    t.true(licences.includes(name === 'nodejs' ? `Node.js ${version}` : `${name} ${version} (`), name);
  }
  t.true(provides.some((line) => line.startsWith('bundled(openssl) = 3.')));
});

/** The scriptlets that the spec gives where rpm knows these macros, by name. */
function scriptlets(t: ExecutionContext, macros: string): ReadonlyMap<string, string> {
  const file = join(scratch(t), 'macros');
  writeFileSync(file, macros);
  const define = ['--define', `checkout ${root}`, '--define', '_dbpath /var/lib/rpm'];
  const spec = execFileSync(
    'rpmspec',
    ['--load', file, ...define, '--parse', join(root, 'packaging/rpm/icspd.spec')],
    { encoding: 'utf8' },
  );
  const sections = spec.split(/^%(?=(?:prep|build|install|post|preun|postun|files|changelog)\b)/m);
  return new Map(sections.map((text) => [/^\w+/.exec(text)?.[0] ?? '', text.replace(/^\w+ *\n/, '').trim()]));
}

/** As Fedora and RHEL define them: by name, what a call is given, and what it leaves to the triggers of systemd's package. */
const distribution = [
  '%_unitdir /distribution/units',
  '%_tmpfilesdir /distribution/tmpfiles',
  '%systemd_requires Requires(post): systemd-of-the-distribution',
  ...['post', 'preun', 'postun_with_restart'].map((name) => `%systemd_${name}() helper ${name} %{?*}`),
  '',
].join('\n');

test('a distribution with macros of systemd has its own run, and its places', (t) => {
  const units = 'icspd.service icspd-waiting.timer';
  const there = scriptlets(t, distribution);
  t.is(there.get('post'), `helper post ${units}`);
  t.is(there.get('preun')?.split('\n')[0]?.trim(), `helper preun ${units}`);
  t.is(there.get('postun')?.split('\n')[0]?.trim(), `helper postun_with_restart ${units}`);
  for (const text of there.values()) t.notRegex(text, /systemctl (--no-reload|try-restart|daemon-reload)/);
  t.regex(
    there.get('install') ?? '',
    /unitdir=\/distribution\/units .*\n.*tmpfilesdir=\/distribution\/tmpfiles/,
  );
  t.regex(there.get('') ?? '', /^Requires\(post\): systemd-of-the-distribution$/m);
});

test('where rpm knows none, the spec brings what stands for them', (t) => {
  const here = scriptlets(t, '');
  t.regex(here.get('post') ?? '', /systemctl --no-reload preset icspd\.service icspd-waiting\.timer/);
  t.regex(here.get('preun') ?? '', /disable --now icspd\.service icspd-waiting\.timer/);
  t.regex(here.get('postun') ?? '', /try-restart icspd\.service icspd-waiting\.timer/);
});

test('the executable uses its code cache: it starts with less work than its Node.js under flags for which there is none', (t) => {
  const program = join(unpack(t), 'usr/libexec/icspd/icspd');
  const work = (file: string, ...words: readonly string[]): number => {
    const { stderr } = spawnSync(
      'bash',
      ['-c', 'TIMEFORMAT="%U %S"; time (for i in {1..15}; do "$@" >/dev/null; done)', 'bash', file, ...words],
      {
        encoding: 'utf8',
      },
    );
    const [user, system] = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
    return (user ?? Number.NaN) + (system ?? Number.NaN);
  };
  const node = join(root, 'node_modules/node/bin/node');
  const command = ['render', '--root', scratch(t)];
  const single = work(program, ...command);
  const bundle = work(node, join(root, 'dist/icspd.cjs'), ...command);
  t.log(`15 starts: ${single.toFixed(2)} s of CPU, the bundle ${bundle.toFixed(2)} s`);
  t.true(single < 0.9 * bundle, `${single} s, and the bundle ${bundle} s`);
});

test('the environment adds nothing to it', (t) => {
  const directory = unpack(t);
  const program = join(directory, 'usr/libexec/icspd/icspd');
  const env = { ...process.env, NODE_OPTIONS: '--import=/nonexistent/preload.mjs' };
  t.regex(execFileSync(program, ['--version'], { env, encoding: 'utf8' }), /^icspd \d/);
  t.regex(readFileSync(join(directory, 'usr/bin/icspd'), 'utf8'), /^unset NODE_OPTIONS .*OPENSSL_CONF/m);
});
