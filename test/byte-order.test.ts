// The order of strings is that of their UTF-8 bytes, one by one and for many.
import test from 'ava';
import fc from 'fast-check';
import { compareBytes, sortByBytes } from '../src/byte-order.ts';

const texts = fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' })));

test('sortByBytes orders by UTF-8 bytes, and leaves what it was given as it was', (t) => {
  fc.assert(
    fc.property(texts, (given) => {
      const before = [...given];
      const expected = [...given].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      t.deepEqual(sortByBytes(given), expected);
      t.deepEqual(given, before);
    }),
  );
});

test('compareBytes says the same of any two', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
      t.is(Math.sign(compareBytes(a, b)), Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
});

test('a character beyond U+FFFF comes after all others, though its code units do not', (t) => {
  t.deepEqual(sortByBytes(['\u{1f600}', '\uffee', 'a']), ['a', '\uffee', '\u{1f600}']);
});
