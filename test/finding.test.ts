// The order of findings, which every list of them has.
import test from 'ava';
import fc from 'fast-check';
import { compareFindings, finding, type Finding } from '../src/finding.ts';

const at = (file: string, line: number | null, column: number | null): Finding =>
  finding('yamlSyntax', { file, line, column, excerpt: null }, 'message', 'help');

test('findings are ordered by file, line, column and id; what is about more comes first', (t) => {
  const ordered: readonly Finding[] = [
    finding('standingIn', null, 'message', 'help'),
    finding('ioFailed', null, 'message', 'help'),
    at('/a', null, null),
    at('/a', 2, null),
    at('/a', 2, 1),
    { ...at('/a', 2, 9), id: 'ICSP001' },
    at('/a', 2, 9),
    at('/a', 10, 1),
    at('/b', 1, 1),
  ];
  t.deepEqual(ordered.toReversed().sort(compareFindings), ordered);
});

test('findings that differ in their message only have an order as well', (t) => {
  const [a, b] = ['a', 'b'].map((message) => finding('ioFailed', null, message, 'help'));
  if (a !== undefined && b !== undefined) t.true(compareFindings(a, b) < 0 && compareFindings(b, a) > 0);
});

test('a law: the order of the input does not matter', (t) => {
  const place = fc.record({
    file: fc.constantFrom('/a', '/b'),
    line: fc.option(fc.integer({ min: 1, max: 3 })),
    column: fc.option(fc.integer({ min: 1, max: 3 })),
  });
  fc.assert(
    fc.property(fc.array(place), (places) => {
      const findings = places.map(({ file, line, column }) => at(file, line, column));
      t.deepEqual(findings.toSorted(compareFindings), findings.toReversed().sort(compareFindings));
    }),
  );
});
