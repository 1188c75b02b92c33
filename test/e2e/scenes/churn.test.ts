// Policies change all the time while images are pulled: no pull fails that may not, none goes elsewhere, nothing leaks.
// E2E_CHURN_SECONDS=180 is half an hour's worth.
import { readdirSync, renameSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { countReloads, oneRound, pull } from '../crio.ts';
import { REGISTRIES_CONF, icspd, putPolicy, recordOnDisk, untilInForce } from '../icspd.ts';
import { mark } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { type Chance, chanceOf, mirrorSet, pick, pickSome, randomPolicies } from '../random-policies.ts';
import { address, manifestTrail, publish } from '../registry.ts';
import { story } from '../story.ts';
import { until } from '../system.ts';

const system = story();
const seconds = Number(process.env['E2E_CHURN_SECONDS'] ?? 20);
const seed = Number(process.env['SEED'] ?? 58244363);
const policies = '/etc/icsp.d';
const hosts = ['a', 'b', 'c', 'd'].map((name) => `${name}.${address('mirror')}`);
const teams = ['red', 'green', 'blue'];
const digests = new Map<string, string>();
/** Files that cannot be read at the moment: their last good content is in force. */
const broken = new Set<string>();

/** A policy for a team's images: whatever else it names, one mirror has them. */
function teamPolicy(chance: Chance, team: string): string {
  const good = `${pick(chance, hosts)}/good/${team}`;
  const bad = pickSome(
    chance,
    hosts.map((host) => `${host}/bad/${team}`),
    0,
  );
  const mirrors = pickSome(chance, [good, ...bad], 1);
  const entry = {
    source: `quay.example.org/${team}`,
    mirrors: mirrors.includes(good) ? mirrors : [...mirrors, good],
    ...(chance(3) === 0 && { mirrorSourcePolicy: 'NeverContactSource' }),
  };
  return mirrorSet('ImageDigestMirrorSet', team, entry);
}

/** One change as people and tools make them. */
async function change(chance: Chance): Promise<void> {
  const team = pick(chance, teams);
  const name = `${team}.json`;
  switch (chance(6)) {
    case 0: {
      // Cut short by somebody's editor, and mended by the next change of this team. What was not read while it was good has
      // nothing to fall back on.
      await icspd(system(), 'apply');
      putPolicy(system(), name, teamPolicy(chance, team).slice(0, 80));
      broken.add(name);
      return;
    }
    case 1: {
      const [from, to] = chance(2) === 0 ? [name, `x-${name}`] : [`x-${name}`, name];
      // A broken file under a new name has no good content to fall back on.
      if (broken.has(name)) return;
      const here = readdirSync(system().outside(policies));
      if (here.includes(from) && !here.includes(to))
        renameSync(system().outside(`${policies}/${from}`), system().outside(`${policies}/${to}`));
      return;
    }
    case 2: {
      for (const other of readdirSync(system().outside(policies)))
        if (/^\d/.test(other)) rmSync(system().outside(`${policies}/${other}`));
      return;
    }
    case 3: {
      const sources = ['quay.example.org/gold', 'quay.example.org/gold/inner', 'registry.example.net'];
      for (const [file, text] of randomPolicies(chance, sources, hosts))
        if (file !== 'image.json') putPolicy(system(), file, text);
      return;
    }
    default: {
      putPolicy(system(), name, teamPolicy(chance, team));
      broken.delete(name);
      // Under its other name it would be the older one.
      rmSync(system().outside(`${policies}/x-${name}`), { force: true });
    }
  }
}

/** A pull during which one file was in force, and was known to be loaded. */
interface Observed {
  readonly text: string;
  readonly reference: string;
  readonly trail: readonly string[];
}

async function pullAll(
  chance: Chance,
  isOver: () => boolean,
): Promise<{ failed: string[]; observed: Observed[]; count: number }> {
  const failed: string[] = [];
  const observed: Observed[] = [];
  let count = 0;
  while (!isOver()) {
    const team = pick(chance, teams);
    const reference = `quay.example.org/${team}/app@${digests.get(team) ?? ''}`;
    const before = await mark(system());
    const record = recordOnDisk(system());
    const text = system().read(REGISTRIES_CONF) ?? '';
    const { ok, why } = await pull(system(), reference);
    count += 1;
    if (!ok) failed.push(`${reference}: ${why}\n${text}`);
    if (ok && record?.proof === 'applied' && system().read(REGISTRIES_CONF) === text) {
      const trail = oneRound((await manifestTrail(system(), before)).map((request) => request.reference));
      observed.push({ text, reference, trail });
    }
  }
  return { failed, observed, count };
}

/** Whom icspd explain names for a pull by this file, in a tree of its own. */
async function explained(text: string, reference: string): Promise<readonly string[]> {
  system().write('/tmp/tree/etc/containers/registries.conf', text);
  const { stdout } = await icspd(system(), 'explain', '--json', '--root', '/tmp/tree', reference);
  const { endpoints } = JSON.parse(stdout) as {
    readonly endpoints: readonly { readonly reference: string; readonly blocked: boolean }[];
  };
  return endpoints.filter(({ blocked }) => !blocked).map((endpoint) => endpoint.reference);
}

interface Footprint {
  readonly residentKiB: number;
  readonly descriptors: number;
  readonly processes: number;
}

async function mainPid(): Promise<string> {
  return system().must('systemctl', 'show', '--value', '--property=MainPID', 'icspd');
}

function footprint(pid: string): Footprint {
  const [, resident] = /^VmRSS:\s+(\d+) kB$/m.exec(system().read(`/proc/${pid}/status`) ?? '') ?? [];
  const processes = system().read('/sys/fs/cgroup/system.slice/icspd.service/cgroup.procs') ?? '';
  return {
    residentKiB: Number(resident),
    descriptors: readdirSync(system().outside(`/proc/${pid}/fd`)).length,
    processes: processes.split('\n').filter(Boolean).length,
  };
}

test('a hundred files within a second cost three reloads at most', async (t) => {
  const before = await mark(system());
  const began = performance.now();
  for (let n = 0; n < 100; n += 1) {
    putPolicy(
      system(),
      `${n}.yaml`,
      digestMirrorSet(`set-${n}`, `quay.example.org/hundred/source-${n}`, `${address('mirror')}/source-${n}`),
    );
    await sleep(Math.max(0, began + n * 9 - performance.now()));
  }
  await untilInForce(system(), `${address('mirror')}/source-99`);
  await until('all of them are in force', () => {
    const text = system().read(REGISTRIES_CONF) ?? '';
    return recordOnDisk(system())?.proof === 'applied' && text.split('[[registry]]').length === 101;
  });
  const reloads = await countReloads(system(), before);
  t.true(reloads >= 1 && reloads <= 3, `${reloads} reloads`);
  await system().must('bash', '-c', 'rm /etc/icsp.d/*');
  await system().must('icspd', 'apply', '--allow-removal');
});

test(`${seconds} seconds of changes while images are pulled`, async (t) => {
  t.timeout((seconds + 240) * 1000);
  const chance = chanceOf(seed);
  for (const team of teams) {
    digests.set(team, await publish(system(), 'mirror', `good/${team}/app`, '1'));
    putPolicy(system(), `${team}.json`, teamPolicy(chance, team));
  }
  await system().must('icspd', 'apply');
  const pid = await mainPid();
  const first = footprint(pid);
  const before = await mark(system());

  const residents: number[] = [];
  let changes = 0;
  let isOver = false;
  const pulling = pullAll(chanceOf(seed + 1), () => isOver);
  for (const end = performance.now() + seconds * 1000; performance.now() < end; changes += 1) {
    await change(chance);
    await sleep(chance(4) === 0 ? 5 : 100 + chance(900));
    residents.push(footprint(pid).residentKiB);
  }
  isOver = true;
  const { failed, observed, count } = await pulling;
  const reloads = await countReloads(system(), before);

  t.deepEqual(failed, []);
  const wrong: string[] = [];
  const known = new Map<string, readonly string[]>();
  for (const { text, reference, trail } of observed) {
    const key = `${reference}\n${text}`;
    const endpoints = known.get(key) ?? (await explained(text, reference));
    known.set(key, endpoints);
    // The image comes from the first that has it; those behind are not asked.
    if (trail.length === 0 || trail.some((asked, index) => asked !== endpoints[index]))
      wrong.push(`${reference}: asked ${trail.join(' ')}, explained ${endpoints.join(' ')}`);
  }
  t.deepEqual(wrong, []);

  for (const team of teams) putPolicy(system(), `${team}.json`, teamPolicy(chance, team));
  await system().must('icspd', 'apply', '--allow-removal');
  await until('nothing is under way', () => footprint(pid).processes === 1);
  const last = footprint(pid);
  t.is(await mainPid(), pid);
  // A timer, a watch or a child's pipe may be open at either moment; a leak of one for each change would be far beyond.
  t.true(last.descriptors <= first.descriptors + 8, `${first.descriptors} → ${last.descriptors} descriptors`);
  const third = Math.floor(residents.length / 3);
  const [early, late] = [Math.max(...residents.slice(0, third)), Math.max(...residents.slice(-third))];
  t.true(late <= early * 1.25, `${early} → ${late} KiB`);
  t.true(observed.length > 0, 'no pull saw one file from its beginning to its end');
  t.log(
    `${changes} changes, ${reloads} reloads, ${count} pulls, ${failed.length} failed; ${observed.length} compared with ${known.size} explanations, ${wrong.length} wrong; ` +
      `resident ${early} → ${late} KiB, descriptors ${first.descriptors} → ${last.descriptors}`,
  );
});
