import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { z } from "zod";
import { ExamAnswer } from "../evaluation/answers.ts";
import { InputError } from "../policy/errors.ts";
import { ExamItem } from "../synthesis/dataset.ts";
import { isMissing } from "../training/files.ts";
import { runFiles } from "../training/run-folder.ts";
import { readLines } from "./inspector/lines.ts";

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

/** What the editor reads between two looks at what else there is to do. */
const bytesAtOnce = 64 * 1024;

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
  for await (const lines of readLines(path, { chunkBytes: bytesAtOnce })) {
    await setImmediate();
    for (const { bytes, length, number } of lines) {
      if (length === 0) continue;
      const line = String(bytes);
      yield { value: parse(schema, line, `${path}:${number}`), line };
    }
  }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  line: string,
  where: string,
): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new InputError(`${where}: not JSON.`);
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new InputError(`${where}: ${parsed.error.issues[0]!.message}`);
  return parsed.data;
}
