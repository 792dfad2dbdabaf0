import { maxLineBytes } from "./lines.ts";
import type { RowIndex } from "./row-index.ts";

/** Reads bytes of the file of a part; the number is the part's place in `parts`. */
export type ReadBytes = (part: number, offset: number, length: number) => Promise<Buffer>;

/** Bytes that are read at once where rows lie side by side. */
const spanBytes = 2 ** 20;

/** A line that is longer than a line may be is read to there. */
export const shortOf = (length: number): number => Math.min(length, maxLineBytes);

/**
 * The lines of some rows, from a place in their list on: as many as lie close to each other in one
 * file, at least one.
 * @param rows numbers of rows; fastest where they ascend.
 */
export async function readSpan(
  index: RowIndex,
  read: ReadBytes,
  rows: { readonly length: number; at(place: number): number | undefined },
  place: number,
): Promise<Buffer[]> {
  const first = rows.at(place)!;
  const part = index.part.get(first);
  const from = index.offset.get(first);
  const endOf = (row: number) => index.offset.get(row) + shortOf(index.length.get(row));
  const span = [first];
  let end = endOf(first);
  for (let next = place + 1; next < rows.length; next++) {
    const row = rows.at(next)!;
    if (index.part.get(row) !== part || index.offset.get(row) < end) break;
    if (endOf(row) - from > spanBytes) break;
    span.push(row);
    end = endOf(row);
  }
  const bytes = await read(part, from, end - from);
  return span.map((row) => {
    const at = index.offset.get(row) - from;
    return bytes.subarray(at, at + shortOf(index.length.get(row)));
  });
}
