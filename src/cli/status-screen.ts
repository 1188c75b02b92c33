// As much of icspd status as a screen holds: of each list the first entries, and how many there are besides.

/** Lines of one entry, as they go on the screen. */
export type Entry = readonly string[];

/** Entries with what matters most first, and the line that stands for those that do not fit. */
export interface List {
  readonly entries: readonly Entry[];
  readonly rest: (count: number) => string;
}

/**
 * How many entries of each list fit; the first list takes what it needs before the next does. A list that is cut ends with one
 * line more, and one that is not shown at all still takes it.
 * @param room in lines; Infinity: all fit
 */
export function fitLists(lists: readonly List[], room: number): readonly number[] {
  let counts: readonly number[] = lists.map(({ entries }) => (room === Infinity ? entries.length : 0));
  for (const [i, { entries }] of lists.entries()) {
    for (let count = 1; count <= Math.min(entries.length, room); count += 1) {
      const more = counts.with(i, count);
      if (heightOf(lists, more) <= room) counts = more;
    }
  }
  return counts;
}

/** The lines of a list of which `count` entries are shown. */
export function showList({ entries, rest }: List, count: number): readonly string[] {
  const shown = entries.slice(0, count).flat();
  return count < entries.length ? [...shown, rest(entries.length - count)] : shown;
}

function heightOf(lists: readonly List[], counts: readonly number[]): number {
  return lists.reduce((sum, list, i) => sum + showList(list, counts[i] ?? 0).length, 0);
}
