import test from 'ava';
import { joinLines, parseEntry, type JournalEntry } from '../../src/host/journal-entry.ts';

test('an entry of journalctl becomes a line with its writer', (t) => {
  const text =
    '{"_TRANSPORT":"stdout","_BOOT_ID":"b","__CURSOR":"s=1","MESSAGE":"time=\\"x\\" level=info","PRIORITY":"6","_PID":"163","_STREAM_ID":"dc7f"}';
  t.deepEqual(parseEntry(text), {
    bytes: Buffer.from('time="x" level=info'),
    pid: 163,
    transport: 'stdout',
    priority: 6,
    stream: 'dc7f',
    isContinued: false,
  });
});

const messages: readonly (readonly [string, unknown, string | null])[] = [
  ['a message that is not UTF-8 comes as bytes', [97, 27, 255], 'a\u001b\ufffd'],
  ['a message that was too long without --all is null', null, null],
  ['several messages in one entry are none', ['a', 'b'], null],
  ['several messages as bytes are none', [[97], [98]], null],
  ['an entry without a message is none', undefined, null],
];

for (const [title, message, expected] of messages) {
  test(title, (t) => {
    const entry = parseEntry(JSON.stringify({ MESSAGE: message, _PID: '1' }));
    t.is(entry === null ? null : entry.bytes.toString(), expected);
  });
}

test('fields that are missing or repeated count as unknown, never as those of somebody', (t) => {
  const entry = parseEntry(
    '{"MESSAGE":"x","_PID":["1","2"],"_TRANSPORT":["stdout","journal"],"PRIORITY":"99"}',
  );
  t.like(entry, { pid: 0, transport: '', priority: 6, stream: '', isContinued: false });
});

for (const text of ['', 'null', '[]', '"x"', '{', '-- No entries --']) {
  test(`is not an entry: ${JSON.stringify(text)}`, (t) => t.is(parseEntry(text), null));
}

function piece(text: string | Buffer, other: Partial<JournalEntry> = {}): JournalEntry {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  return { bytes, pid: 1, transport: 'stdout', priority: 6, stream: 's', isContinued: false, ...other };
}

function join(entries: readonly JournalEntry[]): readonly (readonly [string, number])[] {
  const take = joinLines();
  return entries.flatMap((entry) => {
    const line = take(entry);
    return line === null ? [] : [[line.message, line.pid] as const];
  });
}

const continued = { isContinued: true };

test('the pieces of a long line become one line, also where a character was split', (t) => {
  const [head, tail] = [Buffer.from('aéx').subarray(0, 2), Buffer.from('aéx').subarray(2)];
  t.deepEqual(join([piece(head, continued), piece(tail, continued), piece('b'), piece('next')]), [
    ['aéxb', 1],
    ['next', 1],
  ]);
});

/** As journald splits a long line: at a fixed length, and then without the white space at the end of each piece. */
function splitByJournald(line: string, lineMax: number): readonly JournalEntry[] {
  const count = Math.ceil(line.length / lineMax);
  return Array.from({ length: count }, (_, index) => {
    const text = line.slice(index * lineMax, (index + 1) * lineMax).trimEnd();
    return piece(text, { isContinued: index < count - 1 });
  });
}

for (const lineMax of [48 * 1024, 79]) {
  test(`the spaces that journald takes off where it splits a line are given back: pieces of ${lineMax} bytes`, (t) => {
    const start = 'x'.repeat(lineMax - 3);
    for (const line of [`${start}aa b`, `${start}aa bb  ${'y'.repeat(lineMax * 2)}`, `${start}a    b`])
      t.deepEqual(join(splitByJournald(line + ' more'.repeat(lineMax), lineMax)), [
        [line + ' more'.repeat(lineMax), 1],
      ]);
  });
}

test('where a line of the usual length was split once, the space is given back as well', (t) => {
  const line = `${'x'.repeat(48 * 1024 - 1)} y`;
  t.deepEqual(join(splitByJournald(line, 48 * 1024)), [[line, 1]]);
});

test('a line that was split once at an unusual length stays as it came', (t) => {
  t.deepEqual(join([piece('short', continued), piece('end')]), [['shortend', 1]]);
});

test('pieces of two streams are kept apart', (t) => {
  const other = { stream: 'o', pid: 2 };
  const entries = [
    piece('a', continued),
    piece('1', { ...other, ...continued }),
    piece('whole', { stream: '', transport: 'syslog' }),
    piece('2', other),
    piece('b'),
  ];
  t.deepEqual(join(entries), [
    ['whole', 1],
    ['12', 2],
    ['ab', 1],
  ]);
});

test('a line that two processes wrote is nobody’s', (t) => {
  t.deepEqual(join([piece('a', continued), piece('b', { pid: 2 })]), [['ab', 0]]);
});

test('a line without end is cut, so that it cannot fill the memory', (t) => {
  const megabyte = Buffer.alloc(1024 * 1024, 'x');
  const take = joinLines();
  for (let i = 0; i < 100; i += 1) t.is(take(piece(megabyte, continued)), null);
  t.is(take(piece('end'))?.message.length, 16 * 1024 * 1024);
});
