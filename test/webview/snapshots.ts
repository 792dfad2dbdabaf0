import type { DatasetSnapshot } from "../../src/protocol/dataset.ts";
import type { RunsSnapshot, RunView } from "../../src/protocol/runs.ts";

const score = (accuracy: number, n: number) => ({
  accuracy,
  n,
  interval: [accuracy - 0.1, accuracy + 0.1] as [number, number],
});

export const running: RunView = {
  folder: "/w/.ingrain/runs/a",
  id: "a",
  title: "Parcel <desk>",
  createdAt: "2026-11-22T14:03:00.000Z",
  status: "running",
  engine: "onnx",
  device: "cpu",
  stages: [
    { name: "parse", status: "done" },
    { name: "data", status: "done" },
    { name: "cpt", status: "running" },
    { name: "sft", status: "waiting" },
    { name: "exam", status: "waiting" },
  ],
  activity: "Pretrain, internalized: step 8 of 16",
  progress: 0.61,
  secondsLeft: 41,
  tokensPerSecond: 9912,
  learningRate: 1.6e-3,
  curves: [
    {
      arm: "internalized",
      stage: "cpt",
      tokens: [500, 1000, 1500],
      train: [6, 4, 3.21],
      heldOut: [null, 4.5, null],
    },
  ],
  exams: [
    {
      arm: "base",
      overall: { accuracy: 0.29 },
      byCategory: { factual: { accuracy: 0.25 }, "complex-conditional": score(0.5, 16) },
    },
  ],
  warnings: [],
  log: ["first line", "<script>alert(1)</script>"],
  canCancel: true,
  canResume: false,
};

export const snapshot = (change: Partial<RunView> = {}): RunsSnapshot => {
  const run = { ...running, ...change };
  return { runs: [run], run, trusted: true };
};

const arm = (accuracy: number, nullPrompt = 0.26) => ({
  ...score(accuracy, 90),
  byTier: { seen: score(0.98, 40), scenario: score(accuracy, 50) },
  byCategory: { factual: score(accuracy, 30) },
  byKind: {},
  byDepth: {},
  byForm: {},
  nullPrompt: score(nullPrompt, 90),
  byStatement: {},
});

export const report: NonNullable<RunView["report"]> = {
  version: 1,
  run: "a",
  policy: { path: "desk.md", title: "Parcel desk", sha256: "00" },
  dataset: { path: "d", sha256: "00" },
  model: { sha256: "00", parameters: 1_048_576, engine: "onnx" },
  arms: { base: arm(0.29), "sft-only": arm(0.34), internalized: arm(0.72) },
  promptTokens: {
    withPolicy: 1420,
    withoutPolicy: 36,
    reduction: 0.975,
    policy: 1390,
    identifier: 6,
    tokenizer: "words-and-marks",
  },
  stages: [
    {
      name: "cpt",
      arm: "internalized",
      tokens: 600_000,
      seconds: 60,
      wallSeconds: 66,
      tokensPerSecond: 10_000,
    },
  ],
  wallSeconds: 180,
  at: "2026-11-22T14:06:00.000Z",
};

export const dataset: DatasetSnapshot = {
  folder: "/w/.ingrain/datasets/desk",
  title: "Parcel desk",
  teacher: "none",
  seed: 7,
  counts: { cpt: 1310, sft: 40, exam: 120 },
  kinds: ["question", "scenario"],
  query: { part: "exam", search: "", offset: 100 },
  matches: 120,
  rows: [
    {
      id: "x-1",
      part: "exam",
      kind: "question",
      tier: "reworded",
      statements: [
        { category: "factual", text: "Express costs 12 euros." },
        { category: "behavioral", text: "Greet the customer." },
      ],
      text: "What does <b>express</b> cost?",
      answer: "12 euros",
      distractors: ["6 euros", "9 euros"],
    },
  ],
};
