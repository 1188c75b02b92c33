// What every command prints, word for word: sessions on one root, as text, as JSON and in colour on a terminal. That is a wide
// one, since where a line is broken depends on the names of the root and the user; terminal.test.ts has the narrow one.
// UPDATE_GOLDEN=1 writes the files anew; read the difference before it is committed.
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { describeCommand, describeProgram } from '../../src/cli/help.ts';
import { commands } from '../../src/cli/commands.ts';
import type { CommandName } from '../../src/cli/options.ts';
import { brokenPolicy, makeRoot, type Root } from './program.ts';

const project = join(import.meta.dirname, '../..');
const golden = join(import.meta.dirname, 'golden');
const examples = join(project, 'packaging/examples');

/** A change of the root between two calls, or a call. */
type Step = ((root: Root) => void) | string;

const conf = '/etc/containers/registries.conf';
const takeOut = (root: Root): void => root.remove('/etc/icsp.d/30-cache.yaml');
const putBack = (root: Root): void =>
  copyFileSync(join(examples, 'policies/30-cache.yaml'), join(root.path, 'etc/icsp.d/30-cache.yaml'));
const break_ = (root: Root): void => root.write('/etc/icsp.d/40-broken.yaml', brokenPolicy);
const edit = (root: Root): void => {
  root.write(conf, `${root.read(conf) ?? ''}\n[[registry]]\nlocation = "by-hand.example"\nblocked = true\n`);
};
const spoil = (root: Root): void => root.write('/etc/icspd/icspd.conf', 'resync = "soon"\n');

/** By golden file. A command is written without `icspd --root`; `tty:` in front asks for it on a terminal. */
const sessions: Readonly<Record<string, readonly Step[]>> = {
  check: ['check', break_, 'check', 'check --json', 'check --format github', 'tty: check'],
  apply: ['apply', 'apply', takeOut, 'apply --json', putBack, 'tty: apply', break_, 'apply'],
  render: ['render', 'render --json'],
  diff: ['diff', 'apply -q', 'diff', takeOut, 'diff', 'diff --json', 'tty: diff', spoil, 'diff'],
  explain: [
    'apply -q',
    'explain quay.io/team/app',
    'explain quay.io/team/app:v1',
    'explain quay.io/openshift-release-dev/ocp-release',
    'explain registry.redhat.io/rhel9/httpd-24',
    'explain elsewhere.example/app',
    'explain app',
    'explain --json quay.io/team/app',
    'tty: explain docker.io/library/alpine',
    'explain not/an:image:name',
  ],
  status: [
    'status',
    'apply -q',
    'status',
    'tty: status',
    edit,
    'status',
    break_,
    'status',
    'status --json',
    spoil,
    'status',
  ],
  history: [
    'history',
    'apply -q',
    takeOut,
    'apply -q',
    'history',
    'tty: history',
    'history --json',
    'history show 2',
    'history show 2 --json',
    'history show 1 --text',
    'history diff 1',
    'history diff 1 2 --json',
    'history show 9',
  ],
  restore: [
    'restore --previous',
    'apply -q',
    takeOut,
    'apply -q',
    'restore --previous --reason INC-42',
    'status',
    'apply',
    'resume',
    'restore 1 --json',
    'resume --json',
    'restore 9',
    'restore --baseline',
  ],
  hold: [
    'apply -q',
    'hold --reason migration',
    'hold --for 8h --json',
    'resume',
    'resume',
    'hold --for soon',
  ],
  adopt: ['adopt', 'apply -q', edit, 'adopt --dry-run', 'adopt --dry-run --json', 'adopt', 'adopt --json'],
  import: [
    'import etc/containers/registries.conf',
    'import --output-dir out etc/containers/registries.conf',
    'import --json etc/containers/registries.conf',
    'import nowhere.conf',
  ],
  completion: ['completion csh'],
  run: [spoil, 'run'],
};

/** What differs from run to run, and from user to user, by a word that stands for it. */
function settle(text: string, root: Root): string {
  return text
    .replaceAll('\r\n', '\n')
    .replaceAll('\u001b', '\\e')
    .replaceAll(root.path, '')
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d UTC/g, 'TIME')
    .replace(/\b[0-9a-f]{64}\b/g, 'SHA256')
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'UUID')
    .replace(/\((?:root|uid \d+|login uid \d+)\)/g, '(WHO)')
    .replace(/(?:root|uid \d+)(?: \([^)]*\))? with icspd/g, 'WHO with icspd')
    .replace(/"(uid|loginUid)": (?:\d+|null)/g, '"$1": UID')
    .replace(/"tty": (?:"[^"]*"|null)/g, '"tty": TTY')
    .replace(/"(?:bootId|deployment)": (?:"[^"]*"|null)/g, (words) => `${words.split(':')[0] ?? ''}: SOME`)
    .replace(/^ {2}(boot|deployment) .*\n/gm, '')
    .replace(/"monotonicUs": \d+/g, '"monotonicUs": SINCE BOOT')
    .replace(/"node": (?:null|\{[^}]*\})/g, '"node": NODE')
    .replace(/"pinAgeSeconds": \d+/g, '"pinAgeSeconds": AGE');
}

async function play(root: Root, call: string): Promise<string> {
  const isTty = call.startsWith('tty: ');
  const words = call.replace('tty: ', '').split(' ');
  const program = join(project, 'dist/icspd');
  const wide = isTty ? 'stty cols 999 rows 99 &&' : '';
  const shell = `cd ${root.path} && ${wide} exec ${[program, '--root', root.path, ...words].join(' ')}`;
  const [file, args] = isTty ? ['script', ['-qec', `sh -c '${shell}'`, '/dev/null']] : ['sh', ['-c', shell]];
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'NO_COLOR'));
  const ran = await promisify(execFile)(file, args, { env })
    .then(({ stdout, stderr }) => ({ code: 0, stdout, stderr }))
    .catch((error: unknown) => error as { code: number; stdout: string; stderr: string });
  const parts = [
    `$ ${isTty ? '(on a terminal) ' : ''}icspd ${words.join(' ')}`,
    settle(ran.stdout, root).trimEnd(),
    ...settle(ran.stderr, root)
      .trimEnd()
      .split('\n')
      .map((line) => (line === '' ? '' : `! ${line}`)),
    ran.code === 0 ? '' : `[exit ${ran.code}]`,
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

async function session(t: ExecutionContext, steps: readonly Step[]): Promise<string> {
  const root = makeRoot(t);
  copyFileSync(join(examples, 'node/registries.conf'), join(root.path, conf));
  for (const name of readdirSync(join(examples, 'policies'))) {
    root.write(`/etc/icsp.d/${name}`, readFileSync(join(examples, 'policies', name), 'utf8'));
  }
  const shown: string[] = [];
  for (const step of steps) {
    if (typeof step === 'string') shown.push(await play(root, step));
    else step(root);
  }
  return shown.join('\n');
}

for (const [name, steps] of Object.entries(sessions)) {
  test(`icspd ${name} prints what it printed`, async (t) => {
    t.timeout(180_000);
    const text = await session(t, steps);
    const file = join(golden, `${name}.txt`);
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
    t.is(text, existsSync(file) ? readFileSync(file, 'utf8') : '');
  });
}

test('every command has a session', (t) => {
  const called = new Set(
    Object.values(sessions).flatMap((steps) =>
      steps.flatMap((step) => (typeof step === 'string' ? [step.replace('tty: ', '').split(' ')[0]] : [])),
    ),
  );
  t.deepEqual(
    Object.keys(commands).filter((name) => !called.has(name)),
    [],
  );
});

for (const name of [null, ...(Object.keys(commands) as CommandName[])]) {
  test(`icspd ${name ?? ''} --help fits a screen, with an example`, (t) => {
    const lines = (name === null ? describeProgram() : describeCommand(name)).split('\n');
    t.true(lines.length <= 40, `${lines.length} lines`);
    t.deepEqual(
      lines.filter((line) => line.length > 80),
      [],
    );
    if (name !== null) t.regex(lines.join('\n'), /\nExamples:\n {2}\S/);
  });
}
