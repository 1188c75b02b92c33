// The unified diff of two texts, as diff -u prints it.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/** Past this many changed lines the textual diff is cut short: the semantic diff says it better, and time stays bounded. */
const maxEditLength = 5_000;

/**
 * Unified diff of `before` → `after` (null: no file), '' where they are the same. Ends with a newline.
 * @param names of the file, or of the two files
 */
export function diffTexts(
  names: string | readonly [string, string],
  before: string | null,
  after: string | null,
): string {
  if (before === after) return '';
  const [old, now] = typeof names === 'string' ? [names, names] : names;
  const from = before === null ? '/dev/null' : old;
  const to = after === null ? '/dev/null' : now;
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, {
    context: 3,
    maxEditLength,
    headerOptions: FILE_HEADERS_ONLY,
  });
  if (patch === undefined) return `--- ${from}\n+++ ${to}\n(more than ${maxEditLength} lines differ)\n`;
  return patch;
}
