import { readdirSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  type Checkpoint,
  Checkpoints,
} from "../../../../../src/training/engines/onnx/checkpoint.ts";
import { temporaryFolder } from "../../fixture.ts";

const tensor = (...values: number[]) => ({
  dims: [values.length],
  data: new Float32Array(values),
});

function checkpoint(unit: number, step: number): Checkpoint {
  return {
    progress: {
      version: 1,
      unit,
      step,
      seconds: 1.5,
      wallSeconds: 1.8,
      totalSeconds: 4,
      optimizerSteps: step,
      arms: {},
      stages: [
        {
          name: "cpt",
          arm: "internalized",
          tokens: 3,
          seconds: 1,
          wallSeconds: 2,
          tokensPerSecond: 3,
        },
      ],
    },
    snapshot: {
      steps: step,
      weights: new Map([["embedding", tensor(step, 2, 3)]]),
      firstMoments: new Map([["embedding", tensor(4, 5, 6)]]),
      secondMoments: new Map([["embedding", tensor(7, 8, 9)]]),
    },
  };
}

const none = () => {
  throw new Error("no checkpoint is broken");
};

test("what was kept comes back", async () => {
  const checkpoints = new Checkpoints(temporaryFolder());
  expect(await checkpoints.newest(none)).toBeUndefined();
  await checkpoints.write(checkpoint(0, 20));
  expect(await checkpoints.newest(none)).toEqual(checkpoint(0, 20));
  const bare = { ...checkpoint(3, 0), snapshot: undefined };
  await checkpoints.write(bare);
  expect(await checkpoints.newest(none)).toEqual(bare);
});

test("the newest two are kept, in the order of units and steps", async () => {
  const folder = temporaryFolder();
  const checkpoints = new Checkpoints(folder);
  for (const step of [9, 10, 100]) await checkpoints.write(checkpoint(0, step));
  await checkpoints.write(checkpoint(1, 0));
  expect(readdirSync(folder).sort()).toEqual(["00-0000100", "01-0000000"]);
});

test("a checkpoint may be written again", async () => {
  const checkpoints = new Checkpoints(temporaryFolder());
  await checkpoints.write(checkpoint(0, 5));
  const again = { ...checkpoint(0, 5), snapshot: undefined };
  await checkpoints.write(again);
  expect(await checkpoints.newest(none)).toEqual(again);
});

test.each([
  ["torn weights", (path: string) => truncateSync(join(path, "model.safetensors"), 20)],
  ["no JSON", (path: string) => writeFileSync(join(path, "checkpoint.json"), "{")],
  ["another version", (path: string) => writeFileSync(join(path, "checkpoint.json"), "{}")],
])("a broken newest checkpoint gives way to the one before: %s", async (_, spoil) => {
  const folder = temporaryFolder();
  const checkpoints = new Checkpoints(folder);
  await checkpoints.write(checkpoint(0, 10));
  spoil(join(folder, await checkpoints.write(checkpoint(0, 20))));
  const broken: string[] = [];
  expect(await checkpoints.newest((name) => broken.push(name))).toEqual(checkpoint(0, 10));
  expect(broken).toEqual(["00-0000020"]);
});

test("a write that fails leaves the one before and no half of it", async () => {
  const folder = temporaryFolder();
  const checkpoints = new Checkpoints(folder);
  await checkpoints.write(checkpoint(0, 10));
  const bad = checkpoint(0, 20);
  bad.snapshot!.weights = new Map([["embedding", { dims: [1], data: undefined as never }]]);
  await expect(checkpoints.write(bad)).rejects.toThrow();
  expect(readdirSync(folder)).toEqual(["00-0000010"]);
});

test("a draft left by a killed process is no checkpoint", async () => {
  const folder = temporaryFolder();
  const checkpoints = new Checkpoints(folder);
  const name = await checkpoints.write(checkpoint(0, 10));
  renameSync(join(folder, name), join(folder, `.${name}`));
  expect(await checkpoints.newest(none)).toBeUndefined();
});
