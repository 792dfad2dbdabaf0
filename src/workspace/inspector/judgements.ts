import { InputError } from "../../policy/errors.ts";
import { type Judgement } from "../../protocol/dataset.ts";
import { counted } from "../../protocol/words.ts";
import type { Review, RowEdit } from "../../synthesis/dataset.ts";
import { contentOf, editRow } from "../../synthesis/reviews.ts";
import type { OpenDataset } from "./open-dataset.ts";
import { idOf, jsonOf, soundRow } from "./row-facts.ts";
import { rowVerdicts } from "./row-index.ts";

type Written = Omit<Review, "at">;
type Verdict = Extract<Judgement, { type: "judge" }>["verdict"];

/** What was done, for the user, and the rows that are judged otherwise now. */
export interface Done {
  message: string;
  rows: number[];
}

const deed = { approved: "Approved", rejected: "Rejected", withdrawn: "Withdrew the verdict on" };

/** @throws InputError when the row is another one by now, or has no id. */
export async function judgeRow(
  dataset: OpenDataset,
  { row, id, verdict }: Extract<Judgement, { type: "judge" }>,
): Promise<Done> {
  await requireRow(dataset, row, id);
  const now = rowVerdicts[dataset.index.verdictOf(row)]!;
  if (now === "edited" && verdict === "approved") {
    throw new InputError(`${id} is edited, which counts as approved. Withdraw the edit first.`);
  }
  if (now === (verdict === "withdrawn" ? "none" : verdict)) {
    return { message: `${id} is ${now === "none" ? "without a verdict" : now} already`, rows: [] };
  }
  const what = `${deed[verdict]} ${id}`;
  return { message: what, rows: await write(dataset, what, [{ row: id, verdict }]) };
}

/** @throws InputError when the edit does not make a row of this part. */
export async function editOneRow(
  dataset: OpenDataset,
  { row, id, edit }: Extract<Judgement, { type: "edit" }>,
): Promise<Done> {
  const value = await requireRow(dataset, row, id);
  const part = dataset.index.partOf(row);
  const sound = soundRow(part, value);
  if (sound === undefined) throw new InputError(`${id} is no sound row, so that no edit fits it`);
  editRow(part, sound, edit);
  const now = dataset.reviews.latest.get(id)?.edit ?? contentOf(sound);
  if (isSame(edit, now)) return { message: `${id} stays as it is`, rows: [] };
  const back = isSame(edit, contentOf(sound));
  const review: Written = back
    ? { row: id, verdict: "withdrawn" }
    : { row: id, verdict: "edited", edit };
  const what = back ? `Withdrew the edit of ${id}` : `Edited ${id}`;
  return { message: what, rows: await write(dataset, what, [review]) };
}

/**
 * One verdict on all rows that match. Rows that have it already get no line, and an edit is not
 * approved away: an edited row counts as approved.
 */
export async function judgeRows(
  dataset: OpenDataset,
  rows: Uint32Array,
  verdict: Verdict,
): Promise<Done> {
  const { index } = dataset;
  const settled: readonly string[] =
    verdict === "approved"
      ? ["approved", "edited"]
      : verdict === "rejected"
        ? ["rejected"]
        : ["none"];
  const open = rows.filter((row) => !settled.includes(rowVerdicts[index.verdictOf(row)]!));
  const ids = new Set<string>();
  for await (const { line } of dataset.lines(open)) ids.add(idOf(jsonOf(line)));
  ids.delete("");
  if (ids.size === 0) return { message: "No row needed the verdict", rows: [] };
  const what = `${deed[verdict]} ${counted(ids.size, "row")}`;
  const reviews = [...ids].map((row): Written => ({ row, verdict }));
  return { message: what, rows: await write(dataset, what, reviews) };
}

/** Takes the last action of this window back. */
export async function undo(dataset: OpenDataset): Promise<Done> {
  const undone = await dataset.reviews.undo();
  if (undone === undefined) throw new InputError("there is nothing to undo");
  const { what, rows, kept } = undone;
  const rest = kept > 0 ? `; ${counted(kept, "row")} judged since stay as they are` : "";
  return { message: `Undone: ${what}${rest}`, rows: dataset.judged(rows) };
}

async function write(
  dataset: OpenDataset,
  what: string,
  reviews: readonly Written[],
): Promise<number[]> {
  return dataset.judged(await dataset.reviews.write(what, reviews));
}

async function requireRow(dataset: OpenDataset, row: number, id: string): Promise<unknown> {
  if (id === "") throw new InputError("a line without an id cannot be judged: mend it in the file");
  if (row >= dataset.index.rows) throw new InputError("the dataset was written anew meanwhile");
  const value = jsonOf(await dataset.line(row));
  if (idOf(value) !== id) throw new InputError("the dataset was written anew meanwhile");
  return value;
}

const isSame = (one: RowEdit, other: RowEdit): boolean =>
  JSON.stringify(sortedKeys(one)) === JSON.stringify(sortedKeys(other));

const sortedKeys = (edit: RowEdit) =>
  Object.entries(edit).sort(([one], [other]) => one.localeCompare(other));
