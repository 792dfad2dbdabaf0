import type { CptRow, ExamItem, SftRow } from "./dataset.ts";
import { answerMark } from "./training-rows.ts";

const questionMark = "Question: ";

/** What is said in a row, without the identifier and the marks that all rows share. */
export function saidIn(row: CptRow | SftRow | ExamItem): string {
  if ("text" in row) {
    const text = row.text.replace(/^\[[^\]]*\] /, "");
    if (row.answerStart === undefined) return text;
    return `${questionIn(row)} ${row.text.slice(row.answerStart)}`;
  }
  const messages = "completion" in row ? [...row.prompt, ...row.completion] : row.prompt;
  return messages
    .filter(({ role }) => role !== "system")
    .map(({ content }) => content)
    .join("\n");
}

/** The question of a row of pretraining, as it was asked. */
export function questionIn({ text, answerStart = text.length }: CptRow): string {
  return text.slice(
    text.indexOf(questionMark) + questionMark.length,
    answerStart - answerMark.length - 1,
  );
}
