/** What the reading of a statement asks of the names in its document. */
export interface NameSet {
  has(word: string): boolean;
}

/** Words that stand with a capital in the middle of a sentence of a text. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/(?<=\p{Ll}[,;]? )\p{Lu}\p{Ll}+/gu)].map(([name]) => name);
}

/** The names of a whole document, kept as its statements come and go. */
export class Names implements NameSet {
  readonly #counts = new Map<string, number>();

  has(word: string): boolean {
    return this.#counts.has(word);
  }

  add(names: readonly string[]): void {
    for (const name of names) this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
  }

  remove(names: readonly string[]): void {
    for (const name of names) {
      const left = (this.#counts.get(name) ?? 0) - 1;
      if (left > 0) this.#counts.set(name, left);
      else this.#counts.delete(name);
    }
  }
}

/** Remembers what was asked, so that an answer can be trusted until one of them changes. */
export class AskedNames implements NameSet {
  readonly #names: NameSet;
  readonly #answers = new Map<string, boolean>();

  constructor(names: NameSet) {
    this.#names = names;
  }

  has(word: string): boolean {
    const answer = this.#names.has(word);
    this.#answers.set(word, answer);
    return answer;
  }

  /** Whether every answer would still be the same. */
  get hold(): boolean {
    for (const [word, answer] of this.#answers) if (this.#names.has(word) !== answer) return false;
    return true;
  }
}
