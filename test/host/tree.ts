// Trees of files for tests, in a directory of their own that goes away with the test.
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { leaveOut } from '../leave-out.ts';

/** A new empty directory, 0700. */
export function emptyTree(t: ExecutionContext): string {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'icspd-test-'));
  t.teardown(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

/** Writes a file that its owner alone can write, directories included, whatever the umask. */
export function put(root: string, name: string, content: string | Uint8Array, mode = 0o644): string {
  const path = join(root, name);
  putDirectory(root, dirname(name));
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

export function putDirectory(root: string, name: string): string {
  const parent = dirname(name);
  if (parent !== '.' && parent !== '/') putDirectory(root, parent);
  const path = join(root, name);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o755);
  return path;
}

/** A test of what only root can bring about; others see why it did not run. */
export function testAsRoot(title: string, run: (t: ExecutionContext) => unknown): void {
  test(title, async (t) => {
    if (process.geteuid?.() === 0) {
      await run(t);
      return;
    }
    leaveOut(t, 'only root can set this up');
  });
}
