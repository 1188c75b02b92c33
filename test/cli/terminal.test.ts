// On a terminal of 80 columns and 24 lines: sentences are broken at spaces, status fits, and what is copied stays whole.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { fitLists, showList, type List } from '../../src/cli/status-screen.ts';
import { wrap } from '../../src/cli/wrap.ts';
import { brokenPolicy, digestPolicy, makeRoot, type Root } from './program.ts';

const program = join(import.meta.dirname, '../../dist/icspd');
const conf = '/etc/containers/registries.conf';

/** What icspd writes to a terminal of this size, stdout and stderr as they come. */
async function onTerminal(root: Root, words: string, size = 'cols 80 rows 24'): Promise<readonly string[]> {
  const call = `stty ${size}; exec ${program} --no-color --root ${root.path} ${words}`;
  const script = promisify(execFile)('script', ['-qec', `sh -c '${call}'`, '/dev/null']);
  const { stdout } = await script.catch((error: unknown) => error as { stdout: string });
  return stdout.replaceAll('\r\n', '\n').trimEnd().split('\n');
}

/** A node with something to say to every command: policies, one of them broken, an edit, a drop-in, a hold. */
async function makeNode(t: ExecutionContext): Promise<Root> {
  const root = makeRoot(t);
  for (let n = 0; n < 30; n += 1) {
    root.write(
      `/etc/icsp.d/team-${n}.yaml`,
      digestPolicy
        .replace('name: team', `name: team-${n}`)
        .replaceAll('/team', `/team-${n}`)
        .replace(/$/, '      mirrorSourcePolicy: NeverContactSource\n'),
    );
  }
  await root.icspd('apply');
  root.remove('/etc/icsp.d/team-7.yaml');
  root.write('/etc/icsp.d/broken.yaml', brokenPolicy);
  root.write(
    '/etc/containers/registries.conf.d/site.conf',
    '[[registry]]\nlocation = "quay.io/site"\n[[registry.mirror]]\nlocation = "mirror.example/site"\n',
  );
  await root.icspd('apply');
  return root;
}

/** Lines over 80 columns that could have been broken: behind their indentation there is a space before the 80th column. */
function tooLong(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.length > 80 && line.trimStart().slice(0, 60).includes(' '));
}

for (const words of [
  'apply',
  'check',
  'status',
  'status -v',
  'explain quay.io/team-1/app',
  'explain quay.io/site/app',
  'history',
  'history show 1',
  'restore --previous --reason "a reason that is long enough to need a second line on this terminal"',
  'hold --for 8h --reason "another reason that is long enough to need a second line here"',
  'adopt --dry-run',
  'render --frobnicate',
]) {
  test(`icspd ${words} is read on 80 columns`, async (t) => {
    const root = await makeNode(t);
    const lines = await onTerminal(root, words);
    t.true(lines.length > 0 && lines[0] !== '');
    t.deepEqual(tooLong(lines), []);
  });
}

test('the lines of a file are not broken', async (t) => {
  const root = await makeNode(t);
  root.write('/etc/icsp.d/new.yaml', digestPolicy);
  const [header = ''] = (root.read(conf) ?? '').split('\n').filter((line) => line.includes('cp -p'));
  t.true(header.length > 80);
  t.true((await onTerminal(root, 'render')).includes(header));
  t.true((await onTerminal(root, 'diff')).includes(` ${header}`));
  const document = JSON.parse((await onTerminal(root, 'status --json')).join('\n')) as { health: string };
  t.is(document.health, 'attention');
});

test('status fits the screen, with what needs a hand on it, and says how much there is besides', async (t) => {
  const root = await makeNode(t);
  for (let n = 0; n < 12; n += 1) root.write(`/etc/icsp.d/bad-${n}.yaml`, brokenPolicy);
  root.write(conf, `${root.read(conf) ?? ''}\n[[registry]]\nlocation = "by-hand.example"\nblocked = true\n`);
  const lines = await onTerminal(root, 'status');
  t.true(lines.length <= 23, `${lines.length} lines`);
  const text = lines.join('\n');
  t.regex(text, /^attention: somebody edited the rendering/);
  t.regex(text, /policies {3}42 files, 13 not accepted\n/);
  t.regex(text, /error ICSP380/);
  t.regex(text, /and \d+ more errors: icspd status -v/);
  const all = await onTerminal(root, 'status -v');
  t.is(all.filter((line) => line.startsWith('    accepted ')).length, 29);
  t.notRegex(all.join('\n'), /icspd status -v/);
  const tall = await onTerminal(root, 'status', 'cols 80 rows 400');
  t.is(tall.filter((line) => line.startsWith('    accepted ')).length, 29);
});

test('off a terminal status has all of it, a line for each thing', async (t) => {
  const root = await makeNode(t);
  const { out, err } = await root.icspd('status');
  t.is(out.split('\n').filter((line) => line.startsWith('    accepted ')).length, 29);
  t.regex(
    err,
    /^\/.*\/broken\.yaml:9:11: error ICSP031: mirror "https:\/\/mirror\.example\/Team" has a URL scheme\n/,
  );
});

for (const [what, text, hang, expected] of [
  ['a line that fits stays', 'one two', undefined, 'one two'],
  [
    'one that does not goes on two columns further right',
    '  one two three four',
    undefined,
    '  one two\n    three\n    four',
  ],
  ['or where it is told to', 'one two three', 4, 'one two\n    three'],
  ['a word that is too long stays whole', 'one abcdefghijklmnop two', 2, 'one\n  abcdefghijklmnop\n  two'],
  ['also behind an indentation', '    abcdefghijklmnop', undefined, '    abcdefghijklmnop'],
  ['spaces inside a line stay', 'a   b', undefined, 'a   b'],
  ['each line is broken for itself', 'one\ntwo three four', 0, 'one\ntwo three\nfour'],
  ['colour takes no room', '\u001b[1;32mone two th\u001b[0m', undefined, '\u001b[1;32mone two th\u001b[0m'],
  ['nothing is nothing', '', undefined, ''],
] as const) {
  test(`on ten columns: ${what}`, (t) => {
    t.is(wrap(text, 10, hang), expected);
    t.is(wrap(text, Infinity, hang), text);
  });
}

const list = (count: number, height = 1): List => ({
  entries: Array.from({ length: count }, (_, n) => Array.from({ length: height }, () => String(n))),
  rest: (more) => `${more} more`,
});

for (const [what, lists, room, expected] of [
  ['all fit', [list(2), list(3)], 5, [2, 3]],
  ['the first list comes first', [list(4), list(4)], 6, [4, 1]],
  ['the last entry may take the line that said there is one more', [list(2)], 2, [2]],
  ['an entry of several lines is shown whole or not', [list(3, 4)], 8, [1]],
  ['what has no room is counted', [list(3), list(3)], 1, [0, 0]],
  ['without an end to the screen all is shown', [list(1000)], Infinity, [1000]],
] as const) {
  test(`on a screen, ${what}`, (t) => {
    const counts = fitLists(lists, room);
    t.deepEqual(counts, expected);
    const lines = lists.flatMap((each, i) => showList(each, counts[i] ?? 0));
    t.true(lines.length <= Math.max(room, lists.length));
  });
}
