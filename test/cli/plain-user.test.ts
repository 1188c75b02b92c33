// Every command below --root as a user who is not root: an image build of his own, and a look at a tree that is root's.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { commands } from '../../src/cli/commands.ts';
import { digestPolicy, makeRoot, type Root } from './program.ts';

const program = join(import.meta.dirname, '../../dist/icspd');
const conf = '/etc/containers/registries.conf';
const isRoot = process.geteuid?.() === 0;
/** Root becomes nobody; anybody else is a plain user already. */
const nobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];

function asPlainUser(root: Root, words: string): { readonly code: number | null; readonly text: string } {
  const args = [...nobody.slice(1), program, '--root', root.path, ...words.split(' ')];
  const { status, stdout, stderr } = spawnSync(nobody[0] ?? '', args, { encoding: 'utf8', cwd: root.path });
  return { code: status, text: stdout + stderr };
}

/** A tree with a policy, and what import reads. */
function makeTree(t: Parameters<typeof makeRoot>[0]): Root {
  const root = makeRoot(t);
  chmodSync(root.path, 0o755);
  root.write('/etc/icsp.d/team.yaml', digestPolicy);
  root.write('/hand.conf', '[[registry]]\nlocation = "hand.example"\nblocked = true\n');
  mkdirSync(join(root.path, 'out'));
  return root;
}

/** What an image build does, in this order: the words, the exit status, and what is said. */
const build: readonly (readonly [string, number, RegExp])[] = [
  ['check --strict', 0, /^accepted {2}.*team\.yaml\n$/],
  ['render', 0, /location = "quay\.io\/team"/],
  ['diff', 1, /^safe: quay\.io\/team: added|^risky: quay\.io\/team: added/],
  ['status', 1, /^attention: changes wait/],
  ['apply', 0, /^applied\n/],
  ['status', 0, /^healthy: generation 1 in force\n/],
  ['explain quay.io/team/app', 0, /mirror\.example\/team\/app/],
  ['history', 0, /^1 .* applied, in force/],
  ['hold --reason build', 0, /^held: generation 1 .* \(build\)/],
  ['resume', 0, /the hold of generation 1 has ended\n/],
  ['restore --baseline', 0, /^applied: the baseline is in force/],
  ['resume', 0, /^applied; the hold of the baseline has ended\n/],
  ['adopt', 0, /nothing to adopt\n$/],
  ['import --output-dir out hand.conf', 0, /wrote .*out\/imported\.yaml\n/],
  ['completion bash', 0, /complete -F/],
];

test('who owns the tree builds it without root', (t) => {
  const root = makeTree(t);
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', root.path]);
  for (const [words, code, said] of build) {
    const ran = asPlainUser(root, words);
    t.is(ran.code, code, `${words}: ${ran.text}`);
    t.regex(ran.text, said, words);
  }
  t.regex(root.read(conf) ?? '', /mirror\.example\/team/);
  t.deepEqual(
    Object.keys(commands).filter((name) => !build.some(([words]) => words.split(' ')[0] === name)),
    ['run'],
  );
});

/** Of a tree that is root's, those that need no root; the others say so, and leave it alone. */
const look: readonly (readonly [string, number, RegExp])[] = [
  ['check', 0, /^accepted {2}/],
  ['render', 0, /location = "quay\.io\/team"/],
  ['diff', 0, /ICSP379.*\n.*as root/],
  ['explain quay.io/team/app', 0, /mirror\.example\/team\/app/],
  ['import hand.conf', 0, /blockedRegistries/],
  ['completion zsh', 0, /#compdef/],
  ['status', 0, /ICSP379.*\n.*as root/],
  ['history', 1, /permission denied.*\n.*as root/],
  ['apply', 1, /permission denied.*\n.*as root/],
  ['restore --baseline', 1, /permission denied.*\n.*as root/],
  ['hold', 1, /permission denied.*\n.*as root/],
  ['resume', 1, /permission denied.*\n.*as root/],
  ['adopt', 1, /as root/],
];

(isRoot ? test : test.skip)('in a tree of root, what needs root says so', async (t) => {
  const root = makeTree(t);
  t.is((await root.icspd('apply')).code, 0);
  const written = root.read(conf);
  for (const [words, code, said] of look) {
    const ran = asPlainUser(root, words);
    t.is(ran.code, code, `${words}: ${ran.text}`);
    t.regex(ran.text, said, words);
  }
  t.is(root.read(conf), written);
  t.deepEqual(
    Object.keys(commands).filter((name) => !look.some(([words]) => words.split(' ')[0] === name)),
    ['run'],
  );
});

(isRoot ? test : test.skip)(
  'so does the daemon, and lives on until it is told to end: rights may come',
  async (t) => {
    const root = makeTree(t);
    t.is((await root.icspd('apply')).code, 0);
    const args = [...nobody.slice(1), program, '--root', root.path, 'run'];
    const daemon = spawn(nobody[0] ?? '', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(daemon, 'exit');
    let said = '';
    for await (const chunk of daemon.stdout.setEncoding('utf8')) {
      said += String(chunk);
      // Once: a second one may meet a process that has ended but for its exit.
      if (said.includes('start: refused') && !daemon.killed) daemon.kill('SIGTERM');
    }
    t.regex(said, /permission denied.*as root/);
    t.deepEqual(await ended, [0, null]);
  },
);
