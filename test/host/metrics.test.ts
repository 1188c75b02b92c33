import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { defaultSettings } from '../../src/config.ts';
import { readMetrics, writeMetrics } from '../../src/host/metrics.ts';
import { pathsUnder, type Paths } from '../../src/paths.ts';

function open(t: ExecutionContext): Paths {
  const root = mkdtempSync(join(tmpdir(), 'icspd-metrics-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  return pathsUnder(root, defaultSettings);
}

test('the text is there for everybody to read, as a whole, and comes back', (t) => {
  const paths = open(t);
  t.is(readMetrics(paths), '');
  writeMetrics(paths, 'a 1\n');
  writeMetrics(paths, 'a 2\n');
  t.is(readMetrics(paths), 'a 2\n');
  t.is(statSync(paths.metrics).mode & 0o777, 0o644);
  t.deepEqual(readdirSync(paths.runtimeDir), ['icspd.prom']);
});

test('what a daemon that was killed left beside it goes, and nothing else', (t) => {
  const paths = open(t);
  mkdirSync(paths.runtimeDir, { recursive: true });
  const left = join(paths.runtimeDir, '.icspd.prom.icspd-0123456789abcdef');
  const other = join(paths.runtimeDir, 'daemon');
  for (const file of [left, other]) writeFileSync(file, '');
  readMetrics(paths);
  t.deepEqual([existsSync(left), existsSync(other)], [false, true]);
});

test('something else in the place of the file begins the count anew', (t) => {
  const paths = open(t);
  mkdirSync(paths.metrics, { recursive: true });
  t.is(readMetrics(paths), '');
});
