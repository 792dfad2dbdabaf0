import type { Span } from "./statement.ts";

/** A stretch of a `Prose`'s text: UTF-16 code units, end exclusive. Not an offset into the source. */
export interface Range {
  from: number;
  to: number;
}

/**
 * What a character came from: inline code (nothing in it ends a sentence or joins conditions), the
 * title of a section that a link leads to, or anything else.
 */
export const Ink = { plain: 0, code: 1, reference: 2 } as const;
export type Ink = (typeof Ink)[keyof typeof Ink];

/** Marks a character that stands in no source: the comma that joins two list items, a table's header. */
const nowhere = -(2 ** 31);

/**
 * Plain text that remembers where each of its characters stands in the source file. White space is
 * folded: a run of it is one space, and there is none at either end.
 */
export class Prose {
  readonly text: string;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #inks: Uint8Array;

  constructor(text: string, starts: Int32Array, ends: Int32Array, inks: Uint8Array) {
    this.text = text;
    this.#starts = starts;
    this.#ends = ends;
    this.#inks = inks;
  }

  ink(index: number): Ink {
    return (this.#inks[index] ?? Ink.plain) as Ink;
  }

  /** The source of a range, without what stands in no source at its ends; undefined if nothing is left. */
  span({ from, to }: Range): Span | undefined {
    while (from < to && (this.#starts[from] === nowhere || this.text[from] === " ")) from++;
    while (from < to && (this.#starts[to - 1] === nowhere || this.text[to - 1] === " ")) to--;
    return from < to ? { start: this.#starts[from]!, end: this.#ends[to - 1]! } : undefined;
  }

  slice({ from, to }: Range): Prose {
    return new Prose(
      this.text.slice(from, to),
      this.#starts.subarray(from, to),
      this.#ends.subarray(from, to),
      this.#inks.subarray(from, to),
    );
  }

  /** The same text, for a source in which everything stands `by` code units later. */
  moved(by: number): Prose {
    const shift = (places: Int32Array) =>
      places.map((place) => (place === nowhere ? nowhere : place + by));
    return by === 0
      ? this
      : new Prose(this.text, shift(this.#starts), shift(this.#ends), this.#inks);
  }

  /** Copies everything into a builder. */
  appendTo(builder: ProseBuilder): void {
    for (let i = 0; i < this.text.length; i++) {
      builder.add(this.text[i]!, this.#starts[i]!, this.#ends[i]!, this.ink(i));
    }
  }
}

/** Builds a `Prose` character by character, folding white space on the way. */
export class ProseBuilder {
  readonly #text: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #inks: number[] = [];

  get length(): number {
    return this.#text.length;
  }

  get last(): string {
    return this.#text.at(-1) ?? "";
  }

  /** @param unit one UTF-16 code unit; `start` and `end` are its source. */
  add(unit: string, start: number, end: number, ink: Ink = Ink.plain): void {
    if (/\s/.test(unit)) {
      if (this.last === "" || this.last === " ") return;
      unit = " ";
    }
    this.#text.push(unit);
    this.#starts.push(start);
    this.#ends.push(end);
    this.#inks.push(ink);
  }

  /** Widens the source of what was added since `from` to the markup around it. */
  enclose(from: number, start: number, end: number): void {
    if (from >= this.length) return;
    this.#starts[from] = start;
    this.#ends[this.length - 1] = end;
  }

  /** Adds words that stand in no source. */
  addSynthetic(words: string): void {
    for (let i = 0; i < words.length; i++) this.add(words[i]!, nowhere, nowhere);
  }

  build(): Prose {
    if (this.last === " ") {
      for (const list of [this.#text, this.#starts, this.#ends, this.#inks]) list.pop();
    }
    return new Prose(
      this.#text.join(""),
      Int32Array.from(this.#starts),
      Int32Array.from(this.#ends),
      Uint8Array.from(this.#inks),
    );
  }
}

/** The range without white space at its ends. */
export function trim(text: string, { from, to }: Range): Range {
  while (from < to && text[from] === " ") from++;
  while (from < to && text[to - 1] === " ") to--;
  return { from, to };
}
