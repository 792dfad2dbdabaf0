import { idOf, jsonOf, textOf } from "./row-facts.ts";
import type { RowIndex } from "./row-index.ts";
import { type ReadBytes, readSpan, shortOf } from "./spans.ts";

const unsearched = 0;
const missed = 1;
const hit = 2;

/** The words that somebody searches for. */
export function wordsOf(search: string): string[] {
  return search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
}

/**
 * A full-text search over the rows on the disk. It goes through the files once, and over what is
 * added to them later; what it found stays known until the words change.
 */
export class Search {
  readonly words: readonly string[];
  /** The words as JSON writes them inside a string. */
  readonly #written: readonly string[];
  readonly #index: RowIndex;
  readonly #read: ReadBytes;
  readonly #edited: (row: number) => unknown;
  /** For each statement, whether each word is in its text. */
  readonly #inStatement = new Map<number, boolean[]>();
  #found = new Uint8Array(1024);
  #done = 0;

  /** @param edited the words that a reviewer gave the row, if it was edited. */
  constructor(
    search: string,
    index: RowIndex,
    read: ReadBytes,
    edited: (row: number) => unknown = () => undefined,
  ) {
    this.words = wordsOf(search);
    this.#written = this.words.map((word) => JSON.stringify(word).slice(1, -1));
    this.#index = index;
    this.#read = read;
    this.#edited = edited;
  }

  /** Rows that are searched. */
  get done(): number {
    return this.#done;
  }

  has(row: number): boolean {
    return this.words.length === 0 || this.#found[row] === hit;
  }

  /** Searches some rows more. @returns whether there are none left. */
  async advance(): Promise<boolean> {
    if (this.words.length === 0) this.#done = this.#index.rows;
    if (this.#done >= this.#index.rows) return true;
    const first = this.#done;
    const rows = { length: this.#index.rows, at: (place: number) => place };
    const lines = await readSpan(this.#index, this.#read, rows, first);
    this.#reserve(first + lines.length);
    lines.forEach((line, place) => {
      this.#found[first + place] = this.#matches(first + place, line) ? hit : missed;
    });
    this.#done += lines.length;
    return this.#done >= this.#index.rows;
  }

  /** Looks at a row again: its words were edited, or are as they were. */
  async recheck(row: number): Promise<void> {
    if (this.words.length === 0 || (this.#found[row] ?? unsearched) === unsearched) return;
    const { part, offset, length } = this.#index;
    const line = await this.#read(part.get(row), offset.get(row), shortOf(length.get(row)));
    this.#found[row] = this.#matches(row, line) ? hit : missed;
  }

  #reserve(rows: number): void {
    if (rows <= this.#found.length) return;
    const found = new Uint8Array(Math.max(rows, 2 * this.#found.length));
    found.set(this.#found);
    this.#found = found;
  }

  /** Each word stands in the row or in one of its statements. */
  #matches(row: number, line: Buffer): boolean {
    const inStatements = this.#index.groupOf(row).statements.map((number) => this.#known(number));
    const open = this.words.flatMap((_, word) =>
      inStatements.some((found) => found[word]) ? [] : [word],
    );
    if (open.length === 0) return true;
    const edit = this.#edited(row);
    const raw = line.toString("utf8").toLowerCase();
    // JSON has other ways to write a letter: then only its value tells.
    const plain = edit === undefined && !/\\[u/]/.test(raw);
    if (plain && !open.every((word) => raw.includes(this.#written[word]!))) return false;
    const value = jsonOf(line);
    if (value === undefined) return open.every((word) => raw.includes(this.words[word]!));
    const text = `${idOf(value)}\n${textOf(edit ?? value)}`.toLowerCase();
    return open.every((word) => text.includes(this.words[word]!));
  }

  #known(statement: number): boolean[] {
    let known = this.#inStatement.get(statement);
    if (known === undefined) {
      const { id, text } = this.#index.statements[statement]!;
      const lower = `${id}\n${text}`.toLowerCase();
      known = this.words.map((word) => lower.includes(word));
      this.#inStatement.set(statement, known);
    }
    return known;
  }
}
