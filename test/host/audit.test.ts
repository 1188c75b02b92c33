import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { AuditEvent } from '../../src/agent/audit-event.ts';
import { formatEntry, openAudit } from '../../src/host/audit.ts';
import { makeFakeClock } from '../fake-clock.ts';
import { fakeCommands, type FakeCommands } from './fake-commands.ts';

const act: AuditEvent = {
  name: 'applied',
  isState: false,
  message: 'applied, proof none',
  fields: { GENERATION: '7' },
};

function refused(file: string): AuditEvent {
  return {
    name: 'policy-refused',
    isState: true,
    message: `policy-refused: ${file}`,
    fields: { POLICY_FILES: file },
  };
}

/** A trail whose clock stands still, unless a test moves it. */
function open(
  clock = makeFakeClock(),
  describeNode = () => Promise.resolve(''),
): ReturnType<typeof openAudit> {
  return openAudit({ clock, subjectPid: () => 1, describeNode });
}

/** The messages that logger took, in order. */
function messages(commands: FakeCommands): readonly string[] {
  const text = readFileSync(join(commands.directory, 'entries'), 'utf8');
  return [...text.matchAll(/^MESSAGE=(.*)$/gm)].map(([, message = '']) => message);
}

test('an entry has its MESSAGE_ID, its fields and the process that it is about', (t) => {
  const lines = formatEntry(act, 4711, 'Debian').split('\n');
  t.true(lines.includes('ICSPD_EVENT=applied'));
  t.true(lines.includes('ICSPD_GENERATION=7'));
  t.true(lines.includes(`OBJECT_PID=4711`));
  t.true(lines.includes('ICSPD_NODE=Debian'));
  t.true(lines.some((line) => /^MESSAGE_ID=[0-9a-f]{32}$/.test(line)));
});

test('a line feed in a value cannot begin a field of its own', (t) => {
  const entry = formatEntry(
    { ...act, message: 'a\nICSPD_EVENT=forged', fields: { ACTOR: 'x\nPRIORITY=0' } },
    1,
    '',
  );
  t.deepEqual(
    entry.split('\n').filter((line) => line.startsWith('ICSPD_EVENT=') || line.startsWith('PRIORITY=')),
    ['PRIORITY=5', 'ICSPD_EVENT=applied'],
  );
});

test.serial('a state is told when it begins, not while it lasts, and again when it comes back', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'cat >> "$DIR/entries"');
  const audit = open();
  await audit([act, refused('/a')]);
  await audit([refused('/a'), refused('/b')]);
  await audit([]);
  await audit([refused('/a')]);
  t.deepEqual(messages(commands), [
    'applied, proof none',
    'policy-refused: /a',
    'policy-refused: /b',
    'policy-refused: /a',
  ]);
});

test.serial('a thousand broken files are twenty entries', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'cat >> "$DIR/entries"');
  await open()(Array.from({ length: 1_000 }, (_, i) => refused(`/${i}`)));
  t.is(messages(commands).length, 20);
  t.is(messages(commands).at(-1), 'policy-refused: and 981 more; see icspd status');
});

test.serial('a journal that takes nothing is not asked again and again', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'exit 1');
  await open()([refused('/a'), refused('/b'), refused('/c')]);
  t.is(commands.calls().length, 1);
});

test.serial('of a thousand broken files and a refusal to write, the refusal is never left out', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'cat >> "$DIR/entries"');
  const nothing: AuditEvent = { ...refused('/x'), name: 'refused', message: 'refused: nothing is written' };
  await open()([...Array.from({ length: 1_000 }, (_, i) => refused(`/${i}`)), nothing]);
  t.true(messages(commands).includes('refused: nothing is written'));
});

test.serial('a file that is right and wrong by turns is told about now and then, every act is', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'cat >> "$DIR/entries"');
  const clock = makeFakeClock();
  const audit = open(clock);
  for (let second = 0; second < 100; second += 1) {
    await audit([act, refused('/a')]);
    await audit([]);
    clock.advance(1_000);
  }
  const told = messages(commands);
  t.is(told.filter((message) => message === act.message).length, 100);
  t.is(told.filter((message) => message === 'policy-refused: /a').length, 61);
});

test.serial('a state that there was no room for is told once there is, if it lasts', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'cat >> "$DIR/entries"');
  const clock = makeFakeClock();
  const audit = open(clock);
  for (let i = 0; i < 60; i += 1) await audit([refused(`/${i}`)]);
  await audit([refused('/late')]);
  t.false(messages(commands).includes('policy-refused: /late'));
  clock.advance(60_000);
  await audit([refused('/late')]);
  await audit([refused('/late')]);
  t.is(messages(commands).filter((message) => message === 'policy-refused: /late').length, 1);
});

test.serial('the node is asked for its facts at the first act, once, and not for a state', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'cat >> "$DIR/entries"');
  let asked = 0;
  const audit = open(makeFakeClock(), () => {
    asked += 1;
    return Promise.resolve('Debian 12');
  });
  await audit([refused('/a')]);
  t.is(asked, 0);
  await audit([act]);
  await audit([act]);
  t.is(asked, 1);
  const entries = readFileSync(join(commands.directory, 'entries'), 'utf8');
  t.is([...entries.matchAll(/^ICSPD_NODE=Debian 12$/gm)].length, 2);
});

test('a password in a value is not told', (t) => {
  const secret = 'https://user:hunter2@mirror.example/team';
  const entry = formatEntry({ ...act, message: `applied: ${secret}`, fields: { REASON: secret } }, 1, '');
  t.false(entry.includes('hunter2'));
  t.true(entry.includes('ICSPD_REASON=https://user:***@mirror.example/team'));
});
