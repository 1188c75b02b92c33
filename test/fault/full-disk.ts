// The layer of full disks: a run with room for nothing more, for one block more, and so on until it succeeds.
import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Findings } from './crash.ts';
import { judgeSaid } from './errno.ts';
import { judgeInstant, judgeRecovery, judgeReplaced } from './judge.ts';
import { mustRun, run, type Ended } from './processes.ts';
import type { Replacer, Scene } from './replacer.ts';
import type { Scratch } from './scratch.ts';

/** What there is too little of: blocks of a tmpfs, blocks of an ext4, or inodes. */
export type Shortage = 'tmpfs' | 'ext4' | 'inodes';

/** A run that fails with so much room never succeeds. */
const most = 150;

export async function sweepFullDisks(
  replacer: Replacer,
  scene: Scene,
  scratch: Scratch,
  shortage: Shortage,
): Promise<Findings> {
  const complaints: string[] = [];
  for (let room = 0; room < most; room += 1) {
    const tight = await openTight(scene, scratch, shortage, room);
    try {
      const ended = await tight.run(replacer);
      const words = [
        ...judgeInstant(replacer, scene, scratch.root),
        ...(ended.code === 0 ? judgeReplaced(scene, scratch.root) : judgeSaid(ended)),
      ];
      tight.relieve();
      words.push(...(await judgeRecovery(replacer, scene, scratch.root)));
      complaints.push(...words.map((each) => `with room for ${room} (${shortage}): ${each}`));
      if (ended.code === 0) return { points: room + 1, tried: room + 1, complaints };
    } finally {
      await tight.close();
    }
  }
  return { points: most, tried: most, complaints: [...complaints, 'it never succeeds'] };
}

interface Tight {
  run(replacer: Replacer): Promise<Ended>;
  /** Makes room. */
  relieve(): void;
  close(): Promise<void>;
}

async function openTight(scene: Scene, scratch: Scratch, shortage: Shortage, room: number): Promise<Tight> {
  const { root } = scratch;
  await mountTight(scratch, shortage);
  await mustRun('cp', '-a', `${scene.template}/.`, root);
  const ballast = join(root, 'ballast');
  mkdirSync(ballast);
  if (shortage === 'inodes') takeInodes(root, ballast, room);
  else takeBlocks(root, ballast, room);
  return {
    run: (replacer) => run(replacer.command(root, scene.args), replacer.environment),
    relieve: () => rmSync(ballast, { recursive: true }),
    close: () => mustRun('umount', root).then(() => undefined),
  };
}

async function mountTight({ path, root }: Scratch, shortage: Shortage): Promise<void> {
  if (shortage !== 'ext4') {
    const size = shortage === 'tmpfs' ? 'size=256k' : 'nr_inodes=256';
    await mustRun('mount', '-t', 'tmpfs', '-o', `mode=0755,${size}`, 'icspd-fault', root);
    return;
  }
  const image = join(path, 'small');
  await mustRun('truncate', '--size=4M', image);
  await mustRun('mkfs.ext4', '-q', '-F', '-b', '1024', '-m', '0', image);
  await mustRun('mount', '-o', 'loop', image, root);
}

/** Leaves so many inodes. */
function takeInodes(root: string, ballast: string, room: number): void {
  for (let count = statfsSync(root).ffree; count > room; count -= 1) {
    writeFileSync(join(ballast, String(count)), '');
  }
}

/** Leaves so many blocks. */
export function takeBlocks(root: string, ballast: string, room: number): void {
  const file = join(ballast, 'file');
  const { bavail, bsize } = statfsSync(root);
  const wanted = Math.max(0, bavail - room);
  writeFileSync(file, Buffer.alloc(0));
  try {
    writeFileSync(file, Buffer.alloc(wanted * bsize, 1), { flush: true });
  } catch {
    // The file system needs some of them to keep track of the file; now there is no room at all.
  }
  const left = statfsSync(root).bavail;
  if (left < room) truncateSync(file, Math.max(0, wanted - (room - left)) * bsize);
}
