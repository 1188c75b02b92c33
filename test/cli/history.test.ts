// What was applied, for people and scripts; and what a hold looks like wherever it shows.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, cpSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { digestPolicy, makeRoot, type Root } from './program.ts';

const conf = '/etc/containers/registries.conf';
const policy = '/etc/icsp.d/team.yaml';
const program = join(import.meta.dirname, '../../dist/icspd');
const record = (number: number): string => `/var/lib/icspd/v1/generations/${number}/record.json`;

function mirror(name: string): string {
  return digestPolicy.replace('mirror.example', `${name}.example`);
}

/** Generations 1, 2, 3 … with these mirrors. */
async function applyEach(root: Root, ...names: readonly string[]): Promise<void> {
  for (const name of names) {
    root.write(policy, mirror(name));
    await root.icspd('apply');
  }
}

test('history lists the newest first: when, what came of it, why, by whom, and what changed', async (t) => {
  const root = makeRoot(t);
  t.deepEqual((await root.icspd('history')).out, '');
  await applyEach(root, 'a', 'b');
  await root.icspd('restore', '1', '--reason', 'INC-42');
  const { code, out } = await root.icspd('history');
  t.is(code, 0);
  const lines = out.trimEnd().split('\n');
  t.is(lines.length, 3);
  const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d UTC`;
  t.regex(
    lines[0] ?? '',
    new RegExp(`^3  ${time}  applied, in force, held  INC-42 \\(.*icspd restore\\): quay`),
  );
  t.regex(
    lines[1] ?? '',
    new RegExp(`^2  ${time}  applied +icspd apply \\(.*\\): .*b\\.example|a\\.example`),
  );
  // What is held is the one in force; the one that its text came from has only given it.
  t.regex(lines[2] ?? '', /^1 .* applied {2}/);
});

test('history --json has a stable shape, also for a record that cannot be read', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a', 'b');
  root.write(record(1), 'rubbish');
  const { code, document } = await root.json('history');
  t.is(code, 0);
  t.like(document, {
    olderCount: 0,
    hold: null,
    findings: [],
    generations: [
      {
        number: 2,
        isReadable: true,
        isInForce: true,
        isHeld: false,
        outcome: 'applied',
        proof: 'none',
        reason: 'icspd apply',
        actor: { command: 'apply' },
        deployment: null,
        changes: { count: 2 },
      },
      { number: 1, isReadable: false },
    ],
  });
  t.regex((await root.icspd('history')).out, /^1 {2}the record cannot be read$/m);
});

test('of a long history the newest twenty are shown, and all on request', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a');
  for (let number = 2; number <= 45; number += 1) {
    mkdirSync(join(root.path, `/var/lib/icspd/v1/generations/${number}`), { recursive: true });
    cpSync(join(root.path, record(1)), join(root.path, record(number)));
    const text = root.read(record(1))?.replace('"number": 1', `"number": ${number}`) ?? '';
    root.write(record(number), text);
  }
  const few = await root.icspd('history');
  t.is(few.out.trimEnd().split('\n').length, 20);
  t.is(few.err, '25 older: icspd history --all\n');
  t.like((await root.json('history')).document, { olderCount: 25 });
  t.is((await root.icspd('history', '--all')).out.trimEnd().split('\n').length, 45);
});

test('history show tells all of one generation, and with --text gives its file, byte for byte', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a');
  const first = root.read(conf) ?? '';
  await applyEach(root, 'b');
  const { code, out } = await root.icspd('history', 'show', '1');
  t.is(code, 0);
  t.regex(out, /^generation 1, applied, proof none\n/);
  t.regex(out, /^ {2}reason +icspd apply$/m);
  t.regex(out, /^ {2}policy +\S+team\.yaml [0-9a-f]{64}$/m);
  t.regex(out, /^ {2}change +quay\.io\/team: added with digest mirror a\.example\/team$/m);
  t.is((await root.icspd('history', 'show', '1', '--text')).out, first);
  const { document } = await root.json('history', 'show', '1');
  t.like(document, { generation: { number: 1, isInForce: false, isKept: true, toml: first }, findings: [] });
});

test('what was overwritten or layered is printed byte for byte from the history, and so is the baseline from before', async (t) => {
  const root = makeRoot(t);
  const own = root.read(conf) ?? '';
  await applyEach(root, 'a');
  const foreign = 'unqualified-search-registries = ["foreign.example"] # by hand\n';
  root.write(conf, foreign);
  await root.icspd('apply', '--discard-drift');
  t.is((await root.icspd('history', 'show', '2', '--replaced')).out, foreign);
  t.is((await root.icspd('history', 'show', '1', '--replaced')).out, own);
  t.regex((await root.icspd('history', 'show', '2')).out, /icspd history show 2 --replaced prints/);
  root.write(conf, foreign);
  t.is((await root.icspd('adopt')).code, 0);
  t.is((await root.icspd('history', 'show', '3', '--old-baseline')).out, own);
  const none = await root.icspd('history', 'show', '2', '--old-baseline');
  t.is(none.code, 1);
  t.regex(none.err, /ICSP371: generation 2 replaced no baseline/);
  t.like((await root.json('history', 'show', '2', '--replaced')).document, { toml: foreign });
});

test('history diff N is what is different now, history diff N M what is between them', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a', 'b', 'c');
  const now = await root.icspd('history', 'diff', '1');
  t.is(now.code, 0);
  t.regex(now.out, /^risky: quay\.io\/team: digest mirror a\.example\/team removed\n/);
  t.regex(now.out, /^--- generation 1\n\+\+\+ .*registries\.conf\n/m);
  t.regex(now.out, /^\+location = "c\.example\/team"$/m);
  const between = await root.icspd('history', 'diff', '2', '1');
  t.regex(between.out, /^--- generation 2\n\+\+\+ generation 1\n/m);
  t.regex(between.out, /^-location = "b\.example\/team"$/m);
  t.is((await root.icspd('history', 'diff', '3')).out, '');
  t.like((await root.json('history', 'diff', '1', '2')).document, {
    changes: [{ class: 'risky' }, { class: 'safe' }],
    findings: [],
  });
});

test('what there is not is said by number, with exit status 1; a wrong call is a wrong call', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a', 'b');
  for (const words of [
    ['show', '9'],
    ['diff', '9'],
    ['diff', '1', '9'],
  ]) {
    const { code, err } = await root.icspd('history', ...words);
    t.is(code, 1);
    t.regex(err, /ICSP372: there is no generation 9\n/);
  }
  root.write(record(2), '{');
  t.regex((await root.icspd('history', 'show', '2')).err, /the record of generation 2 cannot be read/);
  root.remove('/var/lib/icspd/v1/texts');
  t.regex((await root.icspd('history', 'diff', '1')).err, /ICSP371/);
  t.is((await root.icspd('history', 'show', '1', '--text')).code, 1);
  t.is((await root.icspd('history', 'show', '1')).code, 0);
  for (const words of [['show'], ['show', 'x'], ['diff'], ['diff', '0'], ['show', '1', '2'], ['list']]) {
    t.is((await root.icspd('history', ...words)).code, 2, words.join(' '));
  }
  t.is((await root.icspd('history', '--text')).code, 2);
});

test('who may not read the history is told to be root', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a');
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', root.path]);
  chmodSync(join(root.path, 'var/lib/icspd'), 0);
  const nobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const args = [...nobody.slice(1), program, '--root', root.path, 'history'];
  const { status, stderr } = spawnSync(nobody[0] ?? '', args, { encoding: 'utf8' });
  t.is(status, 1);
  t.regex(stderr, /ICSP303: cannot .*permission denied.*\n {2}help: run icspd as root/);
});

test('while something is held, status says so first, with who and why; diff and render show what resume would do; apply writes nothing', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a');
  t.is((await root.icspd('hold', '--for', '8h', '--reason', 'mirror moves')).code, 0);
  const held = root.read(conf);
  root.write(policy, mirror('b'));
  root.write('/etc/icsp.d/other.yaml', mirror('c').replaceAll('quay.io/team', 'quay.io/other'));
  const applied = await root.icspd('apply');
  t.is(applied.code, 1);
  t.regex(applied.out, /^held: .*mirror moves.*icspd resume ends it\n/);
  t.is(root.read(conf), held);
  const status = await root.icspd('status');
  t.is(status.code, 0);
  t.regex(status.out, /^pinned, healthy: generation 1 in force\n/);
  t.regex(
    status.out,
    /^ {2}hold +generation 1 since [-\d]+ [\d:]+ UTC \(0 min\) until [-\d]+ [\d:]+ UTC: "mirror moves"\n +by root.* icspd hold; icspd resume ends it$/m,
  );
  t.like((await root.json('status')).document, {
    health: 'healthy',
    pin: { generation: 1, reason: 'mirror moves', actor: { uid: process.getuid?.() } },
  });
  t.regex((await root.icspd('diff')).out, /^\+location = "b\.example\/team"$/m);
  t.regex((await root.icspd('render')).out, /b\.example\/team/);
  // Read, validated and accepted meanwhile: broken afterwards, the accepted version counts at resume.
  root.write('/etc/icsp.d/other.yaml', '{');
  t.is((await root.icspd('resume')).code, 0);
  t.regex(root.read(conf) ?? '', /b\.example\/team[^]*c\.example|c\.example[^]*b\.example\/team/);
});

test('restore takes exactly one goal', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a');
  for (const words of [
    [],
    ['1', '--previous'],
    ['--baseline', '--before-upgrade'],
    ['1', '2'],
    ['-1'],
    ['one'],
  ]) {
    t.is((await root.icspd('restore', ...words)).code, 2, words.join(' '));
  }
  const none = await root.icspd('restore', '--before-upgrade');
  t.is(none.code, 1);
  t.regex(none.err, /ICSP375/);
});

test('restore, hold and resume work beside a running daemon, which holds what they order', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a', 'b');
  const daemon = spawn(program, ['run', '--root', root.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => daemon.kill('SIGKILL'));
  let log = '';
  daemon.stdout.setEncoding('utf8').on('data', (chunk) => (log += String(chunk)));
  const logged = async (words: string): Promise<void> => {
    while (!log.includes(words)) await once(daemon.stdout, 'data');
  };
  await logged('ready');
  t.is((await root.icspd('restore', '1')).code, 0);
  root.write(policy, mirror('c'));
  await logged('files changed: held');
  t.regex(root.read(conf) ?? '', /a\.example/);
  t.is((await root.icspd('hold', '--reason', 'still')).code, 0);
  t.like((await root.json('status')).document, { pin: { reason: 'still' } });
  t.is((await root.icspd('resume')).code, 0);
  t.regex(root.read(conf) ?? '', /c\.example/);
  root.write(policy, mirror('d'));
  await logged('files changed: applied');
  t.regex(root.read(conf) ?? '', /d\.example/);
  // The daemon learns of a hold that writes nothing, and ends it by itself, long before the next resync.
  t.is((await root.icspd('hold')).code, 0);
  root.write(policy, mirror('e'));
  t.is((await root.icspd('apply')).code, 1);
  t.is((await root.icspd('hold', '--for', '1s')).code, 0);
  while (root.read(conf)?.includes('e.example') !== true) await once(daemon.stdout, 'data');
  daemon.kill('SIGTERM');
  t.deepEqual(await once(daemon, 'exit'), [0, null]);
});

test('a hold that an older CRI-O would misread makes the node unprotected, until resume puts it into its words', async (t) => {
  const root = makeRoot(t);
  await applyEach(root, 'a');
  t.is((await root.icspd('hold')).code, 0);
  root.write('/etc/icspd/icspd.conf', 'assume-crio-version = "1.24.6"\n');
  t.is((await root.icspd('apply')).code, 1);
  const status = await root.icspd('status');
  t.is(status.code, 2);
  t.regex(status.out, /^pinned, unprotected: CRI-O "1\.24\.6" ignores pull-from-mirror: .*"quay\.io\/team"/);
  const again = await root.icspd('restore', '1', '--force');
  t.is(again.code, 1);
  t.regex(again.err, /ICSP369/);
  t.is((await root.icspd('resume')).code, 0);
  t.regex(root.read(conf) ?? '', /mirror-by-digest-only = true/);
  t.is((await root.icspd('status')).code, 0);
});
