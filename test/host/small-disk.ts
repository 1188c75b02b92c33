// What icspd does on a file system that is full, as data. Runs in a mount namespace of its own, as root; prints one line of JSON.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestMirrorSet, makeCrio, makeNode } from '../agent/scratch-node.ts';

/** Where it is full, and of what. */
export type Place = 'state' | 'registries.conf';
export type Shortage = 'space' | 'inodes';

/** One reconcile on it: what came of it, and which mirror registries.conf names after it. */
export interface Step {
  readonly outcome: string;
  readonly errors: readonly { readonly id: string; readonly file: string | null; readonly help: string }[];
  readonly mirror: string | null;
  readonly leftovers: readonly string[];
}

/** What was seen; null where nothing can be mounted. */
export interface Scene {
  readonly before: Step;
  readonly unchanged: Step;
  readonly full: Step;
  readonly again: Step;
  readonly restored: Step;
  readonly reloadsWhileFull: number;
  readonly after: Step;
  readonly outcomes: readonly string[];
}

const [place, shortage] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await play(place as Place, shortage as Shortage))}\n`);

async function play(place: Place, shortage: Shortage): Promise<Scene | null> {
  const crio = makeCrio();
  const node = makeNode({ crio });
  const { paths, host } = node.agent;
  const disk = place === 'state' ? paths.stateDir : join(node.root, 'etc/containers');
  mkdirSync(disk, { recursive: true });
  try {
    const size = shortage === 'space' ? 'size=256k' : 'size=4m,nr_inodes=48';
    execFileSync('mount', ['-t', 'tmpfs', '-o', `${size},mode=755`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    node.dispose();
    return null;
  }
  writeFileSync(paths.registriesConf, '# the file of the administrator\n');
  const order = (mirror: string): void =>
    node.write('/etc/icsp.d/a.json', digestMirrorSet('quay.io/team', `${mirror}.example/team`));
  const step = async (request?: Parameters<typeof node.apply>[0]): Promise<Step> => {
    const { outcome, findings } = await node.apply(request);
    const errors = findings.filter(({ severity }) => severity === 'error');
    return {
      outcome,
      errors: errors.map(({ id, file, help }) => ({ id, file: file?.replace(node.root, '') ?? null, help })),
      mirror: /"?(\w+)\.example/.exec(node.conf() ?? '')?.[1] ?? null,
      leftovers: readdirSync(node.root, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.includes('.icspd-'),
      ),
    };
  };
  order('old');
  const before = await step();
  fill(disk, shortage);
  const unchanged = await step();
  const { reloads } = crio;
  order('new');
  const full = await step();
  const again = await step();
  const restored = await step({ hold: { goal: 'baseline', forMs: null } });
  const reloadsWhileFull = crio.reloads - reloads;
  for (const name of readdirSync(disk)) if (name.startsWith('fill')) rmSync(join(disk, name));
  const after = await step();
  const outcomes = host.generations.list().map(({ outcome }) => outcome);
  execFileSync('umount', [disk]);
  node.dispose();
  return { before, unchanged, full, again, restored, reloadsWhileFull, after, outcomes };
}

/** Until nothing goes any more. */
function fill(disk: string, shortage: Shortage): void {
  const block = shortage === 'space' ? Buffer.alloc(4096) : '';
  try {
    for (let number = 0; ; number += 1) writeFileSync(join(disk, `fill${number}`), block);
  } catch {
    return;
  }
}
