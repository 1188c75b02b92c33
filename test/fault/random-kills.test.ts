// Killed again and again, at whatever moment, while policies change: no wrong file, nothing lying about, no lock and no process left.
import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readlinkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { icspd, policy, put } from './icspd.ts';
import { leftoversIn, readTarget } from './judge.ts';
import { mustRun } from './processes.ts';
import { report } from './report.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { inspectState } from './state.ts';

const rounds = Number(process.env['ROUNDS'] ?? '200');
/** After so many kills the node is put right and looked at. */
const roundsBetweenLooks = 20;

/** What the policy file says in turn; null: it is gone. A broken one leaves in force what it said before. */
const contents = [policy('one.example'), policy('two.example'), 'kind: [', policy('three.example'), null];

const own = 'unqualified-search-registries = ["own.example"]\n';

let scratch: Scratch;
let right: readonly string[] = [];
/** What an undisturbed apply takes here. */
let usualMs = 0;
test.before(async () => {
  scratch = await openScratch();
  put(scratch.root, 'etc/containers/registries.conf', own);
  const virgin = await scratch.keep('virgin');
  right = [own];
  for (const content of contents) {
    if (content?.startsWith('apiVersion') !== true) continue;
    put(scratch.root, 'etc/icsp.d/team.yaml', content);
    const startMs = performance.now();
    await mustRun(...icspd.command(scratch.root, ['apply']));
    usualMs = performance.now() - startMs;
    right = [...right, readTarget(scratch.root)?.toString() ?? ''];
  }
  await scratch.place(virgin);
});
test.after.always(() => scratch.remove());

test.serial(
  `${rounds} kills at random moments, of a command or of the daemon, while policies change`,
  async (t) => {
    const { root, path } = scratch;
    mkdirSync(join(root, 'etc/icsp.d'), { recursive: true });
    put(root, 'etc/icspd/icspd.conf', 'resync = "1s"\nquiet-period = "100ms"\n');
    const complaints: string[] = [];
    let kills = 0;
    for (let round = 0; round < rounds; round += 1) {
      const isDaemon = round % 2 === 1;
      const editor = startEditing(root, path);
      const [file = '', ...args] = icspd.command(root, [isDaemon ? 'run' : 'apply']);
      const child = spawn(file, args, {
        env: { PATH: '/usr/bin:/bin', ...icspd.environment },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      await wait(Math.random() * usualMs * (isDaemon ? 4 : 1.2));
      child.kill('SIGKILL');
      const [, signal] = (await ended) as [number | null, string | null];
      await editor.stop();
      if (signal === 'SIGKILL') kills += 1;
      const words = [...(await judgeQuiet(root)), ...inspectState(root)];
      if (!right.includes(readTarget(root)?.toString() ?? ''))
        words.push('the file is none of the right ones');
      if ((round + 1) % roundsBetweenLooks === 0) words.push(...(await judgeLook(root)));
      complaints.push(...words.map((each) => `round ${round + 1}: ${each}`));
    }
    complaints.push(...(await judgeLook(root)));
    t.log(`${kills} of ${rounds} were still running when they were killed`);
    report(t, { points: rounds, tried: kills, complaints });
  },
);

/** Changes the policy file every few milliseconds, as a careful writer does: by a rename. */
function startEditing(root: string, aside: string): { stop(): Promise<void> } {
  let isOver = false;
  const edit = async (): Promise<void> => {
    for (let turn = randomInt(contents.length); !isOver; turn += 1) {
      const content = contents[turn % contents.length] ?? null;
      const name = join(root, 'etc/icsp.d/team.yaml');
      if (content === null) rmSync(name, { force: true });
      else {
        writeFileSync(join(aside, 'edited'), content, { mode: 0o644 });
        renameSync(join(aside, 'edited'), name);
      }
      await wait(randomInt(5, 60));
    }
  };
  const done = edit();
  return {
    stop() {
      isOver = true;
      return done;
    },
  };
}

/** A child that outlives its killed parent has work for milliseconds, and then lets go of the lock. */
async function judgeQuiet(root: string): Promise<readonly string[]> {
  const lock = join(root, 'var/lib/icspd/lock');
  for (let tries = 0; tries < 500; tries += 1) {
    if (holdersOf(lock).length === 0) return [];
    await wait(10);
  }
  return [`processes ${holdersOf(lock).join(', ')} still hold the lock`];
}

/** The processes that have it open. */
function holdersOf(path: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && openedBy(pid).includes(path));
}

function openedBy(pid: string): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`));
  } catch {
    return []; // It has ended meanwhile.
  }
}

async function judgeLook(root: string): Promise<readonly string[]> {
  put(root, 'etc/icsp.d/team.yaml', policy('one.example'));
  const words = [...(await icspd.recover(root)), ...(await icspd.recover(root))];
  const isRight = readTarget(root)?.toString() === right[1];
  const left = leftoversIn(root).map((path) => `${path} is left over`);
  return [...words, ...left, ...(isRight ? [] : ['the run after it does not converge'])];
}
