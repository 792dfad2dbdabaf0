import { stat } from "node:fs/promises";
import { Review } from "../../synthesis/dataset.ts";
import { isMissing } from "../../training/files.ts";
import { appendReviews, reviewFile } from "../../training/review-file.ts";
import { readLines } from "./lines.ts";
import { jsonOf } from "./row-facts.ts";

/** What an undo takes back: the rows that one action judged, and what they had before. */
interface Action {
  what: string;
  rows: Map<string, { before: Review | undefined; at: string }>;
}

/**
 * The reviews of a dataset: what this window and others appended to `review.jsonl`, read as the
 * file grows.
 */
export class ReviewLog {
  readonly #folder: string;
  readonly #now: () => Date;
  readonly #actions: Action[] = [];
  /** The newest review of each row. */
  readonly latest = new Map<string, Review>();
  /** Numbers of lines that are no reviews. */
  readonly broken: number[] = [];
  #offset = 0;
  #number = 1;
  #inode: number | undefined;
  #last = 0;

  constructor(folder: string, now: () => Date = () => new Date()) {
    this.#folder = folder;
    this.#now = now;
  }

  /** What undo would take back. */
  get undoable(): string | undefined {
    return this.#actions.at(-1)?.what;
  }

  /** Reads what was appended. @returns the rows that have another review than before. */
  async refresh(): Promise<string[]> {
    const path = reviewFile(this.#folder);
    const now = await stat(path).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    const changed = new Set<string>();
    if (now?.ino !== this.#inode || (now?.size ?? 0) < this.#offset) {
      // Another file, or none: what it said before does not count any more.
      for (const row of this.latest.keys()) changed.add(row);
      this.latest.clear();
      this.broken.length = 0;
      [this.#offset, this.#number, this.#inode] = [0, 1, now?.ino];
    }
    if (now === undefined || now.size === this.#offset) return [...changed];
    const from = { offset: this.#offset, number: this.#number };
    for await (const lines of readLines(path, from)) {
      for (const line of lines) {
        const review = Review.safeParse(line.bytes && jsonOf(line.bytes));
        if (review.success) {
          this.latest.set(review.data.row, review.data);
          changed.add(review.data.row);
        }
        // What another window has not written whole is read again.
        if (!line.ended) continue;
        this.#offset = line.offset + line.length + 1;
        this.#number = line.number + 1;
        if (!review.success && line.length > 0) this.broken.push(line.number);
      }
    }
    return [...changed];
  }

  /**
   * Appends one verdict on each row.
   * @param what names the action, for an undo.
   * @returns the rows that have another review now, those of other windows among them.
   */
  async write(what: string, reviews: readonly Omit<Review, "at">[]): Promise<string[]> {
    const others = await this.refresh();
    const at = this.#time();
    const rows = reviews.map(({ row }) => [row, { before: this.latest.get(row), at }] as const);
    await appendReviews(
      this.#folder,
      reviews.map((review) => ({ ...review, at })),
    );
    this.#actions.push({ what, rows: new Map(rows) });
    return [...new Set([...others, ...(await this.refresh())])];
  }

  /**
   * Takes the last action back by appending what was before it. Rows that somebody judged since
   * stay as they are.
   */
  async undo(): Promise<{ what: string; rows: string[]; kept: number } | undefined> {
    const action = this.#actions.at(-1);
    if (action === undefined) return undefined;
    const others = await this.refresh();
    const ours = [...action.rows].filter(([row, { at }]) => this.latest.get(row)?.at === at);
    const at = this.#time();
    await appendReviews(
      this.#folder,
      ours.map(([row, { before }]) =>
        before === undefined ? { row, verdict: "withdrawn", at } : { ...before, at },
      ),
    );
    this.#actions.pop();
    // The action before it finds the rows as it left them, with another time.
    for (const [row, { before }] of ours) {
      const mark = this.#actions.findLast(({ rows }) => rows.has(row))?.rows.get(row);
      if (mark !== undefined && mark.at === before?.at) mark.at = at;
    }
    const rows = [...new Set([...others, ...(await this.refresh())])];
    return { what: action.what, rows, kept: action.rows.size - ours.length };
  }

  /** Now, and never the time of an action before: rows are told apart by it. */
  #time(): string {
    this.#last = Math.max(this.#now().getTime(), this.#last + 1);
    return new Date(this.#last).toISOString();
  }
}
