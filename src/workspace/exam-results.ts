import { join } from "node:path";
import type { z } from "zod";
import { ExamAnswer } from "../evaluation/answers.ts";
import { ExamItem } from "../synthesis/dataset.ts";
import { parseRow } from "../synthesis/jsonl.ts";
import { isMissing } from "../training/files.ts";
import { runFiles } from "../training/run-folder.ts";
import { eachLine } from "./inspector/lines.ts";

/** A question of a run's exam, and what the model said to it. */
export interface ExamQuestion {
  id: string;
  /** The statement that it is about, by the id that the run's dataset has. */
  statement: string;
  tier: ExamItem["tier"];
  /** What the user says. */
  question: string;
  expected: string;
  /** The line of `exam.jsonl`, to ask it again. */
  line: string;
  /** Absent where the run kept none: older ones did not. */
  answer?: ExamAnswer;
}

/**
 * The exam of a run with the answers of its internalized model, in the order of the exam.
 * @throws InputError that names file and line of what is broken.
 */
export async function readExamResults(run: string): Promise<ExamQuestion[]> {
  const files = runFiles(run);
  const answers = new Map<string, ExamAnswer>();
  try {
    for await (const { value } of rowsOf(files.answers, ExamAnswer)) answers.set(value.item, value);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const questions: ExamQuestion[] = [];
  for await (const { value, line } of rowsOf(join(files.dataset, "exam.jsonl"), ExamItem)) {
    const { id, tier, statements, prompt } = value;
    const answer = answers.get(id);
    questions.push({
      id,
      statement: statements[0]!,
      tier,
      question: prompt.findLast(({ role }) => role === "user")?.content ?? "",
      expected: "expected" in value ? value.expected : value.choices[value.answer]!,
      line,
      ...(answer && { answer }),
    });
  }
  return questions;
}

async function* rowsOf<Schema extends z.ZodType>(path: string, schema: Schema) {
  for await (const { line, where } of eachLine(path)) {
    yield { value: parseRow(schema, line, where), line };
  }
}
