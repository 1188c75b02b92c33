// The completion scripts: shells read them without a complaint, and what bash offers is what the tables say.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { commands } from '../../src/cli/commands.ts';
import { completeBash } from '../../src/cli/completion-bash.ts';
import { completeFish } from '../../src/cli/completion-fish.ts';
import { completeZsh } from '../../src/cli/completion-zsh.ts';
import { optionsOf } from '../../src/cli/options.ts';
import { leaveOut } from '../leave-out.ts';
import { run } from './program.ts';

const scripts = { bash: completeBash(), zsh: completeZsh(), fish: completeFish() };

for (const [shell, script] of Object.entries(scripts)) {
  test(`icspd completion ${shell} prints the script, which ${shell} reads without a complaint`, async (t) => {
    t.deepEqual(await run('completion', shell), { code: 0, out: script, err: '' });
    const directory = mkdtempSync(join(tmpdir(), 'icspd-completion-'));
    t.teardown(() => rmSync(directory, { recursive: true }));
    const file = join(directory, 'script');
    writeFileSync(file, script);
    const { status, stderr, error } = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    if (error !== undefined) {
      leaveOut(t, `${shell} is not installed`);
      return;
    }
    t.deepEqual([status, stderr], [0, '']);
  });

  test(`the ${shell} script has every command and every option`, (t) => {
    const [name, dashes] = shell === 'fish' ? ['-a ', '-l '] : ['', '--'];
    for (const command of Object.keys(commands)) t.true(script.includes(`${name}${command}`), command);
    const options = Object.values(optionsOf).flatMap((table) => Object.keys(table));
    for (const option of options) t.true(script.includes(`${dashes}${option}`), option);
  });
}

test('another shell is a wrong call', async (t) => {
  const { code, err } = await run('completion', 'csh');
  t.is(code, 2);
  t.regex(err, /takes bash, zsh, fish, not "csh"; see icspd completion --help/);
});

/** What bash offers for the last word of the line. */
function complete(directory: string, words: readonly string[]): readonly string[] {
  const line = `COMP_WORDS=(icspd "$@"); COMP_CWORD=$#; _icspd; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', `${scripts.bash}\n${line}`, 'bash', ...words], {
    cwd: directory,
    encoding: 'utf8',
  });
  if (stderr !== '') throw new Error(stderr);
  return stdout.split('\n').filter((word) => word !== '');
}

const offers: readonly (readonly [title: string, words: readonly string[], offered: readonly string[]])[] = [
  ['the commands that begin so', ['re'], ['render', 'restore', 'resume']],
  ['all commands for nothing', ['', ''].slice(1), [...Object.keys(commands)]],
  ['options of the command', ['apply', '--allow'], ['--allow-removal', '--allow-lockout']],
  ['options of every command', ['explain', '--ro'], ['--root']],
  ['the words that an option takes', ['check', '--format', ''], ['text', 'json', 'github']],
  ['the words that a command takes', ['completion', 'z'], ['zsh']],
  ['what history can do', ['history', 's'], ['show']],
  ['directories for a directory', ['--root', ''], ['a folder']],
  ['files for a file, with spaces', ['check', 'a'], ['a folder', 'a file.yaml']],
  ['the command behind an option with a value', ['--root', 'x', 'ho'], ['hold']],
  ['a file for --baseline of render', ['render', '--baseline', 'a f'], ['a folder', 'a file.yaml']],
  ['no file behind the flag --baseline of restore', ['restore', '--baseline', '--re'], ['--reason']],
  ['nothing that could not be known', ['hold', '--reason', ''], []],
];

for (const [title, words, offered] of offers) {
  test(`bash is offered ${title}`, (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'icspd-completion-'));
    t.teardown(() => rmSync(directory, { recursive: true }));
    writeFileSync(join(directory, 'a file.yaml'), '');
    spawnSync('mkdir', [join(directory, 'a folder')]);
    const found = complete(directory, words);
    const isAll = title.startsWith('all');
    t.deepEqual(
      [...(isAll ? found.filter((word) => !word.startsWith('-')) : found)].sort(),
      [...offered].sort(),
    );
  });
}
