import test from 'ava';
import { diffTexts } from '../../src/agent/text-diff.ts';

function lines(count: number, write: (i: number) => string): string {
  return Array.from({ length: count }, (_, i) => `${write(i)}\n`).join('');
}

const long = lines(20_000, (i) => `location = "quay.io/${i}"`);

test('one line of a long file that differs is shown with what stands around it', (t) => {
  const patch = diffTexts('f', long, long.replace('quay.io/7000"', 'ghcr.io/7000"'));
  t.regex(patch, /^--- f\n\+\+\+ f\n@@/);
  t.regex(patch, /\n-location = "quay\.io\/7000"\n\+location = "ghcr\.io\/7000"\n/);
  t.true(patch.length < 500);
});

test('of long files that differ in every line it is only said that they do', (t) => {
  t.is(
    diffTexts('f', long, long.replaceAll('quay', 'ghcr')),
    '--- f\n+++ f\n(more than 1000 lines differ)\n',
  );
});

test('a new file of some thousand lines is shown whole, a longer one is not', (t) => {
  t.regex(
    diffTexts(
      'f',
      null,
      lines(4_000, (i) => `line ${i}`),
    ),
    /\n\+line 3999\n$/,
  );
  t.is(diffTexts('f', null, long), '--- /dev/null\n+++ f\n(more than 5000 lines differ)\n');
});

test('a file that goes is shown whole', (t) => {
  t.is(diffTexts(['old', 'new'], 'a\n', null), '--- old\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
});
