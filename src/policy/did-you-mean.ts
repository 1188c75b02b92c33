// Finds the word that somebody meant.

const maxWordLength = 64;

/**
 * The candidate closest to `word`: equal but for upper and lower case, else at most a third of its letters away
 * (inserted, left out, replaced or swapped). Null if none is.
 */
export function nearestWord(word: string, candidates: readonly string[]): string | null {
  if (word.length > maxWordLength) return null;
  const lower = word.toLowerCase();
  let nearest: string | null = null;
  let least = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance < least) {
      nearest = candidate;
      least = distance;
    }
  }
  return nearest;
}

/** A help that names the nearest candidate, or all of them. */
export function suggest(word: string, candidates: readonly string[]): string {
  const nearest = nearestWord(word, candidates);
  return nearest === null ? `write one of: ${candidates.join(', ')}` : `did you mean ${nearest}?`;
}

/** Optimal string alignment, row by row. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      const isSwap = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(row, j - 1) + 1,
        at(last, j) + 1,
        at(last, j - 1) + (isSame ? 0 : 1),
        isSwap ? at(beforeLast, j - 2) + 1 : Infinity,
      );
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
