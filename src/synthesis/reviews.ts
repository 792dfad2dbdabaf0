import { type CptRow, type Dataset, type ExamItem, type Review, type SftRow } from "./dataset.ts";
import { answerMark } from "./training-rows.ts";

/** What reviews did to a dataset. */
export interface ReviewEffect {
  /** Rows left out. */
  rejected: number;
  /** Rows used as they were edited. */
  edited: number;
}

/**
 * A dataset as its reviewers want it: without what they rejected, and with their edits. An edit is
 * the text of a pretraining row, or the last message of a trajectory.
 * @param latest the newest review of each row that has one.
 */
export function applyReviews(
  dataset: Dataset,
  latest: ReadonlyMap<string, Review>,
): { dataset: Dataset; effect: ReviewEffect } {
  const effect: ReviewEffect = { rejected: 0, edited: 0 };
  const judge = <Row extends { id: string }>(
    rows: readonly Row[],
    edited: (row: Row, edit: string) => Row,
  ) =>
    rows.flatMap((row) => {
      const review = latest.get(row.id);
      if (review?.verdict === "rejected") {
        effect.rejected++;
        return [];
      }
      if (review?.edit === undefined) return [row];
      effect.edited++;
      return [edited(row, review.edit)];
    });
  const judged = {
    manifest: dataset.manifest,
    cpt: judge(dataset.cpt, editedText),
    sft: judge(dataset.sft, editedCompletion),
    exam: judge<ExamItem>(dataset.exam, (row) => row),
  };
  return { dataset: judged, effect };
}

/** Where the answer begins is found anew; without its mark the whole text is learned. */
function editedText({ answerStart, ...row }: CptRow, text: string): CptRow {
  const mark = answerStart === undefined ? -1 : text.lastIndexOf(answerMark);
  return { ...row, text, ...(mark >= 0 && { answerStart: mark + answerMark.length }) };
}

function editedCompletion(row: SftRow, content: string): SftRow {
  const last = row.completion.length - 1;
  return {
    ...row,
    completion: row.completion.map((message, index) =>
      index === last ? { ...message, content } : message,
    ),
  };
}
