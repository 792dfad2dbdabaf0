import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createRun } from "../../../src/training/create-run.ts";
import { readSpec, runFiles } from "../../../src/training/run-folder.ts";
import {
  comparisonArms,
  modelName,
  type NewTrlRun,
  onnxTrackers,
  trackers,
  trlHyperparameters,
  trlStages,
} from "../../../src/training/run-options.ts";
import type { TrlRunSpec } from "../../../src/training/spec.ts";
import { temporaryFolder, writeDataset } from "./fixture.ts";

async function setUp(changes: Partial<NewTrlRun> = {}) {
  const root = temporaryFolder();
  mkdirSync(join(root, "model"));
  const neutral = join(root, "neutral.txt");
  writeFileSync(neutral, "A river.");
  const options: NewTrlRun = {
    engine: "trl",
    runs: join(root, "runs"),
    dataset: await writeDataset(root),
    seed: 1,
    model: "model",
    cwd: root,
    ...changes,
  };
  return { root, make: () => createRun(options, neutral) };
}

test("a run of a real model is complete in itself", async () => {
  const { root, make } = await setUp();
  const { folder, spec } = await make();
  expect(await readSpec(folder)).toEqual(spec);
  expect(spec).toMatchObject({
    engine: "trl",
    model: { name: join(root, "model") },
    stages: ["cpt", "sft", "exam"],
    arms: ["base", "policy-in-prompt", "retrieval", "sft-only"],
    replay: false,
  });
  expect(readFileSync(runFiles(folder).retention, "utf8")).toBe("A river.");
});

test("the text to replay is copied, and a missing one is named", async () => {
  const { root, make } = await setUp({ replay: "general.txt" });
  await expect(make()).rejects.toThrow(join(root, "general.txt"));
  writeFileSync(join(root, "general.txt"), "Much.");
  const { folder, spec } = await make();
  expect((spec as TrlRunSpec).replay).toBe(true);
  expect(readFileSync(runFiles(folder).replay, "utf8")).toBe("Much.");
});

test("a model is a folder or a hub id", async () => {
  const root = temporaryFolder();
  mkdirSync(join(root, "own", "model"), { recursive: true });
  expect(await modelName("own/model", root)).toBe(join(root, "own", "model"));
  expect(await modelName("Qwen/Qwen3-4B", root)).toBe("Qwen/Qwen3-4B");
  for (const name of ["nowhere", "/no/where", "../a/b", "a/b/c", ""].slice(0, 4)) {
    await expect(modelName(name, root)).rejects.toThrow("there is no model in");
  }
});

test("stages are run in their order, with the exam last", () => {
  expect(trlStages(["rl", "cpt"])).toEqual(["cpt", "rl", "exam"]);
  expect(() => trlStages(["exam"])).toThrow("no stage trains");
  expect(() => trlStages(["dpo"])).toThrow('unknown stage "dpo"; there are: cpt, sft, rl, exam');
  expect(comparisonArms(["sft-only", "base"])).toEqual(["base", "sft-only"]);
  expect(() => comparisonArms(["internalized"])).toThrow("unknown arm");
});

test("rates follow the method, and what is changed wins", () => {
  expect(trlHyperparameters().cptRate).toBe(1e-4);
  expect(trlHyperparameters({ method: "full" }).cptRate).toBe(1e-5);
  expect(trlHyperparameters({ method: "full", cptRate: 3e-5 }).cptRate).toBe(3e-5);
  expect(() => trlHyperparameters({ method: "magic" })).toThrow("hyperparameter method");
  expect(() => trlHyperparameters({ layers: 3 })).toThrow('unknown hyperparameter "layers"');
  expect(() => trlHyperparameters({ batchSize: 0 })).toThrow("hyperparameter batchSize");
});

test("a run keeps what its curves are written for, and nothing where nothing is", async () => {
  const { make } = await setUp({ reportTo: ["trackio", "tensorboard"] });
  const { folder, spec } = await make();
  expect(spec.reportTo).toEqual(["tensorboard", "trackio"]);
  expect(await readSpec(folder)).toEqual(spec);
  const plain = await setUp({ reportTo: [] });
  expect((await plain.make()).spec).not.toHaveProperty("reportTo");
});

test("trackers that there are not are named with those that there are", () => {
  expect(() => trackers(["wandb"])).toThrow(
    'cannot report to "wandb"; there are: tensorboard, trackio',
  );
  expect(onnxTrackers(["tensorboard"])).toEqual(["tensorboard"]);
  expect(() => onnxTrackers(["tensorboard", "trackio"])).toThrow(
    "the engine onnx cannot report to trackio",
  );
});
