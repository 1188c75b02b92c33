import test from 'ava';
import { findRefusedLiteral } from '../../src/registries/toml-literals.ts';

const refused: readonly (readonly [title: string, value: string])[] = [
  ['a day of one digit', '2020-01-1'],
  ['a day of three digits', '2020-01-011'],
  ['no day', '2020-01-'],
  ['a day that the month does not have', '2020-02-30'],
  ['hour 24', '2020-01-01T24:00:00Z'],
  ['a date with an empty time', '2020-01-01T'],
  ['a time of day with seconds of three digits', '07:32:001'],
  ['a time of day with a letter behind it', '07:32:00x'],
  ['a time of day with a bracket behind it', '07:32:00]'],
  ['a time of day with = behind it', '07:32:00='],
  ['an integer that ends with an underscore', '[1, 2_]'],
  ['a float without digits behind the point', '{ a = 1.}'],
  ['a float beyond 64 bits', '1e999'],
  ['an integer beyond 64 bits', '9223372036854775808'],
  ['a comma at the end of an inline table', '{ a = 1, }'],
];

for (const [title, value] of refused) {
  test(`${title} is refused, as the library does, and pointed at`, (t) => {
    const before = `a = "${value}" # ${value}\n`;
    const text = `${before}b = ${value}\n`;
    const found = findRefusedLiteral(text);
    t.true(found !== null && found.index >= before.length && found.index < text.length);
  });
}

const accepted: readonly string[] = [
  'a = 2020-02-29',
  'a = 2020-01-01T23:59:59.5Z',
  'a = 1979-05-27T00:32:00-07:00',
  'a = 07:32:00.5',
  'a = [1_000, -2, +3]',
  'a = 0xdead_beef',
  'a = 1.5e3',
  'a = -inf',
  'a = 9223372036854775807',
  'a = "2020-01-1"',
  "a = '''\n2020-01-1 07:32:001'''",
  'a = true # 2020-01-1',
  '2020-01-1 = 1',
  '[1a.2b] # header',
  '[[1registry."x"]]',
];

for (const text of accepted) {
  test(`${JSON.stringify(text)} is no reason to refuse a file`, (t) => {
    t.is(findRefusedLiteral(`a = 1\n${text}\nb = 1\n`), null);
  });
}
