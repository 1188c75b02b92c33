// A full disk: nothing is lost, nothing half is written, CRI-O is left alone, and all goes on once there is room.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import test from 'ava';
import { leaveOut } from '../leave-out.ts';
import type { Place, Scene, Shortage } from './small-disk.ts';

function play(place: Place, shortage: Shortage): Scene | null {
  const program = [process.execPath, join(import.meta.dirname, 'small-disk.ts'), place, shortage];
  const said = execFileSync('unshare', ['--mount', '--propagation', 'private', ...program], {
    encoding: 'utf8',
  });
  return JSON.parse(said) as Scene | null;
}

for (const [place, shortage, file] of [
  ['state', 'space', '/var/lib/icspd/v1/accepted-policies'],
  ['state', 'inodes', '/var/lib/icspd/v1/accepted-policies'],
  ['registries.conf', 'space', '/etc/containers/registries.conf'],
  ['registries.conf', 'inodes', '/etc/containers/registries.conf'],
] as const) {
  test(`Without ${shortage} for ${place} a change is refused by the path and the remedy, and made once there is some`, (t) => {
    const scene = process.geteuid?.() === 0 ? play(place, shortage) : null;
    if (scene === null) {
      leaveOut(t, 'nothing can be mounted here');
      return;
    }
    const { before, unchanged, full, again, restored, after, outcomes, reloadsWhileFull } = scene;
    t.like(before, { outcome: 'applied', errors: [], mirror: 'old', leftovers: [] });
    t.like(unchanged, { outcome: 'unchanged', errors: [], mirror: 'old', leftovers: [] });
    t.like(full, {
      outcome: 'refused',
      errors: [{ id: 'ICSP301', file }],
      mirror: 'old',
      leftovers: [],
    });
    t.regex(full.errors[0]?.help ?? '', /df -h .*; the daemon then goes on by itself$/);
    t.deepEqual(again, full);
    t.like(restored, { outcome: 'refused', mirror: 'old', leftovers: [] });
    t.is(reloadsWhileFull, 0);
    t.like(after, { outcome: 'applied', errors: [], mirror: 'new', leftovers: [] });
    t.deepEqual(outcomes.filter((outcome) => outcome === 'applied').length, 2);
    t.deepEqual([outcomes.at(0), outcomes.at(-1)], ['applied', 'applied']);
    t.true(outcomes.slice(1, -1).every((outcome) => outcome === 'refused'));
  });
}
