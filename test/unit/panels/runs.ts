import type { RunEvent, StageName } from "../../../src/training/events.ts";
import type { OnnxRunSpec } from "../../../src/training/spec.ts";
import { foldRun } from "../../../src/training/state.ts";
import type { RunRecord } from "../../../src/panels/run-view.ts";

const start = Date.parse("2026-11-22T14:03:00.000Z");
export const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

export const spec: OnnxRunSpec = {
  version: 1,
  id: "20261122-140300-desk",
  createdAt: at(0),
  policy: { path: "desk.md", title: "Desk", sha256: "00" },
  dataset: { path: "dataset", sha256: "00" },
  engine: "onnx",
  target: "local",
  stages: ["cpt", "sft", "exam"],
  hyperparameters: {
    layers: 4,
    heads: 4,
    width: 128,
    context: 192,
    vocabulary: 2000,
    batchTokens: 500,
    cptTokens: 8000,
    sftTokens: 2000,
    peakRate: 2e-3,
    warmup: 0.05,
    finalRate: 0.1,
    beta1: 0.9,
    beta2: 0.98,
    weightDecay: 0.1,
    clipNorm: 1,
    replay: 0.5,
    promptDropout: 0.1,
    promptReplacement: 0.1,
    promptInsertion: 0.5,
    checkpointEverySteps: 10,
  },
  seed: 0,
  versions: {},
};

type Bare<E> = E extends RunEvent ? Omit<E, "v" | "at"> : never;
const event = (seconds: number, bare: Bare<RunEvent>): RunEvent => ({
  v: 1,
  at: at(seconds),
  ...bare,
});

const startedWith = (seconds: number, device: string): RunEvent =>
  event(seconds, { type: "started", pid: 1, host: "here", engine: "onnx", device });
export const startedAt = (seconds: number) => startedWith(seconds, "cpu");
export const startedOn = (device: string) => startedWith(0, device);
export const started = startedAt(0);
export const progress = (seconds: number, step: number): RunEvent =>
  event(seconds, { type: "progress", stage: "exam", step });
export const chose = (device: "cpu" | "gpu", reason: string) =>
  event(0, { type: "device", device, reason, tokensPerSecond: {} });
export const stage = (name: StageName, steps: number, arm?: string, seconds = 0): RunEvent =>
  event(seconds, { type: "stage", name, steps, ...(arm !== undefined && { arm }) });

/** Steps of 500 tokens, one a second: 500 tokens a second. */
export const steps = (
  name: StageName,
  count: number,
  { arm, from = 0 }: { arm?: string; from?: number } = {},
): RunEvent[] =>
  Array.from({ length: count }, (_, index) =>
    event(from + index + 1, {
      type: "step",
      stage: name,
      ...(arm !== undefined && { arm }),
      step: index + 1,
      loss: 5 / (index + 1),
      ...(index % 5 === 4 && { heldOutLoss: 6 / (index + 1) }),
      lr: 1e-3,
      tokens: (index + 1) * 500,
      tokensPerSecond: 520,
      memoryBytes: 2 ** 30,
    }),
  );
export const exam = (name: string, accuracy: number): RunEvent =>
  event(60, {
    type: "exam",
    stage: "exam",
    name,
    accuracy,
    byCategory: { factual: accuracy },
    askedByCategory: { factual: 16 },
  });
export const checkpoint = (name: StageName, step: number): RunEvent =>
  event(30, { type: "checkpoint", stage: name, step, path: `checkpoints/${step}` });
export const failed = (error: string, hint: string): RunEvent =>
  event(61, { type: "failed", error, hint });
export const finished = event(62, { type: "finished", report: "report.json" });

export const record = (
  events: readonly RunEvent[],
  status: RunRecord["status"],
  more: Partial<RunRecord> = {},
): RunRecord => ({
  folder: "/w/.ingrain/runs/20261122-140300-desk",
  spec,
  state: foldRun(events),
  status,
  report: undefined,
  log: ["one", "two"],
  ...more,
});
