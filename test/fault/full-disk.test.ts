// A full disk costs nothing but the change: the old file or the new one, a remedy, and all is well once there is room.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { reconcile } from '../../src/agent/reconcile.ts';
import { plainRequest } from '../../src/cli/request.ts';
import { leaveOut } from '../leave-out.ts';
import { refusal } from '../agent/scratch-node.ts';
import { sweepFullDisks, takeBlocks } from './full-disk.ts';
import { icspd, openAgent, put } from './icspd.ts';
import { readTarget } from './judge.ts';
import { canMountFiles } from './power.ts';
import { report } from './report.ts';
import { isEverything } from './sample.ts';
import { setStage } from './stage.ts';

const stage = setStage(test, icspd);

const titles = isEverything
  ? ['first contact', 'a change', 'restore', 'resume']
  : ['first contact', 'a change'];

for (const shortage of ['tmpfs', 'inodes', 'ext4'] as const) {
  for (const title of titles) {
    test.serial(`Too little room (${shortage}): ${title}`, async (t) => {
      const { scratch, scene } = stage();
      if (shortage === 'ext4' && !(await canMountFiles(scratch))) {
        leaveOut(t, 'no loop device');
        return;
      }
      report(t, await sweepFullDisks(icspd, scene(title), scratch, shortage));
    });
  }
}

const request = plainRequest('test', { uid: 0, loginUid: null, tty: null, command: 'test' });

test.serial('On a disk that is full, CRI-O is not reloaded, and the old file stays', async (t) => {
  const { scratch, scene } = stage();
  await scratch.place(scene('a change').template);
  const { root } = scratch;
  const tight = join(root, 'etc/containers');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755,size=64k', 'icspd-fault', tight]);
  try {
    put(root, 'etc/containers/registries.conf', scene('a change').old?.toString() ?? '');
    const old = readTarget(root);
    fill(tight);
    const { agent, crio } = openAgent(root);
    const { outcome, findings } = await reconcile(agent, request);
    t.is(outcome, 'refused');
    t.true(findings.some(({ id }) => id === 'ICSP301'));
    t.deepEqual(readTarget(root), old);
    t.is(crio.reloads, 0);
  } finally {
    execFileSync('umount', [tight]);
  }
});

test.serial('A file that CRI-O refuses is taken back, though the disk is full by then', async (t) => {
  const { scratch, scene } = stage();
  const { root } = scratch;
  const { template, old } = scene('a change');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=0755,size=256k', 'icspd-fault', root]);
  try {
    execFileSync('cp', ['-a', `${template}/.`, root]);
    const { agent, crio } = openAgent(root);
    crio.answer = [refusal({ agent })];
    crio.reload = () => {
      crio.reloads += 1;
      if (crio.reloads === 1) fill(root);
      return Promise.resolve();
    };
    t.is((await reconcile(agent, request)).outcome, 'rolled-back');
    t.is(crio.reloads, 2);
    t.deepEqual(readTarget(root), old);
    rmSync(join(root, 'ballast'), { recursive: true });
    t.is((await reconcile(agent, request)).outcome, 'rolled-back');
    t.is(crio.reloads, 2, 'what was refused is not tried again');
    t.deepEqual(readTarget(root), old);
  } finally {
    execFileSync('umount', [root]);
  }
});

function fill(root: string): void {
  mkdirSync(join(root, 'ballast'));
  takeBlocks(root, join(root, 'ballast'), 0);
}
