// Whatever stands in names and values of any file or argument, no command lets it reach a terminal as it is, in any format.
import { join } from 'node:path';
import test from 'ava';
import { isClean } from '../hostile/clean.ts';
import { commands } from '../../src/cli/commands.ts';
import { digestPolicy, makeRoot, run, type Root } from './program.ts';

/** C0, DEL, C1, bidi, line and paragraph separator. */
const evil = '\u001b]0;x\u0007\u007f\u009b2J\u202e\u2066\u2028\u2029';
/** The same where C0 may not stand: in YAML, TOML and their comments. */
const evilText = '\u202e\u2066\u2028\u2029';
/** As TOML has it in a basic string. */
const evilToml = String.raw`\u001b\u007f\u009b2J\u202e\u2028`;

const conf = '/etc/containers/registries.conf';

function furnish(root: Root): void {
  root.write(
    conf,
    `# ${evilText}\n"k${evilToml}" = "${evilToml}"\nunqualified-search-registries = ["own.example"]\n` +
      `[[registry]]\nlocation = "own.example"\nodd = "${evilToml}"\n` +
      `[[registry]]\nlocation = "odd.example/${evilToml}"\n[[registry.mirror]]\nlocation = "m.example/${evilToml}"\n`,
  );
  root.write('/etc/icsp.d/good.yaml', digestPolicy.replace('name: team', `name: "${evilToml}"`));
  root.write(`/etc/icsp.d/${evil}.yaml`, digestPolicy);
  root.write('/etc/icsp.d/value.yaml', digestPolicy.replace('quay.io/team', `"quay.io/${evilToml}"`));
  root.write('/etc/icsp.d/key.yaml', digestPolicy.replace('source:', `"so${evilToml}":`));
  root.write('/etc/icsp.d/broken.yaml', `${digestPolicy}  ${evilText}: [\n`);
  root.write(
    `/etc/containers/registries.conf.d/${evil}.conf`,
    `[[registry]]\nlocation = "${evilToml}.example"\n`,
  );
  root.write(
    `/etc/containers/registries.conf.d/50-${evilText}.conf`,
    `[[registry]]\nlocation = "quay.io/team/x"\n`,
  );
  root.write('/etc/icspd/icspd.conf', `"${evilToml}" = 1\n`);
}

const formats = [[], ['-v'], ['--json']] as const;

/** In their order; each is also a wrong call with a hostile option. */
const calls: readonly (readonly string[])[] = [
  ['check'],
  ['check', '--format', 'github', '-v'],
  ['check', '--format', evil],
  ['render'],
  ['diff'],
  ['status'],
  ['apply'],
  ['apply', '--without', `/${evil}`],
  ['explain', 'quay.io/team/app'],
  ['explain', `quay.io/team/${evil}`],
  ['explain', `odd.example/x`],
  ['hold', '--reason', evil],
  ['status'],
  ['apply'],
  ['history'],
  ['history', 'show', '1'],
  ['history', 'show', evil],
  ['history', 'diff', '1'],
  ['resume'],
  ['restore', '--baseline', '--reason', evil, '--for', '8h'],
  ['restore', '--previous', '--reason', evil],
  ['restore', evil],
  ['hold', '--for', evil],
  ['resume'],
  ['history'],
  ['history', 'show', '3'],
  ['adopt', '--dry-run'],
  ['import', evil],
  ['completion', evil],
  ['completion', 'bash'],
  ['run', evil],
];

for (const format of formats) {
  test(`nothing hostile comes through: every command ${format.join(' ')}`, async (t) => {
    t.timeout(180_000);
    const root = makeRoot(t);
    furnish(root);
    for (const [i, args] of calls.entries()) {
      const shown = JSON.stringify(args);
      const { out, err } = await root.icspd(...args, ...format);
      t.true(isClean(out), `${shown}: ${JSON.stringify(out)}`);
      t.true(isClean(err), `${shown}: ${JSON.stringify(err)}`);
      if (i === 7)
        root.write(
          conf,
          `${root.read(conf) ?? ''}# ${evilText}\n[[registry]]\nlocation = "e.example/${evilToml}"\n`,
        );
    }
    root.write(
      '/own.conf',
      `# ${evilText}\n"x${evilToml}" = "${evilToml}"\n[[registry]]\nprefix = "p.example"\nlocation = "o.example/${evilToml}"\n`,
    );
    root.write('/broken.conf', `x = "${evilText}\n`);
    for (const name of ['own.conf', 'broken.conf']) {
      const { out, err } = await run('import', join(root.path, name), ...format);
      t.true(isClean(out) && isClean(err), JSON.stringify(out + err));
    }
  });
}

test('every command is among them', (t) => {
  const called = new Set(calls.map(([name]) => name));
  t.deepEqual(
    Object.keys(commands).filter((name) => !called.has(name)),
    [],
  );
});

test('a hostile command, option or settings file is told harmlessly', async (t) => {
  const root = makeRoot(t);
  root.write('/etc/icspd/icspd.conf', `resync = "${evilToml}"\n`);
  for (const args of [
    [evil],
    [`--${evil}`],
    ['status'],
    ['apply'],
    ['run'],
    ['status', '--config', `/${evil}`],
  ]) {
    const { code, out, err } = await root.icspd(...args);
    t.not(code, 0);
    t.true(isClean(out) && isClean(err), JSON.stringify(out + err));
  }
});
