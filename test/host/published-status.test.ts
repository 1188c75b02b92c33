import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { PublishedStatus } from '../../src/agent/published-status.ts';
import { defaultSettings } from '../../src/config.ts';
import { openPublisher, readPublished } from '../../src/host/published-status.ts';
import { pathsUnder, type Paths } from '../../src/paths.ts';

function open(t: ExecutionContext): Paths {
  const root = mkdtempSync(join(tmpdir(), 'icspd-status-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  return pathsUnder(root, defaultSettings);
}

const time = '2026-01-01T00:00:00.000Z';
const status: PublishedStatus = {
  look: { at: time, staleAt: time, by: 'run', outcome: 'applied', icspdVersion: '1.0.0' },
  health: 'healthy',
  why: 'generation 1 in force',
  generation: 1,
  outcome: 'applied',
  proof: 'applied',
  since: time,
  digest: null,
  disk: 'ours',
  registriesConf: '/etc/containers/registries.conf',
  pin: { generation: null, since: time, until: null },
  files: [],
  waitingCount: 0,
  planDigest: null,
  crioVersion: null,
  findings: [],
};

const quiet = (): void => undefined;

test('it is there for everybody to read, as a whole, and comes back', (t) => {
  const paths = open(t);
  t.is(readPublished(paths), null);
  const publish = openPublisher(paths, quiet);
  publish({ ...status, generation: 7 });
  publish(status);
  t.deepEqual(readPublished(paths), status);
  t.is(statSync(paths.status).mode & 0o777, 0o644);
  t.is(statSync(paths.runtimeDir).mode & 0o777, 0o755);
  t.deepEqual(readdirSync(paths.runtimeDir), ['status.json']);
});

test('what a terminal would obey is escaped in the file, and reads back as it was', (t) => {
  const paths = open(t);
  const why = 'bad, /etc/icsp.d/\u001b[2J\u202e.yaml';
  openPublisher(paths, quiet)({ ...status, why });
  t.is(readPublished(paths)?.why, why);
});

for (const [what, text] of [
  ['no JSON', '{'],
  ['another document', '{"health": "healthy"}'],
  ['a time that is none', JSON.stringify({ ...status, since: 'yesterday' })],
  ['a number that is none', JSON.stringify({ ...status, generation: '1' })],
] as const) {
  test(`${what} in its place is as if nothing was published`, (t) => {
    const paths = open(t);
    mkdirSync(paths.runtimeDir, { recursive: true });
    writeFileSync(paths.status, text);
    t.is(readPublished(paths), null);
  });
}

test('what a newer icspd adds does not keep it from being read', (t) => {
  const paths = open(t);
  mkdirSync(paths.runtimeDir, { recursive: true });
  writeFileSync(paths.status, JSON.stringify({ ...status, more: { words: true } }));
  t.is(readPublished(paths)?.generation, 1);
});

test('where it cannot be written, that is said once, and again after it could', (t) => {
  const paths = open(t);
  const told: string[] = [];
  const publish = openPublisher(paths, (severity, message) => void told.push(`${severity}: ${message}`));
  mkdirSync(join(paths.status, 'x'), { recursive: true });
  publish(status);
  publish(status);
  t.is(told.length, 1);
  t.regex(told.join(), /^warning: the status is not published: .*status\.json/);
  rmSync(paths.status, { recursive: true });
  publish(status);
  rmSync(paths.status);
  mkdirSync(join(paths.status, 'x'), { recursive: true });
  publish(status);
  t.is(told.length, 2);
});
