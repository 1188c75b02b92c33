import test from 'ava';
import { escape, escapeJson, quote } from '../src/escape.ts';

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
  ['a reference with tag and digest is no password', 'app:v1@sha256:00', 'app:v1@sha256:00'],
  ['a reference with port and digest is no password', 'host:5000/app@sha256:00', 'host:5000/app@sha256:00'],
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

test('no text makes it slow', (t) => {
  const startMs = performance.now();
  for (const text of ['('.repeat(1e5), 'a:'.repeat(1e5), '='.repeat(1e5), 'x'.repeat(1e6)]) escape(text);
  t.true(performance.now() - startMs < 2_000);
});

test('JSON keeps its meaning, and nothing in it reaches a terminal raw', (t) => {
  const document = { 'a\u007fb\u009b': ['\u001b[2J', 'x\u202ey\u2028', '\ud800', '\ufeff\n'] };
  const json = escapeJson(JSON.stringify(document, null, 2));
  t.deepEqual(JSON.parse(json), document);
  t.notRegex(json, /[^\n -~]/);
});
