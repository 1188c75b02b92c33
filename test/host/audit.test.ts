import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { AuditEvent } from '../../src/agent/audit-event.ts';
import { formatEntry, openAudit } from '../../src/host/audit.ts';
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

/** The messages that logger took, in order. */
function messages(commands: FakeCommands): readonly string[] {
  const text = readFileSync(join(commands.directory, 'entries'), 'utf8');
  return [...text.matchAll(/^MESSAGE=(.*)$/gm)].map(([, message = '']) => message);
}

test('an entry has its MESSAGE_ID, its fields and the process that it is about', (t) => {
  const lines = formatEntry(act).split('\n');
  t.true(lines.includes('ICSPD_EVENT=applied'));
  t.true(lines.includes('ICSPD_GENERATION=7'));
  t.true(lines.includes(`OBJECT_PID=${process.pid}`));
  t.true(lines.some((line) => /^MESSAGE_ID=[0-9a-f]{32}$/.test(line)));
});

test('a line feed in a value cannot begin a field of its own', (t) => {
  const entry = formatEntry({ ...act, message: 'a\nICSPD_EVENT=forged', fields: { ACTOR: 'x\nPRIORITY=0' } });
  t.deepEqual(
    entry.split('\n').filter((line) => line.startsWith('ICSPD_EVENT=') || line.startsWith('PRIORITY=')),
    ['PRIORITY=5', 'ICSPD_EVENT=applied'],
  );
});

test.serial('a state is told when it begins, not while it lasts, and again when it comes back', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'cat >> "$DIR/entries"');
  const audit = openAudit();
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
  await openAudit()(Array.from({ length: 1_000 }, (_, i) => refused(`/${i}`)));
  t.is(messages(commands).length, 20);
  t.is(messages(commands).at(-1), 'policy-refused: and 981 more; see icspd status');
});

test.serial('a journal that takes nothing is not asked again and again', async (t) => {
  const commands = fakeCommands(t);
  commands.add('logger', 'exit 1');
  await openAudit()([refused('/a'), refused('/b'), refused('/c')]);
  t.is(commands.calls().length, 1);
});
