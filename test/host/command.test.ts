import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { runCommand } from '../../src/host/command.ts';
import { HostError } from '../../src/host-error.ts';

const soon = { timeoutMs: 20_000 };

async function runShell(script: string, options: Parameters<typeof runCommand>[2] = soon) {
  return runCommand('/bin/sh', ['-c', script], options);
}

test('both outputs and the exit code come back as they were', async (t) => {
  const result = await runShell('printf "a\\n\\n"; printf b >&2; exit 3');
  t.deepEqual(result, { exitCode: 3, stdout: 'a\n\n', stderr: 'b' });
});

test('a command that a signal ended has 128 + the number of the signal as its exit code', async (t) => {
  t.is((await runShell('kill -TERM $$')).exitCode, 143);
});

test('the text for stdin arrives whole, and without one stdin is empty', async (t) => {
  const text = 'x'.repeat(300_000);
  t.is((await runShell('cat', { ...soon, stdinText: text })).stdout, text);
  t.is((await runShell('cat')).stdout, '');
});

test('a command that does not read its stdin ends all the same', async (t) => {
  t.is((await runShell('exit 7', { ...soon, stdinText: 'x'.repeat(3_000_000) })).exitCode, 7);
});

test('the first MiB of the output is kept and the rest does not block the command', async (t) => {
  const { exitCode, stdout } = await runShell('head -c 5000000 /dev/zero | tr "\\0" x; exit 4');
  t.is(exitCode, 4);
  t.is(stdout, 'x'.repeat(1024 * 1024));
});

test('a shell never sees the arguments', async (t) => {
  t.is((await runCommand('printf', ['%s', '$(id); "x"\n'], soon)).stdout, '$(id); "x"\n');
});

test('the locale is C.UTF-8 and the time zone UTC whatever icspd was started in', async (t) => {
  t.is((await runShell('printf %s "$LC_ALL-$LANGUAGE-$TZ"')).stdout, 'C.UTF-8--UTC');
});

test('a descriptor of ours is descriptor 3 of the command', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'icspd-command-'));
  const path = join(directory, 'file');
  const others = Array.from({ length: 12 }, () => openSync('/dev/null', 'r'));
  const fd = openSync(path, 'w');
  try {
    t.true(fd > 9);
    await runShell('printf seen >&3', { ...soon, inheritFd: fd });
    t.is(readFileSync(path, 'utf8'), 'seen');
  } finally {
    [fd, ...others].forEach((open) => closeSync(open));
    rmSync(directory, { recursive: true });
  }
});

test('a command that is not there is a HostError that names it', async (t) => {
  const error = await t.throwsAsync(runCommand('no-such-command', [], soon), { instanceOf: HostError });
  t.is(error.findingName, 'commandNotStarted');
  t.regex(error.message, /"no-such-command".*ENOENT/);
});

test('an argument that no process can have is a HostError too', async (t) => {
  const error = await t.throwsAsync(runCommand('true', ['a\0b'], soon), { instanceOf: HostError });
  t.is(error.findingName, 'commandNotStarted');
});

test('a command that does not end is killed at the time limit', async (t) => {
  const started = Date.now();
  const error = await t.throwsAsync(runShell('trap "" TERM; sleep 55; :', { timeoutMs: 300 }), {
    instanceOf: HostError,
  });
  t.is(error.findingName, 'commandTimedOut');
  t.true(Date.now() - started < 10_000);
});

test('a command that ends in time counts as ended, though this process was held up beyond the limit', async (t) => {
  const running = runShell('sleep 0.1; echo said; exit 5', { timeoutMs: 300 });
  // Until the command is started.
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  const endMs = performance.now() + 1_000;
  while (performance.now() < endMs);
  t.deepEqual(await running, { exitCode: 5, stdout: 'said\n', stderr: '' });
});

test('at the time limit the children of the command are killed with it', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'icspd-command-'));
  const pidFile = join(directory, 'pid');
  try {
    await t.throwsAsync(runShell(`sleep 55 & echo $! > ${pidFile}; wait`, { timeoutMs: 1000 }));
    const state = await runShell(
      `for i in $(seq 200); do ps -o stat= -p $(cat ${pidFile}) | grep -qv Z || exit 0; sleep 0.02; done; exit 1`,
    );
    t.is(state.exitCode, 0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('a grandchild that keeps the pipes delays nothing once the command has ended', async (t) => {
  const started = Date.now();
  const result = await runShell('setsid sleep 20 & echo done; exit 5');
  t.like(result, { exitCode: 5, stdout: 'done\n' });
  t.true(Date.now() - started < 10_000);
});

test('a grandchild that keeps the pipes out of reach does not delay the time limit', async (t) => {
  const started = Date.now();
  await t.throwsAsync(runShell('setsid sleep 20 & sleep 20', { timeoutMs: 300 }), { instanceOf: HostError });
  t.true(Date.now() - started < 10_000);
});
