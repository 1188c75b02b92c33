// Troubles that only the whole program can have.
import { execFile, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { promisify } from 'node:util';
import test from 'ava';
import { digestPolicy, makeRoot, run } from './program.ts';
import { leaveOut } from '../leave-out.ts';

const program = join(import.meta.dirname, '../../dist/icspd');

test('settings that somebody named and that are not there are an error', async (t) => {
  const { code, out } = await run('check', '--config', '/nonexistent/icspd.conf', '--json');
  t.is(code, 1);
  t.regex(out, /"ICSP404"/);
});

test('a hold that is damaged is an error of every command, with its remedy', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  await root.icspd('apply');
  root.write('/var/lib/icspd/v1/pin.json', 'rubbish');
  const { code, document } = await root.json('render');
  t.is(code, 1);
  t.like(document, { findings: [{ id: 'ICSP395' }] });
  const conf = root.read('/etc/containers/registries.conf');
  root.write('/etc/icsp.d/a.yaml', digestPolicy.replace('mirror.example', 'other.example'));
  const applied = await root.icspd('apply');
  t.deepEqual([applied.code, applied.out], [1, 'refused: nothing was written\n']);
  t.is(root.read('/etc/containers/registries.conf'), conf);
  const resumed = await root.icspd('resume');
  t.is(resumed.code, 0);
  t.regex(resumed.out, /^applied; the damaged hold has ended\n/);
});

test('beside a state that is damaged or not trusted, status shows what else there is', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  root.write('/etc/icsp.d/b.yaml', 'apiVersion: v1\nkind: ConfigMap\n');
  await root.icspd('apply');
  root.write('/var/lib/icspd/v1/pin.json', 'rubbish');
  const damaged = await root.icspd('status');
  t.is(damaged.code, 1);
  t.regex(
    damaged.out,
    /^attention: the pin .* is damaged[^]*generation 1, applied[^]*accepted +\S+a\.yaml\n/,
  );
  t.regex(damaged.out, /b\.yaml \(nothing in it is a policy\)$/m);
  t.regex(damaged.err, /ICSP395[^]*icspd resume/);
  chmodSync(join(root.path, 'var/lib/icspd'), 0o777);
  const untrusted = await root.icspd('status');
  t.is(untrusted.code, 1);
  t.regex(
    untrusted.out,
    /^attention: the state in .* cannot be trusted[^]*baseline +\S+baseline\.conf\n[^]*accepted +\S+a\.yaml\n/,
  );
  t.regex(untrusted.err, /ICSP323[^]*chmod go-w/);
});

test('accepted policies that are damaged stop nothing: it is said once, and what was there is kept', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  await root.icspd('apply');
  root.write('/var/lib/icspd/v1/accepted-policies', 'rubbish');
  t.regex((await root.icspd('apply')).err, /ICSP329/);
  const { code, err } = await root.icspd('apply');
  t.is(code, 0);
  t.notRegex(err, /ICSP329/);
  t.is(root.read('/var/lib/icspd/v1/accepted-policies.damaged'), 'rubbish');
});

test('an answer that finds no room is an error, in one line; what was asked for is done', (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  const full = openSync('/dev/full', 'w');
  t.teardown(() => closeSync(full));
  const { status, stderr } = spawnSync(program, ['apply', '--root', root.path], {
    stdio: ['ignore', full, 'pipe'],
    encoding: 'utf8',
  });
  t.is(status, 1);
  t.regex(stderr, /^icspd: cannot write to standard output: ENOSPC.*\n$/);
  t.regex(root.read('/etc/containers/registries.conf') ?? '', /mirror\.example/);
});

test('a daemon whose log finds no room works on', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  const full = openSync('/dev/full', 'w');
  t.teardown(() => closeSync(full));
  const daemon = spawn(program, ['run', '--root', root.path], { stdio: ['ignore', full, full] });
  t.teardown(() => daemon.kill('SIGKILL'));
  const ended = once(daemon, 'exit');
  let conf = '';
  while (daemon.exitCode === null && !conf.includes('mirror.example')) {
    conf = root.read('/etc/containers/registries.conf') ?? '';
    await nextTurn();
  }
  daemon.kill('SIGTERM');
  t.deepEqual(await ended, [0, null]);
});

test('what this user may not read is left out, and that is said', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  root.write('/root/.config/containers/registries.conf.d/none.conf', '');
  await root.icspd('apply');
  // Root may read everything: then somebody else has to look.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) execFileSync('chown', ['-R', '65534:65534', root.path]);
  chmodSync(join(root.path, 'var/lib/icspd/v1'), 0);
  chmodSync(join(root.path, 'root'), 0);
  const nobody = isRoot ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : ['env'];
  const look = (...args: readonly string[]): string =>
    spawnSync(nobody[0] ?? '', [...nobody.slice(1), program, '--root', root.path, '-v', ...args], {
      encoding: 'utf8',
    }).stderr;
  t.regex(look('render'), /ICSP379/);
  t.regex(look('explain', 'quay.io/team/app'), /ICSP376/);
  chmodSync(join(root.path, 'var/lib/icspd/v1'), 0o700);
  chmodSync(join(root.path, 'root'), 0o700);
});

test('a kernel without watches left: the daemon runs on, and says that changes are noticed late', async (t) => {
  const namespace = ['-Ur', 'sh', '-c', 'echo 0 > /proc/sys/user/max_inotify_watches && exec "$@"', '-'];
  try {
    await promisify(execFile)('unshare', [...namespace, 'true']);
  } catch {
    leaveOut(t, 'this kernel gives no user namespaces');
    return;
  }
  const root = makeRoot(t);
  root.write('/etc/icsp.d/a.yaml', digestPolicy);
  const daemon = spawn('unshare', [...namespace, program, 'run', '--root', root.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  for await (const chunk of daemon.stdout.setEncoding('utf8')) {
    log += String(chunk);
    if (log.includes('ready')) daemon.kill('SIGTERM');
  }
  t.regex(log, /ICSP344/);
  t.regex(root.read('/etc/containers/registries.conf') ?? '', /mirror\.example/);
});
