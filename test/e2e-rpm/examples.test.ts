// The examples are what their tools accept, and the policies in them what icspd does.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parse } from 'yaml';
import { z } from 'zod';

const root = join(import.meta.dirname, '../..');
const examples = join(root, 'packaging/examples');

/** Runs a linter on a file. Where there is no such linter it says so, which is a failure in CI. */
function lint(t: ExecutionContext, command: string, ...words: readonly string[]): void {
  const { error, status, stdout, stderr } = spawnSync(command, words, { encoding: 'utf8', cwd: root });
  if (error !== undefined && process.env['CI'] !== 'true') {
    t.log(`left out: there is no ${command} here`);
    t.pass();
    return;
  }
  t.is(status, 0, `${error?.message ?? ''}${stdout}${stderr}`);
  t.notRegex(stdout + stderr, /warning at|error:/i);
}

const butane = z.object({
  storage: z.object({
    files: z.array(z.object({ path: z.string(), mode: z.int(), contents: z.object({ inline: z.string() }) })),
  }),
  systemd: z.object({ units: z.array(z.object({ name: z.string(), enabled: z.boolean() })) }),
});

/** Butane is YAML 1.1: a mode is octal. */
function readButane(): z.infer<typeof butane> {
  return butane.parse(parse(readFileSync(join(examples, 'butane/icspd.bu'), 'utf8'), { version: '1.1' }));
}

test('ansible-playbook takes the playbook', (t) => {
  lint(t, 'ansible-playbook', '--syntax-check', join(examples, 'ansible/icspd.yaml'));
});

test('ignition-validate takes the Ignition config', (t) => {
  lint(t, 'ignition-validate', join(examples, 'butane/icspd.ign'));
});

test('the Ignition config is the Butane config', (t) => {
  const { storage, systemd } = readButane();
  const files = storage.files.map(({ contents, ...file }) => ({
    ...file,
    contents: { source: `data:,${encodeURIComponent(contents.inline)}` },
  }));
  t.deepEqual(JSON.parse(readFileSync(join(examples, 'butane/icspd.ign'), 'utf8')), {
    ignition: { version: '3.3.0' },
    storage: { files },
    systemd,
  });
});

test('dockerfile-utils takes the Containerfile', (t) => {
  lint(t, join(root, 'node_modules/.bin/dockerfile-utils'), 'lint', join(examples, 'bootc/Containerfile'));
});

test('icspd takes every policy of the examples', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'icspd-examples-'));
  t.teardown(() => {
    rmSync(directory, { recursive: true });
  });
  for (const { path, contents } of readButane().storage.files)
    if (path.startsWith('/etc/icsp.d/'))
      writeFileSync(join(directory, path.replaceAll('/', '-').slice(1)), contents.inline);
  writeFileSync(join(directory, 'microshift.yaml'), readFileSync(join(examples, 'microshift/mirrors.yaml')));
  t.is(readdirSync(directory).length, 2);
  const folders = [directory, join(examples, 'policies')];
  t.notThrows(() => execFileSync(join(root, 'dist/icspd'), ['check', ...folders], { stdio: 'pipe' }));
});

test('every example has a test', (t) => {
  const tested = ['ansible', 'bootc', 'butane', 'microshift', 'node', 'policies'];
  const elsewhere = ['pre-commit', 'sudoers'];
  const there = readdirSync(examples).filter((name) => existsSync(join(examples, name)));
  t.deepEqual(
    there.filter((name) => ![...tested, ...elsewhere].includes(name)),
    [],
  );
});
