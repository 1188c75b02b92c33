import test from 'ava';
import { HostError } from '../../src/host-error.ts';
import { systemClock } from '../../src/host/clock.ts';
import { makeNotifier, readUnitState, reloadUnit, showUnit } from '../../src/host/systemd.ts';
import { fakeCommands } from './fake-commands.ts';

const active = `cat <<'END'
MainPID=163
ExecMainPID=163
LoadState=loaded
ActiveState=active
ExecMainStartTimestamp=Sun 2026-11-22 11:49:33.5 UTC
InactiveExitTimestamp=Sun 2026-11-22 11:49:32.392607 UTC
END`;

const neverStarted = {
  mainStartedAtMs: 0,
  mainStartedMonotonicUs: null,
  startedAtMs: 0,
  startedMonotonicUs: null,
};

test.serial('the state of a unit is read with the time to the microsecond', async (t) => {
  const fake = fakeCommands(t);
  fake.add('systemctl', active);
  t.deepEqual(await readUnitState('crio.service'), {
    isFound: true,
    active: 'active',
    mainPid: 163,
    mainStartedAtMs: Date.UTC(2026, 10, 22, 11, 49, 33) + 500,
    startedAtMs: Date.UTC(2026, 10, 22, 11, 49, 32) + 392.607,
    mainStartedMonotonicUs: null,
    startedMonotonicUs: null,
  });
  t.deepEqual(fake.calls(), [
    'systemctl [--timestamp=us] [show] [--property=LoadState,ActiveState,MainPID,ExecMainPID,ExecMainStartTimestamp,ExecMainStartTimestampMonotonic,InactiveExitTimestamp,InactiveExitTimestampMonotonic] [--] [crio.service]',
  ]);
});

const hourMs = 3_600_000;

/** What `systemctl show` says of a start that was an hour ago, if the clock was off by so much when it was stamped. */
function startedAnHourAgo(clockWasAheadByMs: number): string {
  const stampMs = Date.now() - hourMs + clockWasAheadByMs;
  const stamp = new Date(stampMs).toISOString().replace('T', ' ').replace('Z', '');
  const monotonicUs = Math.round(Number(process.hrtime.bigint()) / 1e3 - hourMs * 1e3);
  const times = ['InactiveExitTimestamp', 'ExecMainStartTimestamp'].flatMap((name) => [
    `${name}=Sun ${stamp} UTC`,
    `${name}Monotonic=${monotonicUs}`,
  ]);
  return ['cat <<END', 'LoadState=loaded', 'ActiveState=active', ...times, 'END'].join('\n');
}

for (const { title, aheadMs, expectedAgoMs } of [
  { title: 'with a clock that nobody set, is as systemd stamped it', aheadMs: 0, expectedAgoMs: hourMs },
  {
    title: 'with a clock that was set back since, is not taken for later than it was',
    aheadMs: 5 * hourMs,
    expectedAgoMs: hourMs,
  },
  {
    title: 'with a clock that was set forward since, is as it was stamped',
    aheadMs: -24 * hourMs,
    expectedAgoMs: 25 * hourMs,
  },
]) {
  test.serial(`the time of a start, ${title}`, async (t) => {
    fakeCommands(t).add('systemctl', startedAnHourAgo(aheadMs));
    const { startedAtMs, mainStartedAtMs, startedMonotonicUs, mainStartedMonotonicUs } =
      await readUnitState('crio.service');
    for (const timeMs of [startedAtMs, mainStartedAtMs]) {
      t.true(Math.abs(Date.now() - timeMs - expectedAgoMs) < hourMs / 2, String(timeMs));
    }
    // Whatever was set: by the clock that icspd stamps its records with.
    for (const monotonicUs of [startedMonotonicUs, mainStartedMonotonicUs]) {
      const agoMs = (systemClock.monotonicUs() - Number(monotonicUs)) / 1_000;
      t.true(Math.abs(agoMs - hourMs) < hourMs / 2, String(monotonicUs));
    }
  });
}

test.serial('a systemd before 248 is asked again without microseconds', async (t) => {
  fakeCommands(t).add(
    'systemctl',
    `case "$1" in --timestamp*) echo "unrecognized option" >&2; exit 1;; esac\n${active.replace('.392607', '')}`,
  );
  const { startedAtMs } = await readUnitState('crio.service');
  t.is(startedAtMs, Date.UTC(2026, 10, 22, 11, 49, 32));
});

test.serial('a unit that systemd does not know is not found and never started', async (t) => {
  fakeCommands(t).add(
    'systemctl',
    'echo MainPID=0; echo ExecMainPID=0; echo LoadState=not-found; echo ActiveState=inactive; echo InactiveExitTimestamp=',
  );
  const expected = { isFound: false, active: 'inactive', mainPid: 0, ...neverStarted };
  t.deepEqual(await readUnitState('nope.service'), expected);
});

test.serial('a unit whose main process has ended keeps the pid of its last words', async (t) => {
  fakeCommands(t).add(
    'systemctl',
    'echo MainPID=0; echo ExecMainPID=127; echo LoadState=loaded; echo ActiveState=failed; echo InactiveExitTimestamp=n/a',
  );
  const expected = { isFound: true, active: 'failed', mainPid: 127, ...neverStarted };
  t.deepEqual(await readUnitState('crio.service'), expected);
});

test.serial('a system that systemd does not run has no unit', async (t) => {
  fakeCommands(t).add(
    'systemctl',
    `echo "System has not been booted with systemd as init system (PID 1). Can't operate." >&2; exit 1`,
  );
  t.like(await readUnitState('crio.service'), { isFound: false, active: 'inactive' });
});

test.serial('a systemd that does not answer is an error with its words', async (t) => {
  fakeCommands(t).add('systemctl', 'printf "Failed to connect to bus:\\n  \\033[31mrefused\\n" >&2; exit 1');
  const error = await t.throwsAsync(readUnitState('crio.service'), { instanceOf: HostError });
  t.is(error.findingName, 'systemdUnreachable');
  t.true(error.message.includes('Failed to connect to bus:; \\u{1b}[31mrefused'), error.message);
});

test.serial('several values of one property stand on lines of their own', async (t) => {
  fakeCommands(t).add(
    'systemctl',
    'echo EnvironmentFiles=/a; echo "EnvironmentFiles=/b=c"; echo Environment=',
  );
  const properties = await showUnit('crio.service', ['EnvironmentFiles', 'Environment']);
  t.deepEqual(
    [...(properties ?? [])],
    [
      ['EnvironmentFiles', '/a\n/b=c'],
      ['Environment', ''],
    ],
  );
});

test.serial('a reload is asked of systemd and nobody else', async (t) => {
  const fake = fakeCommands(t);
  fake.add('systemctl', 'exit 0');
  await reloadUnit('crio.service', 5_000);
  t.deepEqual(fake.calls(), ['systemctl [--no-ask-password] [reload] [--] [crio.service]']);
});

test.serial('a reload that fails is an error with the words of systemd', async (t) => {
  fakeCommands(t).add('systemctl', 'echo "Job for crio.service failed." >&2; exit 1');
  const error = await t.throwsAsync(reloadUnit('crio.service', 5_000), { instanceOf: HostError });
  t.is(error.findingName, 'reloadFailed');
  t.true(error.message.includes('"Job for crio.service failed."'));
});

test.serial('a reload that hangs, with a grandchild on its pipes, ends at the time limit', async (t) => {
  fakeCommands(t).add('systemctl', 'setsid sleep 20 & sleep 20');
  const error = await t.throwsAsync(reloadUnit('crio.service', 200), { instanceOf: HostError });
  t.is(error.findingName, 'commandTimedOut');
});

function withSocket(t: import('ava').ExecutionContext, socket: string | undefined): void {
  const before = process.env['NOTIFY_SOCKET'];
  const set = (value: string | undefined): void => {
    if (value === undefined) delete process.env['NOTIFY_SOCKET'];
    else process.env['NOTIFY_SOCKET'] = value;
  };
  set(socket);
  t.teardown(() => set(before));
}

test.serial('systemd is told each state in its own words', async (t) => {
  const fake = fakeCommands(t);
  withSocket(t, '/run/systemd/notify');
  fake.add('systemd-notify', 'exit 0');
  const notifier = makeNotifier(t.fail);
  await notifier.ready();
  await notifier.status('applied\nREADY=1');
  await notifier.keepAlive();
  await notifier.stopping();
  t.deepEqual(fake.calls(), [
    'systemd-notify [READY=1]',
    'systemd-notify [STATUS=applied\\u{a}READY=1]',
    'systemd-notify [WATCHDOG=1]',
    'systemd-notify [STOPPING=1]',
  ]);
});

test.serial('where systemd does not listen nothing is sent', async (t) => {
  const fake = fakeCommands(t);
  withSocket(t, undefined);
  fake.add('systemd-notify', 'exit 0');
  await makeNotifier(t.fail).ready();
  t.deepEqual(fake.calls(), []);
});

test.serial('a notification that cannot be sent is told and nothing is thrown', async (t) => {
  withSocket(t, '/run/systemd/notify');
  fakeCommands(t).add('systemd-notify', 'echo "No status data" >&2; exit 1');
  const failures: string[] = [];
  await makeNotifier((message) => failures.push(message)).ready();
  t.deepEqual(failures, ['systemd-notify failed: "No status data"']);
});
