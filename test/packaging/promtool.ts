// promtool, where there is one: Debian has it in the package prometheus.
import { spawnSync } from 'node:child_process';
import test from 'ava';

const isThere = spawnSync('promtool', ['--version']).error === undefined;
if (!isThere) process.stderr.write('without promtool (Debian package prometheus) its checks are skipped\n');

/** A test where promtool is, skipped where it is not; CI lets nothing be skipped. */
export const testWithPromtool = isThere ? test : test.skip;

/** What promtool says of it: '' where it finds nothing wrong. */
export function complaints(args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { input, encoding: 'utf8' });
  return status === 0 ? stderr : `${stdout}${stderr}exit ${String(status)}`;
}
