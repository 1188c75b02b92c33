// The unified diff of two texts, as diff -u prints it.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';

/**
 * Past this many changed lines the textual diff is left out: the semantic diff says it better. The cost grows with the square:
 * with 5000 two files of 2 MB that differ in every line took half a minute.
 */
const maxEditLength = 1_000;
/** Where there is nothing to compare with, it only grows with the lines. */
const maxOneSided = 5_000;

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
  const maxLines = before === null || after === null ? maxOneSided : maxEditLength;
  const patch = createTwoFilesPatch(from, to, before ?? '', after ?? '', undefined, undefined, {
    context: 3,
    maxEditLength: maxLines,
    headerOptions: FILE_HEADERS_ONLY,
  });
  if (patch === undefined) return `--- ${from}\n+++ ${to}\n(more than ${maxLines} lines differ)\n`;
  return patch;
}
