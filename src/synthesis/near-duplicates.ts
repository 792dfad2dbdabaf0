import { wordsOf } from "../policy/similarity.ts";

/** From which similarity on two texts are near-duplicates. */
export const nearDuplicate = 0.8;

/** The pairs of neighbouring words of a text; a text of one word is its own pair. */
export function shinglesOf(text: string): Set<string> {
  const words = wordsOf(text);
  if (words.length < 2) return new Set(words);
  return new Set(words.slice(1).map((word, index) => `${words[index]!} ${word}`));
}

/**
 * The texts kept so far, and whether another is nearly one of them: the Jaccard coefficient of
 * their word pairs reaches `nearDuplicate`. It is what MinHash estimates; a dataset is small enough
 * to know it exactly. A text that much alike must hold one of any `1 - nearDuplicate` of the pairs,
 * and the rarest are looked up, so that few texts are compared (prefix filtering).
 *
 * No library for MinHash on npm would take its place: `bloom-filters` 3.0.4 and `talisman` 1.1.4
 * sign sets and compare them pair by pair, without an index, and the index of `minhash` 0.0.9 throws
 * when it is asked for a band that it has not seen, and takes equal bands at different places for
 * one.
 */
export class NearDuplicates {
  readonly #sets: ReadonlySet<string>[] = [];
  readonly #holders = new Map<string, number[]>();

  /** Whether a text is nearly one that was added before. */
  has(text: string): boolean {
    return this.#find(shinglesOf(text));
  }

  /** Keeps a text unless it is nearly one that was added before. @returns whether it was kept. */
  add(text: string): boolean {
    const shingles = shinglesOf(text);
    if (this.#find(shingles)) return false;
    const index = this.#sets.push(shingles) - 1;
    for (const shingle of shingles) {
      const holders = this.#holders.get(shingle);
      if (holders) holders.push(index);
      else this.#holders.set(shingle, [index]);
    }
    return true;
  }

  #find(shingles: ReadonlySet<string>): boolean {
    const lists = [...shingles]
      .map((shingle) => this.#holders.get(shingle) ?? [])
      .sort((a, b) => a.length - b.length);
    // So many pairs may be missing from the other text and no more.
    const prefix = shingles.size - Math.ceil(nearDuplicate * shingles.size) + 1;
    const candidates = new Set(lists.slice(0, prefix).flat());
    for (const candidate of candidates) {
      if (jaccard(shingles, this.#sets[candidate]!) >= nearDuplicate) return true;
    }
    return false;
  }
}

/** How much of two sets is in both, from 0 to 1. */
export function jaccard(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  let shared = 0;
  for (const item of a) if (b.has(item)) shared++;
  const all = a.size + b.size - shared;
  return all === 0 ? 1 : shared / all;
}
