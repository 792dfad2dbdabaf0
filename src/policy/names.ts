/** What the reading of a statement asks of the names in its document. */
export interface NameSet {
  has(word: string): boolean;
}

/** A set of names that may change. */
export interface ChangingNames extends NameSet {
  /** Another number whenever a name has come or gone. */
  readonly version: number;
}

/** Words that stand with a capital in the middle of a sentence of a text. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(/(?<=\p{Ll}[,;]? )\p{Lu}\p{Ll}+/gu)].map(([name]) => name);
}

/** The names of a whole document, kept as its statements come and go. */
export class Names implements ChangingNames {
  readonly #counts = new Map<string, number>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  has(word: string): boolean {
    return this.#counts.has(word);
  }

  add(names: readonly string[]): void {
    for (const name of names) {
      const count = this.#counts.get(name) ?? 0;
      if (count === 0) this.#version++;
      this.#counts.set(name, count + 1);
    }
  }

  remove(names: readonly string[]): void {
    for (const name of names) {
      const left = (this.#counts.get(name) ?? 0) - 1;
      if (left > 0) this.#counts.set(name, left);
      else if (this.#counts.delete(name)) this.#version++;
    }
  }
}

/** Remembers what was asked, so that an answer can be trusted until one of them changes. */
export class AskedNames implements NameSet {
  readonly #names: ChangingNames;
  readonly #answers = new Map<string, boolean>();
  #version: number;

  constructor(names: ChangingNames) {
    this.#names = names;
    this.#version = names.version;
  }

  has(word: string): boolean {
    const answer = this.#names.has(word);
    this.#answers.set(word, answer);
    return answer;
  }

  /** Whether every answer would still be the same. */
  get hold(): boolean {
    const { version } = this.#names;
    if (version === this.#version) return true;
    for (const [word, answer] of this.#answers) if (this.#names.has(word) !== answer) return false;
    this.#version = version;
    return true;
  }
}
