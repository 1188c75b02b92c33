// icspd as the program under test: the built program for what is disturbed, its source for the runs without faults in between.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeReadingCache } from '../../src/agent/reading-cache.ts';
import { reconcile } from '../../src/agent/reconcile.ts';
import type { Agent } from '../../src/agent/reconciliation.ts';
import { plainRequest } from '../../src/cli/request.ts';
import { defaultSettings } from '../../src/config.ts';
import { openHost } from '../../src/host/host.ts';
import { pathsUnder } from '../../src/paths.ts';
import { nodeOptions } from '../../packaging/launcher.ts';
import { makeCrio, type ScriptedCrio } from '../agent/scratch-node.ts';
import { readTarget } from './judge.ts';
import { mustRun } from './processes.ts';
import type { Replacer, Scene, Scenes } from './replacer.ts';
import type { Scratch } from './scratch.ts';
import { inspectState, isReloadOwed, isSettled } from './state.ts';

const program = join(import.meta.dirname, '../../dist/icspd.cjs');

/** The acts that write registries.conf, each where a file stood before and where none did. */
export const sceneTitles = [
  'first contact without a file',
  'last policy gone, where there was no file',
  'first contact',
  'a change',
  'restore',
  'resume',
  'last policy gone',
] as const;

export const icspd: Replacer = {
  scenes: makeScenes,
  // As the launcher starts it. One thread for what libuv does aside, so that calls come in one order.
  command: (root, args) => [process.execPath, ...[...nodeOptions, program, '--root', root], ...args],
  environment: { UV_THREADPOOL_SIZE: '1' },
  mayGoOn: ({ shape }, { title }) =>
    optional.some((each) => each.test(shape)) || (title === 'resume' && heldUntilNow.test(shape)),
  inspect: inspectState,
  recover,
};

/**
 * The name of who holds the lock is for messages only. What cannot be read is read again, or is done without where the
 * answer does not depend on it: a record, a text or a baseline that nobody asks for, and which generation is in force. The accepted policies are read to be
 * used, which is told, and to be written anew, which the next reconcile does. The policy directory is listed before and
 * after it is read, to see whether it stood still: where one of the three fails, all three are done again.
 */
const optional = [
  /^(ftruncate|pwrite64) .*\/lock$/,
  /^openat \/etc\/icsp\.d$/,
  /^openat .*\/(registries\.conf|baseline\.conf|record\.json|current|accepted-policies|texts\/[0-9a-f]{64})$/,
];

/** The hold that an order ends need not be readable. */
const heldUntilNow = /^openat .*\/pin\.json$/;

const own = 'unqualified-search-registries = ["own.example"]\n';

const first = { args: ['apply'], endsWith: 'new' } as const;

async function makeScenes(scratch: Scratch): Promise<Scenes> {
  const { root } = scratch;
  const icspdRun = (...args: readonly string[]) => mustRun(...icspd.command(root, args));
  const scenes = new Map<string, Scene>();
  const add = async (
    title: (typeof sceneTitles)[number],
    how: Pick<Scene, 'args' | 'endsWith'>,
  ): Promise<void> => {
    const template = await scratch.keep(`scene-${scenes.size + 1}`);
    const old = readTarget(root);
    await icspdRun(...how.args);
    scenes.set(title, { title, template, ...how, old, new: readTarget(root) });
  };

  put(root, 'etc/icsp.d/team.yaml', policy('mirror.example/team'));
  mkdirSync(join(root, 'etc/containers'), { recursive: true });
  await add('first contact without a file', first);
  rmSync(join(root, 'etc/icsp.d/team.yaml'));
  await add('last policy gone, where there was no file', first);

  rmSync(root, { recursive: true });
  put(root, 'etc/icsp.d/team.yaml', policy('mirror.example/team'));
  put(root, 'etc/containers/registries.conf', own);
  await add('first contact', first);
  put(root, 'etc/icsp.d/team.yaml', policy('other.example/team'));
  await add('a change', first);
  await add('restore', { args: ['restore', '--previous'], endsWith: 'either' });
  await add('resume', { args: ['resume'], endsWith: 'either' });
  rmSync(join(root, 'etc/icsp.d/team.yaml'));
  await add('last policy gone', first);
  return scenes;
}

/** So many mirrors that the rendering takes more than a page, of which a full disk can take a part. */
export function policy(mirror: string): string {
  const mirrors = (source: number): string =>
    Array.from({ length: 8 }, (_, index) => `${mirror}/mirror-${index}/of-${source}`).join(', ');
  const entries = Array.from(
    { length: 8 },
    (_, source) => `    - source: quay.io/team/${source}\n      mirrors: [${mirrors(source)}]\n`,
  );
  return `apiVersion: config.openshift.io/v1
kind: ImageDigestMirrorSet
metadata:
  name: team
spec:
  imageDigestMirrors:
${entries.join('')}`;
}

export function put(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true, mode: 0o755 });
  writeFileSync(join(root, path), text, { mode: 0o644 });
}

/** An agent on the root, with a CRI-O that takes what it finds. */
export function openAgent(root: string): { readonly agent: Agent; readonly crio: ScriptedCrio } {
  const crio = Object.assign(makeCrio(), { version: () => Promise.resolve(null) });
  const paths = pathsUnder(root, defaultSettings);
  const host = openHost(paths, defaultSettings, () => undefined);
  const agent = {
    host: { ...host, crio },
    paths,
    settings: defaultSettings,
    settingsFindings: [],
    readings: makeReadingCache(),
  };
  return { agent, crio };
}

/** One reconcile: what was interrupted is settled, and CRI-O is reloaded exactly if that is owed. */
async function recover(root: string): Promise<readonly string[]> {
  const { agent, crio } = openAgent(root);
  const before = readTarget(root);
  const wasOwed = isReloadOwed(root);
  const request = plainRequest('recovery', { uid: 0, loginUid: null, tty: null, command: 'test' });
  const { outcome, findings } = await reconcile(agent, request);
  const errors = findings.filter(({ severity }) => severity === 'error');
  const isFine = outcome === 'applied' || outcome === 'unchanged' || outcome === 'held';
  const isChanged = before === null ? readTarget(root) !== null : readTarget(root)?.equals(before) !== true;
  const expected = isChanged || wasOwed ? 1 : 0;
  return [
    ...(isFine && errors.length === 0 ? [] : [`it ends ${outcome}: ${errors.map(String).join('; ')}`]),
    ...(crio.reloads === expected ? [] : [`CRI-O is reloaded ${crio.reloads} times, not ${expected}`]),
    ...inspectState(root),
    ...isSettled(root),
  ];
}
