import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../policy/errors.ts";
import { Review } from "../synthesis/dataset.ts";
import { parseRows } from "../synthesis/jsonl.ts";
import { withPath } from "./file-errors.ts";
import { isMissing, readRequired } from "./files.ts";

export const reviewFile = (folder: string): string => join(folder, "review.jsonl");

/**
 * The newest review of each row that has one; none when nobody has reviewed yet.
 * @throws InputError that names file and line of what is no review: to train as if it were not
 * there could be to train on what somebody rejected.
 */
export async function readReviews(folder: string): Promise<Map<string, Review>> {
  const path = reviewFile(folder);
  let text: string;
  try {
    text = await readRequired(path, "the reviews");
  } catch (error) {
    if (error instanceof InputError) return new Map();
    throw error;
  }
  return newest(parseRows(Review, text, path));
}

/** By row; the last one of a row counts. */
export function newest(reviews: readonly Review[]): Map<string, Review> {
  return new Map(reviews.map((review) => [review.row, review]));
}

/** Bytes of one write: an append of this size goes to the disk in one piece. */
const writeBytes = 2 ** 20;
const newline = 0x0a;

/** Adds reviews at the end of the file. @throws what `appendReviewLines` throws. */
export function appendReviews(folder: string, reviews: readonly Review[]): Promise<void> {
  return appendReviewLines(
    folder,
    reviews.map((review) => JSON.stringify(review)),
  );
}

/**
 * Adds lines at the end of the file. Each write holds whole lines and is one append, so that two
 * windows that review at once never write into each other's lines; a torn line that a full disk
 * left behind is ended first.
 * @throws the system's error, with the path, when the disk refuses; what it took stays.
 */
export async function appendReviewLines(folder: string, lines: readonly string[]): Promise<void> {
  const path = reviewFile(folder);
  const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW } = constants;
  try {
    // A link could lead out of the workspace. Windows has no such flag, and seldom such links.
    const file = await open(path, O_APPEND | O_CREAT | O_RDWR | (O_NOFOLLOW || 0), 0o644);
    try {
      const stat = await file.stat();
      if (!stat.isFile()) throw new InputError(`not a regular file: ${path}`);
      const last = Buffer.alloc(1);
      const torn =
        stat.size > 0 &&
        (await file.read(last, 0, 1, stat.size - 1)).bytesRead === 1 &&
        last[0] !== newline;
      let text = torn ? "\n" : "";
      for (const [index, line] of lines.entries()) {
        text += `${line}\n`;
        if (text.length < writeBytes && index < lines.length - 1) continue;
        const bytes = Buffer.from(text);
        const { bytesWritten } = await file.write(bytes);
        if (bytesWritten < bytes.length) throw new InputError(`the disk is full: ${path}`);
        text = "";
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ELOOP") {
      throw new InputError(`the review file is a link, which is not followed: ${path}`);
    }
    if (isMissing(error)) throw new InputError(`the dataset is not there any more: ${folder}`);
    throw withPath(error, path);
  }
}
