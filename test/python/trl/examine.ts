/** Marks a dataset's exam, sat by the guesser of test_exam.py: `tsx examine.ts DATASET`. */
import { join } from "node:path";
import type { ExamAnswer } from "../../../src/evaluation/answers.ts";
import { examine } from "../../../src/evaluation/exam.ts";
import type { ExamModel } from "../../../src/evaluation/model.ts";
import { readExam, readManifest } from "../../../src/training/dataset-folder.ts";

const guesser: ExamModel = {
  score: (questions) =>
    Promise.resolve(
      questions.map(({ prompt, choices }) =>
        choices.map((choice) => ({
          logLikelihood: -(codes(choice) % 97) - prompt.length,
          tokens: 1 + choice.length,
        })),
      ),
    ),
  generate: (prompts) =>
    Promise.resolve(
      prompts.map((prompt) => (prompt.at(-1)!.content.length % 2 ? "14!" : "I cannot do that.")),
    ),
};

function codes(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + letter.codePointAt(0)!, 0);
}

async function main(folder: string): Promise<void> {
  const { statements } = await readManifest(folder);
  const exam = await readExam(join(folder, "exam.jsonl"));
  const answers: ExamAnswer[] = [];
  const arm = await examine(guesser, exam, statements, undefined, (given) =>
    answers.push(...given),
  );
  console.log(JSON.stringify({ arm, answers }));
}

void main(process.argv[2]!);
