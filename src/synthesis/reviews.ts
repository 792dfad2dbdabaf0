import { InputError } from "../policy/errors.ts";
import {
  type AnyRow,
  type Dataset,
  type DatasetPart,
  type Message,
  type PartRows,
  partSchemas,
  type Review,
  type RowEdit,
} from "./dataset.ts";

/** What a reader of a row sees and an edit may change. */
const contentKeys = [
  "text",
  "answerStart",
  "prompt",
  "completion",
  "choices",
  "answer",
  "expected",
] as const;

/** The words of a row, as an edit of it would write them. */
export function contentOf(row: AnyRow): RowEdit {
  if ("text" in row) {
    const { text, answerStart } = row;
    return { text, ...(answerStart !== undefined && { answerStart }) };
  }
  const { prompt } = row;
  if ("completion" in row) return { prompt, completion: row.completion };
  if ("expected" in row) return { prompt, expected: row.expected };
  return { prompt, choices: row.choices, answer: row.answer };
}

/**
 * Why a row that fits its schema cannot be used all the same; undefined when it can. The schemas
 * leave it to the whole row whether its parts fit each other.
 */
export function contentProblem(row: AnyRow): string | undefined {
  const content = contentOf(row);
  if ("text" in content) {
    const { text, answerStart } = content;
    if (text.trim() === "") return "the text is blank";
    if (answerStart !== undefined && answerStart >= text.length) return "the answer is empty";
    return undefined;
  }
  const messages = "completion" in content ? content.completion : content.prompt;
  const isBlank = (message: Message) => message.content.trim() === "" && !message.tool_calls;
  if (messages.every(isBlank)) return "the messages are blank";
  if ("choices" in content) {
    const { choices, answer } = content;
    if (answer >= choices.length) return "the answer is none of the choices";
    if (new Set(choices).size < choices.length) return "two choices are the same";
  }
  return undefined;
}

/**
 * A row with the words of an edit.
 * @throws InputError that says why the edit does not make a row of this part.
 */
export function editRow<Part extends DatasetPart>(
  part: Part,
  row: PartRows[Part],
  edit: RowEdit,
): PartRows[Part] {
  const kept = Object.fromEntries(
    Object.entries(row).filter(([key]) => !(contentKeys as readonly string[]).includes(key)),
  );
  const parsed = partSchemas[part].safeParse({ ...kept, ...edit });
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw new InputError(`${path.join(".") || "row"}: ${message}`);
  }
  const problem = contentProblem(parsed.data);
  if (problem !== undefined) throw new InputError(problem);
  return parsed.data as PartRows[Part];
}

/** What reviews did to a dataset. */
export interface ReviewEffect {
  /** Rows left out. */
  rejected: number;
  /** Rows used as they were edited. */
  edited: number;
}

/**
 * A dataset as its reviewers want it: without what they rejected, and with their edits.
 * @param latest the newest review of each row that has one.
 * @throws InputError when an edit does not fit its row.
 */
export function applyReviews(
  dataset: Dataset,
  latest: ReadonlyMap<string, Review>,
): { dataset: Dataset; effect: ReviewEffect } {
  const effect: ReviewEffect = { rejected: 0, edited: 0 };
  const judge = <Part extends DatasetPart>(part: Part, rows: readonly PartRows[Part][]) =>
    rows.flatMap((row): PartRows[Part][] => {
      const review = latest.get(row.id);
      if (review?.verdict === "rejected") {
        effect.rejected++;
        return [];
      }
      if (review?.edit === undefined) return [row];
      effect.edited++;
      try {
        return [editRow(part, row, review.edit)];
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        throw new InputError(`the edit of row ${row.id} does not fit it: ${error.message}`);
      }
    });
  const judged = {
    manifest: dataset.manifest,
    cpt: judge("cpt", dataset.cpt),
    sft: judge("sft", dataset.sft),
    exam: judge("exam", dataset.exam),
  };
  return { dataset: judged, effect };
}
