/** The words of a text, in lower case, punctuation left out. */
export function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** How often each run of three letters occurs in a text. */
export interface Profile {
  counts: ReadonlyMap<string, number>;
  size: number;
}

/** Runs are taken within words, which are given a beginning and an end: `^at`, `at$`. */
export function profileOf(text: string): Profile {
  const counts = new Map<string, number>();
  let size = 0;
  for (const word of wordsOf(text)) {
    const padded = `^${word}$`;
    for (let at = 0; at + 3 <= padded.length; at++) {
      const run = padded.slice(at, at + 3);
      counts.set(run, (counts.get(run) ?? 0) + 1);
      size++;
    }
  }
  return { counts, size };
}

/**
 * How much two texts have in common, from 0 to 1: the Dice coefficient of their runs of three
 * letters. Word order does not count, and neither do case and punctuation; inflected words and
 * half-typed ones count in part.
 */
export function similarity(a: Profile, b: Profile): number {
  if (a.size === 0 || b.size === 0) return 0;
  const [few, many] = a.counts.size < b.counts.size ? [a, b] : [b, a];
  let shared = 0;
  for (const [run, count] of few.counts) shared += Math.min(count, many.counts.get(run) ?? 0);
  return (2 * shared) / (a.size + b.size);
}
