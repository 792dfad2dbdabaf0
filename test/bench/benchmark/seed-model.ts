/**
 * Makes a seed model: one that has learned many generated policies, none of them a tested one. It
 * knows the words of the businesses, how people ask, and what a changed outcome in its prompt means.
 *
 *     npx tsx test/bench/benchmark/seed-model.ts --out FOLDER [--tokens 7000000] [--policies 40]
 *
 * With --rows FILE the rows are kept there, and taken from there the next time. With --from FOLDER
 * that model learns on, from the rows that are cases.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { z } from "zod";
import { CptRow, kinds, type SftRow } from "../../../src/synthesis/dataset.ts";
import { toJsonl } from "../../../src/synthesis/jsonl.ts";
import { Random } from "../../../src/synthesis/random.ts";
import { answerMark, questionText } from "../../../src/synthesis/training-rows.ts";
import { parameterCount } from "../../../src/training/engines/onnx/gpt.ts";
import {
  configOf,
  readModel,
  readTokenizer,
  writeModel,
  writeTokenizer,
} from "../../../src/training/engines/onnx/saved-model.ts";
import { trainTokenizer } from "../../../src/training/engines/onnx/tokenizer.ts";
import { machine, SeedModel } from "./cells.ts";
import { hyperparameters, learn, tokenizerOf } from "./learner.ts";
import { type Cases, type Item, lessonOf, seedPolicy, withChange, withSection } from "./lesson.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    tokens: { type: "string", default: "7000000" },
    policies: { type: "string", default: "40" },
    rows: { type: "string" },
    from: { type: "string" },
  },
});
const { out } = values;
if (out === undefined) {
  console.error("Where to? npx tsx test/bench/benchmark/seed-model.ts --out FOLDER");
  process.exit(2);
}
const tokens = Number(values.tokens);
const random = new Random("seed model");

/** Rows of a policy: so many of each kind, of its queries, and of them with more in the prompt. */
const rowsPerKind = 25;
const scenarioRows = 200;
const queryRows = 240;
const changedRows = 90;
const sectionRows = 10;

async function main(out: string): Promise<void> {
  const rows = rowsFrom(values.rows) ?? makeRows();
  if (values.rows !== undefined) writeFileSync(values.rows, toJsonl(rows));
  const before = values.from === undefined ? undefined : await readModel(values.from);
  const json =
    (values.from === undefined ? undefined : await readTokenizer(values.from)) ??
    trainTokenizer(
      random
        .shuffle(rows)
        .slice(0, 6000)
        .map(({ text }) => text),
      hyperparameters.vocabulary,
    );
  const tokenizer = tokenizerOf(json);
  const cpt = before === undefined ? rows : rows.filter(({ kind }) => kind === "scenario");
  const learned = await learn(
    { name: "cpt", identifier: "", cpt, sft: [], tokens },
    { tokenizer, ...(before && { weights: before.weights }) },
    1,
    {},
    (share, loss) => console.log(`${(100 * share).toFixed(0)} % loss ${loss.toFixed(3)}`),
  );
  await writeTokenizer(out, json);
  await writeModel(out, configOf(hyperparameters, tokenizer), learned.weights);
  const earlier = values.from === undefined ? undefined : readMade(values.from);
  const made: z.infer<typeof SeedModel> = {
    parameters: parameterCount(configOf(hyperparameters, tokenizer)),
    policies: Number(values.policies),
    rows: rows.length,
    tokens: learned.tokens + (earlier?.tokens ?? 0),
    seconds: Math.round(learned.seconds) + (earlier?.seconds ?? 0),
    machine,
  };
  writeFileSync(join(out, "seed-model.json"), `${JSON.stringify(made, null, 2)}\n`);
  console.log(made);
}

const readMade = (folder: string): z.infer<typeof SeedModel> =>
  SeedModel.parse(JSON.parse(readFileSync(join(folder, "seed-model.json"), "utf8")));

function rowsFrom(file: string | undefined): CptRow[] | undefined {
  if (file === undefined || !existsSync(file)) return undefined;
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  return lines.map((line) => CptRow.parse(JSON.parse(line)));
}

function makeRows(): CptRow[] {
  return Array.from({ length: Number(values.policies) }, (_, i) => {
    const lesson = lessonOf({
      ...seedPolicy(i),
      ...{ trajectories: queryRows, questions: changedRows + sectionRows },
    });
    const { dataset, trajectories, exam } = lesson;
    return [
      ...kinds.flatMap((kind) => {
        const some = kind === "scenario" ? scenarioRows : rowsPerKind;
        return random.shuffle(dataset.cpt.filter((row) => row.kind === kind)).slice(0, some);
      }),
      ...trajectories.map((row, at) => trajectoryRow(lesson, row, at % 3 === 0)),
      ...exam.slice(0, sectionRows).map((question) => itemRow(lesson, withSection(question))),
      ...exam.slice(sectionRows).map((question, at) => {
        // What changed is the outcome in question, or another one.
        const [one, other] = random.shuffle(question.choices.map((_, choice) => choice));
        const from = at % 3 === 0 ? one! : question.answer;
        return itemRow(lesson, withChange(question, from, from === one ? other! : one!));
      }),
    ];
  }).flat();
}

function trajectoryRow(cases: Cases, { prompt, completion }: SftRow, reasoned: boolean): CptRow {
  const text = completion.at(-1)!.content;
  const asked = questionText(cases.identifier, prompt.at(-1)!.content);
  if (reasoned) return row(asked.slice(0, -answerMark.length), text);
  return row(asked, text.slice(text.lastIndexOf(answerMark) + answerMark.length));
}

function itemRow({ identifier }: Cases, { instruction, choices, answer }: Item): CptRow {
  return row(questionText(identifier, instruction), choices[answer]!);
}

function row(asked: string, answer: string): CptRow {
  return {
    ...{ id: "seed", kind: "scenario", statements: ["seed"] },
    ...{ text: asked + answer, answerStart: asked.length },
  };
}

void main(out);
