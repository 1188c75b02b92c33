// make install puts each file where the GNU variables say, and settings that are there stay.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import test, { type ExecutionContext } from 'ava';

const root = join(import.meta.dirname, '../..');

/** Installs what is built, as a package would, into an empty directory. */
function install(t: ExecutionContext, target: string, ...variables: readonly string[]): string {
  const stage = mkdtempSync(join(tmpdir(), 'icspd-install-'));
  t.teardown(() => {
    rmSync(stage, { recursive: true });
  });
  again(stage, target, ...variables);
  return stage;
}

function again(stage: string, target: string, ...variables: readonly string[]): void {
  const built = ['--old-file=build', '--old-file=node_modules/.installed'];
  const words = ['--silent', '--no-print-directory', '-C', root, ...built];
  execFileSync('make', [...words, target, `DESTDIR=${stage}`, ...variables], {
    env: { PATH: process.env['PATH'] },
    stdio: 'pipe',
  });
}

/** Mode and path of each file, the examples and what is generated apart. */
function list(stage: string): readonly string[] {
  return readdirSync(stage, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => `${(statSync(path).mode & 0o777).toString(8)} /${relative(stage, path)}`)
    .filter((line) => !/\/examples\/|\/schemas\//.test(line))
    .sort((a, b) => (a.slice(4) < b.slice(4) ? -1 : 1));
}

test('everything but the program goes to its place', (t) => {
  t.deepEqual(list(install(t, 'install-data')), [
    '640 /etc/audit/rules.d/70-icspd.rules',
    '644 /etc/icspd/icspd.conf',
    '755 /usr/lib/greenboot/check/wanted.d/50_icspd.sh',
    '644 /usr/lib/systemd/catalog/icspd.catalog',
    '644 /usr/lib/systemd/system-preset/80-icspd.preset',
    '644 /usr/lib/systemd/system/icspd-node-exporter.service',
    '644 /usr/lib/systemd/system/icspd-waiting.service',
    '644 /usr/lib/systemd/system/icspd-waiting.timer',
    '644 /usr/lib/systemd/system/icspd.service',
    '644 /usr/lib/tmpfiles.d/icspd.conf',
    '644 /usr/share/bash-completion/completions/icspd',
    '644 /usr/share/doc/icspd/CHANGELOG.md',
    '644 /usr/share/doc/icspd/LICENSE',
    '644 /usr/share/doc/icspd/README.md',
    '644 /usr/share/fish/vendor_completions.d/icspd.fish',
    '644 /usr/share/icspd/icspd.rules.yml',
    '644 /usr/share/man/man5/icsp.d.5',
    '644 /usr/share/man/man5/icspd.conf.5',
    '644 /usr/share/man/man8/icspd.8',
    '644 /usr/share/zsh/site-functions/_icspd',
  ]);
});

test('the variables of the GNU Coding Standards move it', (t) => {
  const stage = install(t, 'install-data', 'prefix=/opt/icspd', 'mandir=/man', 'sysconfdir=/opt/etc');
  const paths = list(stage).map((line) => line.slice(4));
  t.true(paths.every((path) => /^\/(?:opt\/icspd|man|opt\/etc)\//.test(path)));
  t.true(paths.includes('/man/man8/icspd.8'));
  const unit = readFileSync(join(stage, 'opt/icspd/lib/systemd/system/icspd.service'), 'utf8');
  t.regex(unit, /^ExecStart=\/opt\/icspd\/bin\/icspd run$/m);
  t.notRegex(unit, /\/usr\/bin/);
});

test('settings that are there stay', (t) => {
  const stage = install(t, 'install-data');
  const settings = join(stage, 'etc/icspd/icspd.conf');
  writeFileSync(settings, 'drift = "layer"\n');
  again(stage, 'install-data');
  t.is(readFileSync(settings, 'utf8'), 'drift = "layer"\n');
});
