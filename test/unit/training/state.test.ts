import { expect, test } from "vitest";
import type { NewRunEvent, RunEvent } from "../../../src/training/events.ts";
import { foldRun } from "../../../src/training/state.ts";

const started: NewRunEvent = {
  type: "started",
  pid: 1,
  host: "h",
  engine: "onnx",
  device: "cpu",
};
const stage = (name: "cpt" | "exam", steps: number): NewRunEvent => ({
  type: "stage",
  name,
  steps,
});
const step = (at: number, loss: number): NewRunEvent => ({
  type: "step",
  stage: "cpt",
  step: at,
  loss,
  lr: 0.1,
  tokens: at * 10,
  tokensPerSecond: 100,
});

function fold(...events: NewRunEvent[]) {
  return foldRun(
    events.map((event): RunEvent => ({ v: 1, at: "2026-01-01T00:00:00.000Z", ...event })),
  );
}

test("a run without events is created", () => {
  expect(fold()).toMatchObject({ status: "created", stages: [] });
});

test("a run tells the device that it chose, and why", () => {
  const chosen = { device: "gpu", reason: "It was the faster.", tokensPerSecond: {} } as const;
  const asked = { ...started, device: "auto" };
  expect(fold(asked).process).toMatchObject({ device: "auto" });
  expect(fold(asked, { type: "device", ...chosen }).process).toMatchObject({
    device: "gpu",
    reason: "It was the faster.",
  });
  // Resumed, it chooses anew.
  expect(fold(asked, { type: "device", ...chosen }, asked).process?.reason).toBeUndefined();
});

test("a resumed run takes its lost steps again: the newer points win", () => {
  const state = fold(
    started,
    stage("cpt", 4),
    step(1, 9),
    step(2, 8),
    step(3, 7),
    started,
    {
      ...stage("cpt", 4),
    },
    step(2, 5),
    step(3, 4),
  );
  expect(state.stages).toHaveLength(1);
  expect(state.stages[0]!.curve.map(({ step: at, loss }) => [at, loss])).toEqual([
    [1, 9],
    [2, 5],
    [3, 4],
  ]);
});

test("the next stage ends the one before it, and progress moves an exam", () => {
  const state = fold(started, stage("cpt", 1), step(1, 2), stage("exam", 10), {
    type: "progress",
    stage: "exam",
    step: 6,
  });
  expect(state.stages.map(({ status, step: at }) => [status, at])).toEqual([
    ["done", 1],
    ["running", 6],
  ]);
});

test("a failure is forgotten when the run goes on", () => {
  const failed: NewRunEvent = { type: "failed", error: "e", hint: "h" };
  expect(fold(started, failed)).toMatchObject({ status: "failed", error: { error: "e" } });
  const resumed = fold(started, failed, started);
  expect(resumed.status).toBe("running");
  expect(resumed.error).toBeUndefined();
});

test("a run that waits for another is created, and says for which until it starts", () => {
  const queued: NewRunEvent = { type: "queued", behind: "the other" };
  expect(fold(queued)).toMatchObject({ status: "created", waitsFor: "the other" });
  const resumed = fold(started, { type: "cancelled" }, queued);
  expect(resumed.status).toBe("created");
  const begun = fold(queued, started);
  expect(begun.status).toBe("running");
  expect(begun.waitsFor).toBeUndefined();
});

test("too little memory keeps the batch size to go on with", () => {
  const failed: NewRunEvent = { type: "failed", error: "e", hint: "h", batchSize: 4 };
  expect(fold(started, failed).error).toEqual({ error: "e", hint: "h", batchSize: 4 });
});
