// CRI-O is not only ours: others configure it, signal it and restart it, and it may say much, little or nothing.
import test from 'ava';
import { REFUSED, countReloads, restartWith } from '../crio.ts';
import {
  REGISTRIES_CONF,
  applyNow,
  putPolicy,
  removePolicy,
  status,
  untilInForce,
  untilOutcome,
} from '../icspd.ts';
import { type Mark, entries, mark, messages, untilMessage } from '../journal.ts';
import { digestMirrorSet } from '../policies.ts';
import { address, publish, pulledFrom } from '../registry.ts';
import { story } from '../story.ts';

const system = story();
const theirs = '/etc/containers/registries.conf.d/50-theirs.conf';
const image = 'quay.example.org/team/hello';
let digest: string;

/** Points the one policy to a registry by one of its names: `a` to `d`. */
function putMirror(name: string): void {
  putPolicy(
    system(),
    'team.yaml',
    digestMirrorSet('team', 'quay.example.org/team', `${name}.${address('mirror')}/team`),
  );
}

async function pullsFrom(): Promise<string | undefined> {
  return pulledFrom(system(), `${image}@${digest}`);
}

async function untilProven(name: string): Promise<string> {
  return untilInForce(system(), `${name}.${address('mirror')}/team`);
}

async function isActive(): Promise<boolean> {
  return (await system().run(['systemctl', 'is-active', 'crio'])).stdout === 'active';
}

/** 1000 sources with three mirrors each: CRI-O prints half a megabyte about them. */
function manySources(): string {
  const entry = (n: number): string => {
    const mirrors = ['a', 'b', 'c'].map((name) => `"${name}.${address('mirror')}/many/source-${n}"`);
    return `  - {source: quay.example.org/many/source-${n}, mirrors: [${mirrors.join(', ')}]}`;
  };
  const entries = Array.from({ length: 1000 }, (_, n) => entry(n)).join('\n');
  return `apiVersion: config.openshift.io/v1\nkind: ImageDigestMirrorSet\nmetadata: {name: many}\nspec:\n  imageDigestMirrors:\n${entries}\n`;
}

test("somebody's crio.conf is invalid: CRI-O's words are told, our file stays", async (t) => {
  digest = await publish(system(), 'mirror', 'team/hello', '1');
  const before = await mark(system());
  system().write('/etc/crio/crio.conf.d/50-theirs.conf', '[crio.runtime]\nlog_level = "loudest"\n');
  putMirror('a');
  await untilMessage(system(), before, 'crio', REFUSED);
  await untilOutcome(system(), before, 'degraded');
  t.is((await status(system())).proof, 'blocked-elsewhere');
  await untilMessage(system(), before, 'icspd', /ICSP398: .*loudest/);
  t.regex(system().read(REGISTRIES_CONF) ?? '', /a\.mirror\.lab\.example:8443\/team"/);
});

test('once it is mended, our file is loaded, and nobody has to ask for it', async (t) => {
  system().write('/etc/crio/crio.conf.d/50-theirs.conf', '');
  await untilProven('a');
  t.is(await pullsFrom(), 'a');
});

test('others signal CRI-O all the time: the newest file is loaded, and proven', async (t) => {
  const noise = system().run([
    'bash',
    '-c',
    'for n in {1..40}; do systemctl kill --signal=HUP crio; sleep 0.05; done',
  ]);
  for (const name of ['b', 'c', 'd']) {
    putMirror(name);
    await untilProven(name);
  }
  await noise;
  t.is(await pullsFrom(), 'd');
  t.true(await isActive());
});

test('CRI-O restarts at any moment of an apply: it is not signalled while it starts, and has the new file', async (t) => {
  const began = await mark(system());
  for (const [name, delayMs] of Object.entries({ a: 60, b: 100, c: 150, d: 250 })) {
    putMirror(name);
    await system().must('bash', '-c', `sleep ${delayMs / 1000}; systemctl restart crio`);
    await untilProven(name);
    t.is(await pullsFrom(), name);
  }
  // Killed by a signal it would not have been started again.
  const ends = await entries(system(), began, '_PID=1', 'UNIT=crio.service');
  t.deepEqual(
    ends.filter(({ MESSAGE = '' }) => /code=killed|Failed with result/.test(MESSAGE)),
    [],
  );
});

test('at log level warn CRI-O says nothing: the file is in force, with one warning, and is not loaded twice', async (t) => {
  await restartWith(system(), '[crio.runtime]\nlog_level = "warn"\n');
  const before = await mark(system());
  putMirror('a');
  await untilOutcome(system(), before, 'applied');
  t.is(await pullsFrom(), 'a');
  t.is((await status(system())).proof, 'none');
  await applyNow(system());
  const warnings = (await messages(system(), before, 'icspd')).filter((line) =>
    line.startsWith('icspd: warning ICSP396'),
  );
  t.is(warnings.length, 1);
  t.regex(warnings.join(), /log_level/);
  await system().must('systemctl', 'restart', 'icspd');
  t.is(await countReloads(system(), before), 1);
});

test('at log level error a refusal is the only line that there is, and it is found', async (t) => {
  await restartWith(system(), '[crio.runtime]\nlog_level = "error"\n');
  const before = await mark(system());
  system().write(theirs, '[[registry]]\nlocation = "https://registry.example.net"\n');
  putMirror('b');
  await untilOutcome(system(), before, 'degraded');
  t.is((await status(system())).proof, 'blocked-elsewhere');
  system().remove(theirs);
  await untilProven('b');
  t.is(await pullsFrom(), 'b');
});

test('CRI-O logs in JSON: loaded and refused are told apart all the same', async (t) => {
  await restartWith(system(), '', 'CONTAINER_LOG_FORMAT=json');
  const before = await mark(system());
  putMirror('d');
  await untilMessage(system(), before, 'crio', /^\{.*"msg":"Applied new registry configuration: /);
  t.is(await untilProven('d'), 'applied');

  const later = await mark(system());
  system().write(theirs, '[[registry]]\nlocation = "https://registry.example.net"\n');
  putMirror('c');
  await untilOutcome(system(), later, 'degraded');
  t.is((await status(system())).proof, 'blocked-elsewhere');
  t.is(await pullsFrom(), 'd');
  system().remove(theirs);
  t.is(await untilProven('c'), 'applied');
  t.is(await pullsFrom(), 'c');
});

async function splitPieces(after: Mark): Promise<number> {
  const lines = await entries(system(), after, '--unit=crio');
  return lines.filter(({ _LINE_BREAK: end }) => end === 'line-max').length;
}

for (const [format, name] of [
  ['JSON', 'a'],
  ['text', 'b'],
] as const) {
  test(`half a megabyte of registries in one line of ${format}, split by journald, is a proof as well`, async (t) => {
    await restartWith(system(), '', `CONTAINER_LOG_FORMAT=${format.toLowerCase()}`);
    const before = await mark(system());
    putPolicy(system(), 'many.yaml', manySources());
    putMirror(name);
    t.is(await untilProven(name), 'applied');
    t.true((await splitPieces(before)) >= 8);
    t.is(await pullsFrom(), name);
    removePolicy(system(), 'many.yaml');
    await system().must('icspd', 'apply', '--allow-removal');
  });
}
