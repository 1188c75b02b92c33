// The daemon as a process: what only a second one, or a signal, can show.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import test from 'ava';
import { digestPolicy, makeRoot } from './program.ts';

const program = join(import.meta.dirname, '../../dist/icspd');

test('a second daemon on one root refuses, names the first, and leaves it alone', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  const first = spawn(program, ['run', '--root', root.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.teardown(() => first.kill('SIGKILL'));
  let log = '';
  first.stdout.setEncoding('utf8').on('data', (chunk) => (log += String(chunk)));
  while (!log.includes('start: applied')) await once(first.stdout, 'data');
  const second = await root.icspd('run');
  t.is(second.code, 1);
  t.regex(second.out, new RegExp(`running already, pid ${String(first.pid)}`));
  t.regex((await root.icspd('status')).out, new RegExp(`running, pid ${String(first.pid)}`));
  first.kill('SIGTERM');
  t.deepEqual(await once(first, 'exit'), [0, null]);
  t.regex((await root.icspd('status')).out, /not running/);
});
