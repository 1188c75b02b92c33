// The running daemon: how soon it is ready, how soon a change is in force, what it writes, and what it takes while nothing happens.
import {
  closeSync,
  fsyncSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { defaultSettings } from '../../../src/config.ts';
import { fileName, makeNodeTree, type NodeTree } from '../node-tree.ts';
import { makeObjects } from '../policies.ts';
import { contextSwitches, residentMiB, startDaemon, timeRun } from '../program.ts';
import { spreadOf, type Line, type Row, type Size } from '../row.ts';

const sizes: Readonly<Record<Size, { many: number; few: number; runs: number; idleMs: number }>> = {
  full: { many: 10_000, few: 200, runs: 7, idleMs: 30_000 },
  small: { many: 100, few: 20, runs: 1, idleMs: 500 },
};

/** Longer than anything of it takes. */
const settleMs = 3_000;

export const daemonRow: Row = {
  name: 'the daemon, beside an empty program of the same Node.js and a bare loop of the same system calls',
  async measure(size) {
    const { many, few, runs, idleMs } = sizes[size];
    return [
      await withTree(few, (tree) => measureReady(tree, few, runs)),
      ...(await withTree(few, (tree) => measureIdle(tree, few, 70, idleMs, runs))),
      ...(await withTree(many, (tree) => measureIdle(tree, many, 95, idleMs, runs))),
    ];
  },
};

async function withTree<T>(sources: number, use: (tree: NodeTree) => Promise<T>): Promise<T> {
  const tree = makeNodeTree(sources);
  try {
    return await use(tree);
  } finally {
    tree.remove();
  }
}

async function measureReady(tree: NodeTree, sources: number, runs: number): Promise<Line> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const daemon = await startDaemon(tree.root);
    await daemon.stop();
    ours.push(daemon.readyMs);
    theirs.push(timeRun(process.execPath, ['-e', '0']));
  }
  const what = `icspd run, start to ready, ${sources} sources`;
  return { what, unit: 'ms', ours: spreadOf(ours), peer: spreadOf(theirs), peerName: 'node -e 0', bar: 4 };
}

async function measureIdle(
  tree: NodeTree,
  sources: number,
  maxRssMiB: number,
  idleMs: number,
  runs: number,
): Promise<readonly Line[]> {
  const daemon = await startDaemon(tree.root);
  try {
    await sleep(settleMs);
    const before = contextSwitches(daemon.pid);
    await sleep(idleMs);
    const perMinute = ((contextSwitches(daemon.pid) - before) * 60_000) / idleMs;
    const idle = residentMiB(daemon.pid);
    const latency = await measureLatency(tree, sources, runs);
    const touched = await countWrites(tree, () => {
      const now = new Date();
      utimesSync(join(tree.policies, fileName(0)), now, now);
    });
    const dropped = await countWrites(tree, async () => {
      const [entries = []] = makeObjects(10);
      for (let i = 0; i < 100; i += 1) {
        const named = entries.map(({ source, mirrors }) => ({ source: `${source}/burst-${i}`, mirrors }));
        tree.put(`burst-${i}.yaml`, named);
        await sleep(9);
      }
    });
    const absolute = { peer: null, peerName: '' } as const;
    return [
      {
        what: `idle memory, ${sources} sources`,
        unit: 'MiB',
        ours: spreadOf([idle]),
        ...absolute,
        bar: maxRssMiB,
      },
      {
        what: `context switches in an idle minute, ${sources} sources`,
        unit: '',
        ours: spreadOf([perMinute]),
        ...absolute,
        bar: 20,
      },
      latency,
      { what: `writes after a touch, ${sources} sources`, unit: '', ours: touched, ...absolute, bar: 0 },
      {
        what: `writes after 100 files within a second, ${sources} sources`,
        unit: '',
        ours: dropped,
        ...absolute,
        bar: 3,
      },
    ];
  } finally {
    await daemon.stop();
  }
}

/** One file renamed into place → registries.conf replaced, less the quiet period, against writing that text durably. */
async function measureLatency(tree: NodeTree, sources: number, runs: number): Promise<Line> {
  const [entries = []] = makeObjects(10);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    const old = statSync(tree.registriesConf).ino;
    const start = performance.now();
    tree.put(
      fileName(0),
      entries.map(({ source, mirrors }) => ({ source: `${source}/run-${run}`, mirrors })),
    );
    while (statSync(tree.registriesConf).ino === old) {
      if (performance.now() - start > 30_000) throw new Error('registries.conf was not replaced');
      await sleep(1);
    }
    ours.push(performance.now() - start - defaultSettings.quietPeriodMs);
    theirs.push(replaceBarely(readFileSync(tree.registriesConf)));
    await sleep(settleMs / 3);
  }
  return {
    what: `a policy file renamed → registries.conf replaced, ${sources} sources, less the quiet period`,
    unit: 'ms',
    ours: spreadOf(ours),
    peer: spreadOf(theirs),
    peerName: 'bare loop',
    bar: 5,
  };
}

/** What an apply has to make durable before CRI-O may see it: the text, its record and the accepted files, each with its directory. */
const durableFiles = 3;

/** The same system calls and nothing else, in milliseconds. */
function replaceBarely(bytes: Uint8Array): number {
  const folder = mkdtempSync(join(tmpdir(), 'icspd-floor-'));
  const start = performance.now();
  for (let file = 0; file < durableFiles; file += 1) {
    const aside = join(folder, `${file}.new`);
    const fd = openSync(aside, 'w');
    writeSync(fd, bytes);
    fsyncSync(fd);
    closeSync(fd);
    renameSync(aside, join(folder, String(file)));
    const directory = openSync(folder, 'r');
    fsyncSync(directory);
    closeSync(directory);
  }
  const took = performance.now() - start;
  rmSync(folder, { recursive: true });
  return took;
}

/** How often registries.conf became another file from the beginning of the act until nothing happened for a while. */
async function countWrites(
  tree: NodeTree,
  act: () => Promise<void> | void,
): Promise<ReturnType<typeof spreadOf>> {
  const seen = new Set([identify(tree)]);
  const look = setInterval(() => void seen.add(identify(tree)), 2);
  await act();
  await sleep(settleMs);
  clearInterval(look);
  return spreadOf([seen.size - 1]);
}

function identify({ registriesConf }: NodeTree): string {
  const { ino, mtimeMs } = statSync(registriesConf);
  return `${ino} ${mtimeMs}`;
}
