// Laws that hold for every tree: what may not matter does not matter.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { compareBytes } from '../../src/byte-order.ts';
import { digest } from '../../src/host/digest.ts';
import type { DirectoryEntry } from '../../src/policy/drop-ins.ts';
import { runTree } from './tree.ts';

const trees = join(import.meta.dirname, 'trees');
const names = readdirSync(trees).sort();

/** Trees in which the name of a file means something: names that do not count, or that others refer to. */
const namesMatter = (name: string): boolean =>
  ['accepted', 'vendor'].some((folder) => existsSync(join(trees, name, folder))) ||
  name === 'names-that-do-not-count';

for (const name of names.filter((candidate) => !namesMatter(candidate))) {
  test(`names of files do not matter: ${name}`, async (t) => {
    const { outcome } = await runTree(join(trees, name), { policies: reverseNames });
    t.is(outcome['expected.conf'], expected(name, 'expected.conf'));
  });

  test(`the order of documents does not matter: ${name}`, async (t) => {
    const { outcome } = await runTree(join(trees, name), { policies: reverseDocuments });
    t.is(outcome['expected.conf'], expected(name, 'expected.conf'));
  });
}

for (const name of names) {
  test(`a rendering on disk leaves nothing to do: ${name}`, async (t) => {
    const { plan } = await runTree(join(trees, name));
    const bytes = plan?.rendering.bytes;
    // Somebody's order to wait or to hold has its own trees.
    if (bytes === undefined || bytes === null || plan?.wanted.pin !== null || !plan.rendering.isUsable) {
      t.pass();
      return;
    }
    const again = await runTree(join(trees, name), { disk: bytes });
    t.is(again.outcome['expected.conf'], expected(name, 'expected.conf'));
    t.deepEqual(again.plan?.changes, []);
    t.not(again.plan?.step.kind, 'write');
  });
}

test('language, time zone and the umask do not matter', (t) => {
  const script = `
    const { runTree } = await import(${JSON.stringify(join(import.meta.dirname, 'tree.ts'))});
    for (const name of ${JSON.stringify(names)})
      process.stdout.write(JSON.stringify((await runTree(${JSON.stringify(trees)} + '/' + name)).outcome) + '\\n');`;
  const here = names.map((name) => ({
    'expected.conf': expected(name, 'expected.conf'),
    'expected.findings': expected(name, 'expected.findings'),
    'expected.plan': expected(name, 'expected.plan'),
  }));
  const env = { ...process.env, LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Chatham' };
  const out = execFileSync(
    'sh',
    ['-c', 'umask 077; exec "$@"', '-', process.execPath, '--input-type=module', '-e', script],
    {
      env,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  t.deepEqual(
    out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
    here,
  );
});

function expected(name: string, file: string): string {
  return readFileSync(join(trees, name, file), 'utf8');
}

/** The same contents under names in the opposite order. */
function reverseNames(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  const count = entries.length;
  return entries
    .map((entry, index) => {
      const name = `${String(count - index).padStart(3, '0')}${/\.[a-z]+$/.exec(entry.name)?.[0] ?? ''}`;
      return { ...entry, name, path: entry.path.replace(/[^/]*$/, name) };
    })
    .sort((a, b) => compareBytes(a.name, b.name));
}

/** The documents of each YAML file, the last one first. */
function reverseDocuments(entries: readonly DirectoryEntry[]): readonly DirectoryEntry[] {
  return entries.map((entry) => {
    if (entry.content === null || !entry.name.endsWith('.yaml')) return entry;
    const documents = Buffer.from(entry.content)
      .toString('latin1')
      .split(/^---\n/m);
    const content = Buffer.from(documents.reverse().join('---\n'), 'latin1');
    return { ...entry, content, digest: digest(content) };
  });
}
