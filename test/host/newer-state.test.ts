// What a newer icspd left is seen, and left alone.
import { mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { findNewerState } from '../../src/host/newer-state.ts';
import { openPin } from '../../src/host/pin.ts';
import { emptyState } from './state.ts';

test('without a state, and with our own alone, no newer icspd was here', (t) => {
  const { paths, trust } = emptyState(t);
  t.is(findNewerState(paths), null);
  openPin(paths, trust).clear();
  mkdirSync(paths.schemaDir, { recursive: true });
  for (const name of ['lock', 'v0', 'v1x', 'w2', 'v02']) writeFileSync(join(paths.stateDir, name), '');
  t.is(findNewerState(paths), null);
});

test('a directory of a newer schema says when it came, the earliest of several', (t) => {
  const { paths } = emptyState(t);
  for (const name of ['v1', 'v3', 'v10']) mkdirSync(join(paths.stateDir, name), { recursive: true });
  const old = new Date('2001-01-01T00:00:00.000Z');
  utimesSync(join(paths.stateDir, 'v10'), old, old);
  t.deepEqual(findNewerState(paths), old);
  utimesSync(join(paths.stateDir, 'v10'), new Date(), new Date());
  const { birthtimeMs } = statSync(join(paths.stateDir, 'v3'));
  t.true((findNewerState(paths)?.getTime() ?? 0) >= Math.floor(birthtimeMs) - 1);
});
