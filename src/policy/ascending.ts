/**
 * The positions of a longest run of ascending values, which need not stand beside one another
 * (patience sorting, n log n). The values are distinct.
 */
export function longestAscending(values: readonly number[]): number[] {
  /** For each length, where the run of that length ends whose last value is smallest. */
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  values.forEach((value, at) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[ends[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    before[at] = ends[low - 1];
    ends[low] = at;
  });
  const run: number[] = [];
  for (let at = ends.at(-1); at !== undefined; at = before[at]) run.push(at);
  return run.reverse();
}
