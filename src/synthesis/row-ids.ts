import { hash } from "../policy/identity.ts";

const digits = 12;

/**
 * Names rows by what they hold, so that a row keeps its id, and the reviews of it, wherever it
 * comes to stand and whatever is made anew around it.
 */
export class RowNames {
  readonly #prefix: string;
  readonly #known = new Map<string, string>();

  /** @param prefix one letter that tells the part. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** @returns undefined when an equal row has its name already. */
  of(row: object): string | undefined {
    const content = JSON.stringify(row);
    const name = hash(content);
    // Two rows share a short name once in many thousand datasets: the later one takes a longer.
    const id = [digits, 2 * digits]
      .map((length) => `${this.#prefix}-${name.slice(0, length)}`)
      .find((id) => (this.#known.get(id) ?? content) === content)!;
    if (this.#known.has(id)) return undefined;
    this.#known.set(id, content);
    return id;
  }
}
