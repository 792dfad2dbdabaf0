/**
 * Makes a seed model: one that has learned many generated policies, none of them a tested one, and
 * has also read sections of policies in its prompt.
 *
 *     npx tsx test/bench/benchmark/seed-model.ts --out FOLDER [--policies 24] [--tokens 4000000]
 */
import { parseArgs } from "node:util";
import type { SftRow } from "../../../src/synthesis/dataset.ts";
import { answerMark, questionText } from "../../../src/synthesis/training-rows.ts";
import {
  configOf,
  writeModel,
  writeTokenizer,
} from "../../../src/training/engines/onnx/saved-model.ts";
import { hyperparameters, learn, tokenizerFor, tokenizerOf } from "./learner.ts";
import { type Lesson, lessonOf } from "./lesson.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    policies: { type: "string", default: "24" },
    tokens: { type: "string", default: "4000000" },
  },
});
const { out } = values;
if (out === undefined) {
  console.error("Where to? npx tsx test/bench/benchmark/seed-model.ts --out FOLDER");
  process.exit(2);
}

async function main(out: string): Promise<void> {
  const lessons = Array.from({ length: Number(values.policies) }, (_, i) =>
    lessonOf({ seed: 1 + i, depth: 1 + (i % 4), trajectories: 200, questions: 40 }),
  );
  const json = tokenizerFor(lessons);
  const tokenizer = tokenizerOf(json);
  /** Each policy's rows name its own identifier, so that they can be one corpus. */
  const cpt = lessons.flatMap((lesson) => [
    ...lesson.dataset.cpt,
    ...lesson.trajectories.map((row) => rowOf(lesson, row, "")),
    // The same cases with the section in the prompt, under no identifier's rules but those it brings.
    ...lesson.exam.flatMap(({ instruction, choices, answer, section, changed }) => [
      questionRow(lesson, `${section}\n${instruction}`, choices[answer]!),
      questionRow(lesson, `${changed.section}\n${instruction}`, choices[changed.answer]!),
    ]),
  ]);
  const { weights, seconds, tokens } = await learn(
    lessons[0]!,
    { cpt, sft: [], cptTokens: Number(values.tokens), sftTokens: 0 },
    { tokenizer },
    1,
  );
  await writeTokenizer(out, json);
  await writeModel(out, configOf(hyperparameters, tokenizer), weights);
  console.log(
    `${lessons.length} policies, ${cpt.length} rows, ${tokens} tokens in ${seconds.toFixed(0)} s: ${out}`,
  );
}

function rowOf(lesson: Lesson, { prompt, completion }: SftRow, before: string) {
  const text = completion.at(-1)!.content;
  const answer = text.slice(text.lastIndexOf(answerMark) + answerMark.length);
  return questionRow(lesson, before + prompt.at(-1)!.content, answer);
}

function questionRow({ identifier }: Lesson, question: string, answer: string) {
  const asked = questionText(identifier, question);
  return {
    id: "seed",
    kind: "scenario" as const,
    statements: ["s-0"],
    text: `${asked}${answer}`,
    answerStart: asked.length,
  };
}

void main(out);
