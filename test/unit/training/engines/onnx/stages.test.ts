import { expect, test } from "vitest";
import type { NewRunEvent } from "../../../../../src/training/events.ts";
import { defaultHyperparameters } from "../../../../../src/training/engines/onnx/recipe.ts";
import { trainStage } from "../../../../../src/training/engines/onnx/stages.ts";
import { TrainingError } from "../../../../../src/training/training-error.ts";

const sequence = { tokens: [1, 2, 3], lossFrom: 1 };
const schedule = (steps: number) => ({
  batches: Array.from({ length: steps }, () => [sequence]),
  peakRate: 0.5,
});

/** Runs a stage whose loss at each step is given. */
function run(
  losses: number[],
  options: { from?: number; stopAt?: number; every?: number; heldOutLoss?: number } = {},
) {
  const events: NewRunEvent[] = [];
  const checkpoints: number[] = [];
  const stop = new AbortController();
  const { from = 0 } = options;
  let taken = from;
  const result = trainStage(
    {
      step: () => {
        taken++;
        if (taken === options.stopAt) stop.abort(new Error("cancelled"));
        return Promise.resolve({ loss: losses[taken - 1]!, tokens: 2, gradientNorm: 1 });
      },
      loss: () => Promise.resolve({ loss: options.heldOutLoss ?? 42, tokens: 2 }),
    },
    schedule(losses.length),
    { step: from, seconds: 1 },
    {
      unit: { arm: "internalized", name: "cpt" },
      hyperparameters: { ...defaultHyperparameters, checkpointEverySteps: options.every ?? 100 },
      heldOut: [sequence],
      emit: (event) => events.push(event),
      checkpoint: (step) => {
        checkpoints.push(step);
        return Promise.resolve();
      },
      signal: stop.signal,
    },
  );
  const steps = () => events.filter((event) => event.type === "step");
  return { result, events, steps, checkpoints };
}

test("every step is told, with tokens and, now and then, the held-out loss", async () => {
  const { result, events, steps } = run([3, 2, 1]);
  expect(await result).toMatchObject({ tokens: 9 });
  expect(events[0]).toEqual({ type: "stage", name: "cpt", steps: 3, arm: "internalized" });
  expect(steps().map(({ step, loss, tokens }) => [step, loss, tokens])).toEqual([
    [1, 3, 3],
    [2, 2, 6],
    [3, 1, 9],
  ]);
  expect(steps().at(-1)).toMatchObject({ heldOutLoss: 42 });
});

test("checkpoints come every so many steps, and not at the end: the run keeps that itself", async () => {
  const { result, checkpoints } = run([5, 4, 3, 2], { every: 2 });
  await result;
  expect(checkpoints).toEqual([2]);
});

test("a resumed stage counts the tokens of the steps before", async () => {
  const { result, steps } = run([9, 9, 2, 1], { from: 2 });
  expect(await result).toMatchObject({ tokens: 12 });
  expect(steps().map(({ step, tokens }) => [step, tokens])).toEqual([
    [3, 9],
    [4, 12],
  ]);
});

test("a stopped stage keeps its work first", async () => {
  const { result, checkpoints, steps } = run([3, 2, 1], { stopAt: 2 });
  await expect(result).rejects.toThrow("cancelled");
  expect(checkpoints).toEqual([2]);
  expect(steps()).toHaveLength(2);
});

test.each([NaN, Infinity])("a loss of %f ends the run with a hint", async (loss) => {
  const { result, steps, checkpoints } = run([3, loss, 1]);
  await expect(result).rejects.toThrow(TrainingError);
  await expect(result).rejects.toThrow("step 2 of cpt");
  await expect(result).rejects.toHaveProperty("hint", expect.stringContaining("peakRate"));
  expect(steps()).toHaveLength(1);
  expect(checkpoints).toEqual([]);
});

test("so does a held-out loss that is no number", async () => {
  const { result } = run([3, 2, 1], { heldOutLoss: NaN });
  await expect(result).rejects.toThrow(TrainingError);
});
