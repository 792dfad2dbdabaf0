import type { Random } from "../synthesis/random.ts";

/**
 * Deals items in random order, and all of them before any comes again: no way of saying something
 * stands out in a document.
 */
export class Deck<T> {
  readonly #items: readonly T[];
  readonly #random: Random;
  #left: T[] = [];

  /** @throws RangeError when there is nothing to deal. */
  constructor(items: readonly T[], random: Random) {
    if (items.length === 0) throw new RangeError("a deck of nothing");
    this.#items = items;
    this.#random = random;
  }

  deal(): T {
    if (this.#left.length === 0) this.#left = this.#random.shuffle(this.#items);
    return this.#left.pop()!;
  }
}
