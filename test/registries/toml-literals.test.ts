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

const pairs: readonly (readonly [title: string, before: string])[] = [
  ['an escaped quote', 'a = "x\\" 1."'],
  ['an escaped backslash', 'a = "x 1.\\\\"'],
  ['an empty string', 'a = ""'],
  ['a literal string with a backslash', "a = '1. \\'"],
  ['an empty literal string', "a = ''"],
  ['quotes in a long string', 'a = """x " 1. "" 2. \\""" 3."""'],
  ['lines in a long string', 'a = """\n1.\n"""'],
  ['a long string that ends in quotes', 'a = """1."""""'],
  ['quotes in a long literal string', "a = '''x ' 1. '' 2.\n3.'''"],
  ['a long literal string that ends in quotes', "a = '''1.'''''"],
  ['a comment', '# 1. "'],
  ['a comment behind a value', 'a = "x" # 1. "'],
  ['a header', '[1.a]'],
  ['a header with spaces and a comment', ' \t[ 1.a ]\t# 1.'],
  ['a header of a list', '[[ 1.a ]]'],
  ['a header before CRLF', '[1.a]\r'],
  ['a key with a dot', '1.a = 1'],
];

for (const [title, before] of pairs) {
  test(`what looks like a number is none in ${title}, and one behind it is found`, (t) => {
    t.is(findRefusedLiteral(`b = 1\n${before}\n`), null);
    t.is(findRefusedLiteral(`b = 1\n${before}\nc = 1.\n`)?.index, before.length + 11);
  });
}

const found: readonly (readonly [text: string, index: number])[] = [
  ['a=1.', 2],
  ['a = +1.', 4],
  ['a = -1.', 4],
  ['a =\t1.', 4],
  ['a = [1.]', 5],
  ['a = [ -1.]', 6],
  ['a = [b,1.]', 7],
  ['a = [b, +1.]', 8],
  ['a = [\n1.]', 6],
  ['a = [\n \t1.]', 8],
  ['a = [\n+1.]', 6],
  ['a = {b = "",}', 11],
  ['a = {b = "", \t}', 11],
];

for (const [text, index] of found) {
  test(`${JSON.stringify(text)} is looked at, though nothing else in the file is a number`, (t) => {
    t.is(findRefusedLiteral(text)?.index, index);
  });
}

const numbers: readonly (readonly [number: string, isGood: boolean])[] = [
  ['0', true],
  ['00', false],
  ['1_0', true],
  ['1__0', false],
  ['0x0', true],
  ['0xdead_BEEF9', true],
  ['0x_1', false],
  ['0xg', false],
  ['0o7', true],
  ['0o17_70', true],
  ['0o8', false],
  ['0o1_', false],
  ['0b1', true],
  ['0b10_01', true],
  ['0b2', false],
  ['0b1_', false],
  ['+0x1', false],
  ['1e5', true],
  ['1E-5_0', true],
  ['1e+1', true],
  ['1e', false],
  ['1.5_0e1', true],
  ['01.5', false],
  ['-0.0', true],
  ['2020-01-01T00:00:00', true],
  ['2020-01-01T19:59:59Z', true],
  ['2020-01-01T00:00:00.123+02:30', true],
  ['2020-01-01T00:00:00+2:30', false],
  ['2020-01-01T00:00', false],
  ['2020-01-01T00:00:00.', false],
  ['2020-1-01', false],
  ['20200-01-01', false],
  ['23:59:59.5', true],
  ['24:00:00.5', false],
  ['23:60:00.5', false],
  ['23:00:60.5', false],
  ['1:00:00.5', false],
];

for (const [number, isGood] of numbers) {
  test(`${number} is ${isGood ? 'a value' : 'refused'}`, (t) => {
    t.is(findRefusedLiteral(`a = ${number}\n`)?.index ?? null, isGood ? null : 4);
  });
}
