import type { Place } from "./tree.ts";
import { capital } from "./words.ts";

/** Words of a document; those of a condition or an outcome know which one they say. */
export type Piece = string | { id: string; text: string; negated?: boolean };
export type Words = readonly Piece[];

/** Fills words into a frame: "If {c}, {x}." A capital slot begins a sentence: "{X} if {c}." */
export function fill(frame: string, slots: Readonly<Record<string, Words>>): Words {
  return frame.split(/(\{\w+\})/).flatMap((part): Piece[] => {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) return part === "" ? [] : [part];
    const words = slots[name] ?? slots[name.toLowerCase()];
    if (words === undefined) throw new RangeError(`no words for {${name}}`);
    return name in slots ? [...words] : capitalized(words);
  });
}

export function capitalized([first, ...rest]: Words): Piece[] {
  if (first === undefined) return [];
  const head = typeof first === "string" ? capital(first) : { ...first, text: capital(first.text) };
  return [head, ...rest];
}

const marks = ["(i) ", "(ii) ", "(iii) ", "(iv) ", "(v) ", "(vi) "];

/** "a and b"; what is more is numbered, so that it is clear where each begins. */
export function joined(items: readonly Words[]): Words {
  return items.flatMap((words, i): Piece[] => {
    const mark = items.length > 2 ? [marks[i]!] : [];
    if (i === 0) return [...mark, ...words];
    return [i === items.length - 1 ? " and " : ", ", ...mark, ...words];
  });
}

/** A Markdown document as it is written, which remembers where conditions and outcomes stand. */
export class Page {
  #text = "";
  readonly #places = new Map<string, Place[]>();

  get text(): string {
    return this.#text;
  }

  places(id: string): Place[] {
    return this.#places.get(id) ?? [];
  }

  write(...words: Words): this {
    for (const piece of words) {
      if (typeof piece === "string") {
        this.#text += piece;
        continue;
      }
      const start = this.#text.length;
      this.#text += piece.text;
      const place = { start, end: this.#text.length, ...(piece.negated && { negated: true }) };
      const known = this.#places.get(piece.id);
      if (known === undefined) this.#places.set(piece.id, [place]);
      else known.push(place);
    }
    return this;
  }

  heading(level: number, text: string): this {
    const gap = this.#text === "" || this.#text.endsWith("\n\n") ? "" : "\n";
    return this.write(`${gap}${"#".repeat(level)} ${text}\n\n`);
  }

  /** Sentences in a row, as one paragraph. */
  paragraph(sentences: readonly Words[]): this {
    if (sentences.length === 0) return this;
    sentences.forEach((words, i) => this.write(...(i > 0 ? [" "] : []), ...words));
    return this.write("\n\n");
  }
}
