// Values of TOML that icspd does not understand: how they compare, and how they are written.
import test from 'ava';
import { canonicalEntries, canonicalValue } from '../../src/registries/canonical-value.ts';
import { emitKey, emitValue } from '../../src/registries/emit.ts';
import type { TomlValue } from '../../src/registries/model.ts';

const day = new Date('2020-01-02T03:04:05.006Z');

const rows: readonly (readonly [value: TomlValue, canonical: string, emitted: string])[] = [
  ['a"\n', '"a\\"\\n"', '"a\\"\\u000a"'],
  ['\\é\u{1f600}', '"\\\\é😀"', '"\\\\\\u00e9\\U0001f600"'],
  ['\u00ff\uffff', '"ÿ\uffff"', '"\\u00ff\\uffff"'],
  ['true', '"true"', '"true"'],
  [true, 'true', 'true'],
  [false, 'false', 'false'],
  [0, '0', '0'],
  [-0, '-0', '-0.0'],
  [1.5, '1.5', '1.5'],
  [-7, '-7', '-7'],
  [1e21, '1e+21', '1e+21'],
  [2 ** 53, '9007199254740992', '9007199254740992.0'],
  [Number.NaN, 'NaN', 'nan'],
  [Infinity, 'Infinity', 'inf'],
  [-Infinity, '-Infinity', '-inf'],
  [9007199254740993n, '9007199254740993n', '9007199254740993'],
  [0n, '0n', '0'],
  [day, 'date 2020-01-02T03:04:05.006Z', '2020-01-02T03:04:05.006Z'],
  [[], '[]', '[]'],
  [['a', 'b'], '["a","b"]', '["a", "b"]'],
  [
    [day, day],
    '[date 2020-01-02T03:04:05.006Z,date 2020-01-02T03:04:05.006Z]',
    '[2020-01-02T03:04:05.006Z , 2020-01-02T03:04:05.006Z ]',
  ],
  [{}, '{}', '{}'],
  [
    { b: 1, a: [{ c: day }] },
    '{"a" = [{"c" = date 2020-01-02T03:04:05.006Z}],"b" = 1}',
    '{ b = 1, a = [{ c = 2020-01-02T03:04:05.006Z  }] }',
  ],
];

for (const [value, canonical, emitted] of rows) {
  test(`${canonical} is written as ${emitted}`, (t) => {
    t.is(canonicalValue(value), canonical);
    t.is(emitValue(value), emitted);
  });
}

test('entries compare by key, whatever their order', (t) => {
  t.deepEqual(canonicalEntries({ b: 1, a: 'x' }), ['"a" = "x"', '"b" = 1']);
});

test('a key is bare where it looks like nothing else', (t) => {
  t.deepEqual(['a-B_1', '1a', '-a', '', 'a.b', 'a b'].map(emitKey), [
    'a-B_1',
    '"1a"',
    '"-a"',
    '""',
    '"a.b"',
    '"a b"',
  ]);
});
