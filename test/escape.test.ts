import test from 'ava';
import { escape, escapeJson, quote, shellWord } from '../src/escape.ts';

const sha = `sha256:${'0123456789abcdef'.repeat(4)}`;

const rows: readonly (readonly [string, string, string])[] = [
  ['plain text stays as it is', 'mirror.example:5000/team — ok', 'mirror.example:5000/team — ok'],
  ['a newline cannot begin a line of its own', 'a\nb\r\n', 'a\\u{a}b\\u{d}\\u{a}'],
  ['an escape sequence cannot reach the terminal', '\u001b[31mred\u009b0m', '\\u{1b}[31mred\\u{9b}0m'],
  ['text cannot be turned round', 'a\u202eb\u2066c', 'a\\u{202e}b\\u{2066}c'],
  ['line and paragraph separators are shown', '\u2028\u2029', '\\u{2028}\\u{2029}'],
  ['half a surrogate pair is shown', 'a\ud800b', 'a\\u{d800}b'],
  ['a whole surrogate pair stays', '😀', '😀'],
  ['a password in a URL is redacted', 'https://user:secret@host/x', 'https://user:***@host/x'],
  ['a password in front of a host is redacted', 'user:secret@host/x', 'user:***@host/x'],
  ['a reference with tag and digest is no password', `app:v1@${sha}`, `app:v1@${sha}`],
  ['a reference with port and digest is no password', `host:5000/app@${sha}`, `host:5000/app@${sha}`],
  [
    'neither is one with all of them, quoted',
    `"docker://host:5000/a/b:v1@${sha}",`,
    `"docker://host:5000/a/b:v1@${sha}",`,
  ],
  ['what only looks like a digest is a host', 'user:pw@sha256:x', 'user:***@sha256:x'],
  ['a password before a host with a digest is redacted', `user:pw@host/app@${sha}`, `user:***@${sha}`],
  ['a password may hold slashes', 'robot:S3cr/t@reg.io/x', 'robot:***@reg.io/x'],
  ['a password may begin with slashes', 'robot://S3cr@reg.io/x', 'robot:***@reg.io/x'],
  ['a password may hold at signs', 'user:p@ss@host', 'user:***@host'],
  ['a password may hold quotes', `user:p"w'd@host`, 'user:***@host'],
  ['a user may hold an at sign', 'us@er:pw@host', 'us@er:***@host'],
  ['a password may have any length', `user:${'x'.repeat(2000)}@host`, 'user:***@host'],
  ['a user may have any length', `${'u'.repeat(500)}:pw@host`, `${'u'.repeat(500)}:***@host`],
  ['of several words each is redacted for itself', 'at 12:00: a:b@c, d:e@f', 'at 12:00: a:***@c, d:***@f'],
  ['the at sign of a unit is no password', 'crio@1.service: failed', 'crio@1.service: failed'],
];

for (const [title, text, expected] of rows) {
  test(title, (t) => t.is(escape(text), expected));
}

test('escaping twice is escaping once', (t) => {
  for (const [, text] of rows) t.is(escape(escape(text)), escape(text));
});

test('a quote inside a quoted value cannot end it', (t) => {
  t.is(quote('a"b'), '"a\\"b"');
});

test('a quoted value is one word: its password may hold spaces', (t) => {
  t.is(quote('user:a b c@host'), '"user:***@host"');
});

test('a backslash inside a quoted value cannot look like an escape of ours', (t) => {
  t.is(quote('a\\u{1b}\u001b\\"'), '"a\\\\u{1b}\\u{1b}\\\\\\""');
});

test('a quoted value is cut where it would drown its sentence, and no password is cut in half', (t) => {
  t.true(quote('x'.repeat(1e6)).length < 1100);
  t.is(quote(`user:${'p'.repeat(2000)}@host`), '"user:***@host"');
});

test('a word of a shell command runs nothing and is one word', (t) => {
  t.is(shellWord('/etc/icsp.d/a-b_c.yaml'), '/etc/icsp.d/a-b_c.yaml');
  t.is(shellWord('/a/$(touch pwned) "b'), `'/a/$(touch pwned) "b'`);
  t.is(shellWord(`/it's`), `'/it'\\''s'`);
  t.is(shellWord('/a\nb\u001b'), `'/a\\u{a}b\\u{1b}'`);
  t.is(shellWord(''), `''`);
});

test('no text makes it slow', (t) => {
  const startMs = performance.now();
  for (const text of [
    '('.repeat(1e5),
    'a:'.repeat(1e5),
    '='.repeat(1e5),
    '@sha1:0'.repeat(1e5),
    `@sha1:${'0'.repeat(1e6)}`,
    'x'.repeat(1e6),
  ]) {
    escape(text);
    quote(text);
    shellWord(text);
  }
  t.true(performance.now() - startMs < 2_000);
});

test('JSON keeps its meaning, and nothing in it reaches a terminal raw', (t) => {
  const document = { 'a\u007fb\u009b': ['\u001b[2J', 'x\u202ey\u2028', '\ud800', '\ufeff\n'] };
  const json = escapeJson(JSON.stringify(document, null, 2));
  t.deepEqual(JSON.parse(json), document);
  t.notRegex(json, /[^\n -~]/);
});
