import { join } from "node:path";
import { InputError } from "../policy/errors.ts";
import { Review } from "../synthesis/dataset.ts";
import { parseRows } from "../synthesis/jsonl.ts";
import { readRequired } from "./files.ts";

/**
 * The newest review of each row that has one; none when nobody has reviewed yet.
 * @throws InputError that names file and line of what is no review.
 */
export async function readReviews(folder: string): Promise<Map<string, Review>> {
  const path = join(folder, "review.jsonl");
  let text: string;
  try {
    text = await readRequired(path, "the reviews");
  } catch (error) {
    if (error instanceof InputError) return new Map();
    throw error;
  }
  return new Map(parseRows(Review, text, path).map((review) => [review.row, review]));
}
