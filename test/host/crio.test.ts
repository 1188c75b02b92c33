import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { openCrio, parseCrioVersion } from '../../src/host/crio.ts';
import { fakeCommands, type FakeCommands } from './fake-commands.ts';

const versions: readonly (readonly [string, string | null])[] = [
  ['crio version 1.36.3\n   GitCommit:      unknown\n   GoVersion:      go1.26.8\n', '1.36.3'],
  ['crio version 1.26.4-5.1.rhaos4.13.git969e013.el8\nVersion:        1.26.4-5.1\n', '1.26.4'],
  ['Version:       1.20.0\nGitCommit:     abc\n', '1.20.0'],
  ['crio version v1.37.0-dev', '1.37.0'],
  ['crio version 1.24', '1.24'],
  ['crio version unknown', null],
  ['GoVersion: 1.22.3', null],
  ['', null],
];

for (const [text, expected] of versions) {
  test(`the version in ${JSON.stringify(text)}`, (t) => t.is(parseCrioVersion(text), expected));
}

/** A unit that starts the fake `crio`. */
function addUnit(fake: FakeCommands): void {
  const path = join(fake.directory, 'crio');
  fake.add(
    'systemctl',
    `echo "ExecStart={ path=${path} ; argv[]=${path} --registries-conf=/r --registries-conf-dir=/d ; ignore_errors=no ; }"`,
  );
}

function callsOf(fake: FakeCommands, name: string): number {
  return fake.calls().filter((call) => call.startsWith(`${name} `)).length;
}

test.serial('the binary is asked once, and again when it is replaced', async (t) => {
  const fake = fakeCommands(t);
  addUnit(fake);
  fake.add('crio', 'echo crio version 1.36.3');
  const crio = openCrio('crio.service');
  t.is(await crio.version(), '1.36.3');
  t.is(await crio.version(), '1.36.3');
  t.is(callsOf(fake, 'crio'), 1);
  t.is(callsOf(fake, 'systemctl'), 1);
  fake.add('crio', 'echo crio version 1.37.0');
  t.is(await crio.version(), '1.37.0');
  t.is(callsOf(fake, 'crio'), 2);
});

test.serial('there is no version where there is no unit, no binary, no answer or no systemd', async (t) => {
  const fake = fakeCommands(t);
  fake.add('systemctl', 'echo ExecStart=');
  t.is(await openCrio('crio.service').version(), null);
  addUnit(fake);
  t.is(await openCrio('crio.service').version(), null);
  fake.add('crio', 'exit 1');
  t.is(await openCrio('crio.service').version(), null);
  writeFileSync(join(fake.directory, 'crio'), 'not a program');
  t.is(await openCrio('crio.service').version(), null);
  fake.add('systemctl', 'echo "Failed to connect to bus" >&2; exit 1');
  t.is(await openCrio('crio.service').version(), null);
});

test.serial('the unit tells which registries.conf CRI-O reads', async (t) => {
  const fake = fakeCommands(t);
  addUnit(fake);
  t.deepEqual(await openCrio('crio.service').conf(), {
    main: { path: '/r', isTold: true },
    dropInDirectory: '/d',
    home: '/root',
  });
});

test.serial('state, reload and journal are those of the unit', async (t) => {
  const fake = fakeCommands(t);
  fake.add('systemctl', 'echo LoadState=loaded; echo ActiveState=active');
  fake.add('journalctl', 'exit 1');
  const crio = openCrio('other.service');
  t.like(await crio.unit(), { isFound: true, active: 'active' });
  await crio.reload(5_000);
  t.is(await crio.journal(), null);
  t.true(
    fake
      .calls()
      .slice(0, 2)
      .every((call) => call.endsWith('[other.service]')),
  );
});
