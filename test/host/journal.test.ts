import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { JournalReader } from '../../src/agent/crio-ports.ts';
import { openJournal, readLastLines } from '../../src/host/journal.ts';
import { fakeCommands, type FakeCommands } from './fake-commands.ts';

const cursor = 'echo \'{"_PID":"1","__CURSOR":"s=78;i=5a;b=73"}\'';
const entry = (message: string): string =>
  JSON.stringify({ MESSAGE: message, _PID: '7', _TRANSPORT: 'stdout' });

/** A journalctl that gives a cursor, and then follows by doing `follow`. */
function fakeJournal(fake: FakeCommands, follow: string): void {
  fake.add('journalctl', `case "$*" in *--follow*) echo $$ > $DIR/pid; ${follow};; *) ${cursor};; esac`);
}

async function open(t: import('ava').ExecutionContext): Promise<JournalReader> {
  const reader = await openJournal('crio.service');
  if (reader === null) return t.fail();
  return reader;
}

function isAlive(fake: FakeCommands): boolean {
  try {
    return process.kill(Number(readFileSync(join(fake.directory, 'pid'), 'utf8')), 0);
  } catch {
    return false;
  }
}

test.serial('the lines of the unit after the end of the journal come one by one', async (t) => {
  const fake = fakeCommands(t);
  fakeJournal(
    fake,
    `echo '${entry('one')}'; echo; echo broken; echo '${entry('two\u2028')}'; printf '${entry('half')}'`,
  );
  const lines = [];
  for await (const line of (await open(t)).follow(new AbortController().signal)) lines.push(line);
  const other = { pid: 7, transport: 'stdout', priority: 6 };
  t.deepEqual(lines, [
    { message: 'one', ...other },
    { message: 'two\u2028', ...other },
  ]);
  t.deepEqual(fake.calls(), [
    'journalctl [--quiet] [--no-pager] [-n] [1] [-o] [json] [--output-fields=_PID]',
    'journalctl [--quiet] [--no-pager] [--follow] [--no-tail] [--all] [-o] [json] ' +
      '[--output-fields=MESSAGE,_PID,_TRANSPORT,PRIORITY,_STREAM_ID,_LINE_BREAK] [--cursor=s=78;i=5a;b=73] [_SYSTEMD_UNIT=crio.service]',
  ]);
});

test.serial(
  'the entry at the cursor is old, even where it is one of the unit; one that only quotes it is not',
  async (t) => {
    const fake = fakeCommands(t);
    const old = JSON.stringify({ ...(JSON.parse(entry('old')) as object), __CURSOR: 's=78;i=5a;b=73' });
    const quoting = entry('{"__CURSOR":"s=78;i=5a;b=73"}');
    fakeJournal(fake, `cat <<'END'\n${old}\n${quoting}\nEND\n`);
    const lines: string[] = [];
    for await (const line of (await open(t)).follow(new AbortController().signal)) lines.push(line.message);
    t.deepEqual(lines, ['{"__CURSOR":"s=78;i=5a;b=73"}']);
  },
);

test.serial('the child is gone when the reader stops listening', async (t) => {
  const fake = fakeCommands(t);
  fakeJournal(fake, `echo '${entry('one')}'; sleep 20`);
  for await (const line of (await open(t)).follow(new AbortController().signal)) {
    t.is(line.message, 'one');
    break;
  }
  t.false(isAlive(fake));
});

test.serial('the child is gone and the lines end when the signal aborts', async (t) => {
  const fake = fakeCommands(t);
  fakeJournal(fake, `echo '${entry('one')}'; sleep 20 & wait`);
  const abort = new AbortController();
  const lines: string[] = [];
  for await (const line of (await open(t)).follow(abort.signal)) {
    lines.push(line.message);
    abort.abort();
  }
  t.deepEqual(lines, ['one']);
  t.false(isAlive(fake));
});

test.serial('a signal that has aborted already starts nothing', async (t) => {
  const fake = fakeCommands(t);
  fakeJournal(fake, 'sleep 20');
  for await (const line of (await open(t)).follow(AbortSignal.abort())) t.fail(line.message);
  t.is(fake.calls().length, 1);
});

test.serial('a journalctl that vanishes before following ends the lines without an error', async (t) => {
  const fake = fakeCommands(t);
  fake.add('journalctl', `${cursor}; rm "$0"`);
  const reader = await open(t);
  const path = process.env['PATH'];
  process.env['PATH'] = fake.directory;
  t.teardown(() => (process.env['PATH'] = path));
  const lines = [];
  for await (const line of reader.follow(new AbortController().signal)) lines.push(line);
  t.deepEqual(lines, []);
});

const silent: readonly (readonly [string, string])[] = [
  ['an empty journal', 'exit 0'],
  ['a journal that cannot be read', 'echo "Failed to open journal" >&2; exit 1'],
  ['a journal with nothing but words', 'echo "No journal files were found."'],
];

for (const [title, body] of silent) {
  test.serial(`no reader stands in ${title}`, async (t) => {
    fakeCommands(t).add('journalctl', body);
    t.is(await openJournal('crio.service'), null);
  });
}

test.serial('the last words of a process are asked for by unit, pid and time', async (t) => {
  const fake = fakeCommands(t);
  fake.add('journalctl', `echo '${entry('one')}'; echo broken; echo '${entry('two')}'`);
  const lines = await readLastLines('crio.service', 7, 1_700_000_000_900);
  t.deepEqual(
    lines.map(({ message }) => message),
    ['one', 'two'],
  );
  t.deepEqual(fake.calls(), [
    'journalctl [--quiet] [--no-pager] [--all] [-o] [json] ' +
      '[--output-fields=MESSAGE,_PID,_TRANSPORT,PRIORITY,_STREAM_ID,_LINE_BREAK] [--since=@1699999999] [-n] [20] [_SYSTEMD_UNIT=crio.service] [_PID=7]',
  ]);
});

test.serial('a journal that cannot be read has no last words', async (t) => {
  fakeCommands(t).add('journalctl', 'exit 1');
  t.deepEqual(await readLastLines('crio.service', 7, 0), []);
});
