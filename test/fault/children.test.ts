// The commands that icspd runs on its way to the file, killed at any of their calls: the old file stays, and the next run is fine.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { judgeSaid } from './errno.ts';
import { icspd } from './icspd.ts';
import { judgeInstant, judgeRecovery, judgeReplaced, judgeUntouched } from './judge.ts';
import { run, type Ended } from './processes.ts';
import { report } from './report.ts';
import { sample } from './sample.ts';
import { setStage, type Stage } from './stage.ts';

const stage = setStage(test, icspd);

for (const command of ['flock', 'cp'] as const) {
  test.serial(`${command} killed at any of its calls`, async (t) => {
    const { scratch, scene } = stage();
    const change = scene('a change');
    const calls = await listCalls(stage(), command);
    const chosen = sample(calls, 12);
    const complaints: string[] = [];
    for (const { name, ordinal } of chosen) {
      await scratch.place(change.template);
      const ended = await runWithShim(stage(), command, `--inject=${name}:signal=SIGKILL:when=${ordinal}`);
      const isKilled = readFileSync(join(scratch.path, 'child.log'), 'utf8').includes('killed by SIGKILL');
      const words = [
        ...(isKilled ? [] : ['never hit']),
        ...judgeInstant(icspd, change, scratch.root),
        ...(ended.code === 0
          ? judgeReplaced(change, scratch.root)
          : [...judgeSaid(ended), ...judgeUntouched(change, scratch.root)]),
        ...(await judgeRecovery(icspd, change, scratch.root)),
      ];
      complaints.push(...words.map((each) => `killed at ${name} ${ordinal}: ${each}`));
    }
    report(t, { points: calls.length, tried: chosen.length, complaints });
  });
}

/** The calls that it makes undisturbed, from its start on; the ordinal counts those of the same name, as strace does. */
async function listCalls(
  setting: Stage,
  command: string,
): Promise<readonly { readonly name: string; readonly ordinal: number }[]> {
  await setting.scratch.place(setting.scene('a change').template);
  await runWithShim(setting, command, '--trace=all');
  const log = readFileSync(join(setting.scratch.path, 'child.log'), 'utf8');
  const names = [...log.matchAll(/^(\w+)\(/gm)].map(([, name = '']) => name);
  const calls = names.map((name, index) => ({
    name,
    ordinal: names.slice(0, index + 1).filter((each) => each === name).length,
  }));
  return calls.filter(({ name }) => name !== 'execve');
}

/** Runs the change with a command of that name first in PATH, which runs the real one under strace. */
async function runWithShim({ scratch, scene }: Stage, command: string, flag: string): Promise<Ended> {
  const folder = join(scratch.path, `with-${command}`);
  const shim = join(folder, command);
  mkdirSync(folder, { recursive: true });
  const log = join(scratch.path, 'child.log');
  writeFileSync(shim, `#!/bin/sh\nexec strace ${flag} --output=${log} /usr/bin/${command} "$@"\n`);
  chmodSync(shim, 0o755);
  const path = `${folder}:/usr/sbin:/usr/bin:/sbin:/bin`;
  return run(icspd.command(scratch.root, scene('a change').args), {
    ...icspd.environment,
    PATH: path,
  });
}
