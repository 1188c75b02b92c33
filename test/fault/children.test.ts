// The commands that icspd runs on its way to the file, killed at any of their calls: the old file stays or the new one is whole, and
// the next run is fine.
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { judgeSaid } from './errno.ts';
import { icspd, policy, put } from './icspd.ts';
import { openJail, type Jail } from './jail.ts';
import { judgeInstant, judgeRecovery, judgeReplaced, judgeUntouched, readTarget } from './judge.ts';
import type { Ended } from './processes.ts';
import type { Replacer, Scene } from './replacer.ts';
import { report } from './report.ts';
import { sample } from './sample.ts';
import { openScratch, type Scratch } from './scratch.ts';
import { inspectState, isSettled } from './state.ts';

/** Where each of them runs. `as`: what runs in its place, since it may not be on this machine, and has no labels to set. */
const children: readonly {
  readonly name: string;
  readonly title: string;
  readonly hasSelinux: boolean;
  readonly as?: string;
}[] = [
  { name: 'flock', title: 'a change', hasSelinux: false },
  { name: 'ls', title: 'a change', hasSelinux: false },
  { name: 'cp', title: 'a change', hasSelinux: false },
  { name: 'find', title: 'first contact', hasSelinux: true },
  { name: 'restorecon', title: 'first contact', hasSelinux: true, as: 'chmod u+rw' },
];

let scratch: Scratch;
let scenes: ReadonlyMap<string, Scene>;

test.before(async () => {
  scratch = await openScratch();
  const jail = openJail(scratch);
  const { root } = scratch;
  mkdirSync(join(root, 'etc/containers'), { recursive: true });
  const made = new Map<string, Scene>();
  for (const [title, mirror] of [
    ['first contact', 'mirror.example/team'],
    ['a change', 'other.example/team'],
  ] as const) {
    put(root, 'etc/icsp.d/team.yaml', policy(mirror));
    const template = await scratch.keep(title);
    const old = readTarget(root);
    const { code, out, err } = await jail.icspd('apply');
    if (code !== 0) throw new Error(`${out}${err}`);
    made.set(title, { title, template, args: ['apply'], old, new: readTarget(root), endsWith: 'new' });
  }
  scenes = made;
});
test.after.always(() => scratch.remove());

for (const { name, title, hasSelinux, as = name } of children) {
  test.serial(`${name} killed at any of its calls`, async (t) => {
    const scene = scenes.get(title);
    if (scene === undefined) throw new Error(`no scene ${title}`);
    const jail = openJail(scratch, hasSelinux);
    const program = inJail(jail);
    const runTraced = async (flag: string): Promise<{ readonly ended: Ended; readonly log: string }> => {
      jail.clear();
      await scratch.place(scene.template);
      jail.add(name, `exec strace ${flag} --output=/commands/log /usr/bin/${as} "$@"`);
      const ended = await jail.icspd('apply');
      return { ended, log: readFileSync(join(jail.folder, 'log'), 'utf8') };
    };
    const calls = listCalls((await runTraced('--trace=all')).log);
    const chosen = sample(calls, 12);
    const complaints: string[] = [];
    for (const { call, ordinal } of chosen) {
      const { ended, log } = await runTraced(`--inject=${call}:signal=SIGKILL:when=${ordinal}`);
      jail.clear();
      const words = [
        ...(log.includes('killed by SIGKILL') ? [] : ['never hit']),
        ...judgeInstant(program, scene, scratch.root),
        ...(ended.code === 0
          ? judgeReplaced(scene, scratch.root)
          : [...judgeSaid(ended), ...judgeUntouched(scene, scratch.root)]),
        ...(await judgeRecovery(program, scene, scratch.root)),
      ];
      complaints.push(...words.map((each) => `killed at ${call} ${ordinal}: ${each}`));
    }
    report(t, { points: calls.length, tried: chosen.length, complaints });
  });
}

/** The calls that it makes undisturbed, the last time that it runs, from its start on; `when=` of strace counts those of one name. */
function listCalls(log: string): readonly { readonly call: string; readonly ordinal: number }[] {
  const names = [...log.matchAll(/^(\w+)\(/gm)].map(([, name = '']) => name);
  const calls = names.map((call, index) => ({
    call,
    ordinal: names.slice(0, index + 1).filter((each) => each === call).length,
  }));
  return calls.filter(({ call }) => call !== 'execve');
}

/** Inside, paths begin at another root than for a run from outside. */
function inJail(jail: Jail): Replacer {
  return {
    ...icspd,
    async recover(root) {
      const { code, out, err } = await jail.icspd('apply');
      return [
        ...(code === 0 ? [] : [`exit ${String(code)}: ${out}${err}`]),
        ...inspectState(root),
        ...isSettled(root),
      ];
    },
  };
}
