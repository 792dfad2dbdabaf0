import { expect, test } from "vitest";
import {
  countTokens,
  planOf,
  scheduleOf,
  type Unit,
} from "../../../../../src/training/engines/onnx/plan.ts";
import {
  Curriculum,
  defaultHyperparameters,
} from "../../../../../src/training/engines/onnx/recipe.ts";
import { Tokenizer, trainTokenizer } from "../../../../../src/training/engines/onnx/tokenizer.ts";
import { smallDataset } from "../../fixture.ts";

const dataset = smallDataset();
const hyperparameters = {
  ...defaultHyperparameters,
  cptTokens: 3000,
  sftTokens: 1000,
  batchTokens: 200,
};
const tokenizer = Tokenizer.fromJson(
  trainTokenizer(
    dataset.cpt.map(({ text }) => text),
    300,
  ),
);
const curriculum = new Curriculum(dataset, tokenizer, hyperparameters);
const schedule = (unit: Unit, seed = 1) => scheduleOf(unit, curriculum, hyperparameters, seed);
const tokensOf = (unit: Unit) =>
  schedule(unit).batches.reduce((sum, batch) => sum + countTokens(batch), 0);

test("the internalized model comes first, then what it is compared with", () => {
  const names = planOf({ stages: ["cpt", "sft", "exam"] }).map(({ arm, name }) => `${arm} ${name}`);
  expect(names).toEqual([
    "internalized cpt",
    "internalized sft",
    "internalized exam",
    "base exam",
    "sft-only sft",
    "sft-only exam",
  ]);
});

test("without fine-tuning there is no arm that only fine-tunes; without an exam, none at all", () => {
  const arms = (stages: ("cpt" | "sft" | "exam")[]) => planOf({ stages }).map(({ arm }) => arm);
  expect(arms(["cpt", "exam"])).toEqual(["internalized", "internalized", "base"]);
  expect(arms(["cpt", "sft"])).toEqual(["internalized", "internalized"]);
});

test("the batches of a stage depend on the seed alone", () => {
  const unit: Unit = { arm: "internalized", name: "cpt" };
  expect(schedule(unit)).toEqual(schedule(unit));
  expect(schedule(unit, 2)).not.toEqual(schedule(unit));
});

test("both arms train on as many tokens", () => {
  const own =
    tokensOf({ arm: "internalized", name: "cpt" }) + tokensOf({ arm: "internalized", name: "sft" });
  const other = tokensOf({ arm: "sft-only", name: "sft" });
  expect(own).toBeGreaterThanOrEqual(4000);
  // Each stage ends with a whole batch.
  expect(Math.abs(own - other)).toBeLessThanOrEqual(3 * hyperparameters.batchTokens);
});
