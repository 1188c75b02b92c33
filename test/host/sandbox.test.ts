import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { watchSandbox } from '../../src/host/sandbox.ts';

function scratch(t: ExecutionContext): string {
  const root = mkdtempSync(join(tmpdir(), 'icspd-sandbox-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'containers'));
  return join(root, 'containers');
}

test('a directory that is replaced by one on a read-only file system is lost', (t) => {
  const directory = scratch(t);
  const findLost = watchSandbox([directory], () => true);
  t.is(findLost(), null);
  renameSync(directory, `${directory}.away`);
  t.is(findLost(), directory);
  mkdirSync(directory);
  t.is(findLost(), directory);
});

test('a directory that is replaced by one that can be written is not', (t) => {
  const directory = scratch(t);
  const findLost = watchSandbox([directory]);
  renameSync(directory, `${directory}.away`);
  t.is(findLost(), null);
  mkdirSync(directory);
  t.is(findLost(), null);
});

test('a read-only file system is known by its errno, for what is on it and for what would have to be made', (t) => {
  const directory = scratch(t);
  const code = `
    const { watchSandbox } = await import('./src/host/sandbox.ts');
    const { execFileSync } = await import('node:child_process');
    const findLost = watchSandbox(['${directory}/a', '/run']);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', '${directory}']);
    console.log(findLost() ?? 'none');
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'tmpfs', '/run']);
    console.log(watchSandbox(['/run'])() ?? 'none');`;
  const setUp = `mkdir ${directory}/a`;
  execFileSync('sh', ['-c', setUp]);
  const text = execFileSync(
    'unshare',
    ['--user', '--map-root-user', '--mount', process.execPath, '--input-type=module', '--eval', code],
    { encoding: 'utf8' },
  );
  t.is(text, `${directory}/a\nnone\n`);
});
