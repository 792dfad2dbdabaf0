import { type DatasetSnapshot, firstLook } from "../../src/protocol/dataset.ts";
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
  timeLeft: { low: 125, high: 290, of: "run" },
  tokensPerSecond: 9912,
  learningRate: 1.6e-3,
  memoryBytes: 412 * 2 ** 20,
  curves: [
    {
      arm: "internalized",
      stage: "cpt",
      tokens: [500, 1000, 1500],
      train: [6, 4, 3.21],
      heldOut: [null, 4.5, null],
      rate: [1e-3, 1.6e-3, 1.6e-3],
      tokensPerSecond: [9000, 9900, 9912],
      memoryBytes: [400 * 2 ** 20, null, 412 * 2 ** 20],
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
  canServe: false,
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

const { curves } = running;

const summary = {
  folder: running.folder,
  id: running.id,
  title: running.title,
  createdAt: running.createdAt!,
  status: running.status,
};

/** Three runs: two finished, and one that is at its beginning. */
export const comparison: NonNullable<RunsSnapshot["comparison"]> = {
  runs: [
    {
      ...summary,
      curves,
      exam: {
        arm: "internalized",
        overall: score(0.72, 90),
        byCategory: { factual: score(0.8, 30) },
      },
      byTier: { seen: score(0.98, 40) },
      promptTokens: report.promptTokens,
    },
    {
      ...summary,
      folder: "/w/.ingrain/runs/b",
      id: "b",
      status: "finished",
      curves: curves.map((curve) => ({ ...curve, tokens: [500, 1200, 1500], train: [6, 5, 4.5] })),
      exam: {
        arm: "internalized",
        overall: { accuracy: 0.5 },
        byCategory: { factual: { accuracy: 0.4, n: 30 } },
      },
    },
    { ...summary, folder: "/w/.ingrain/runs/c", id: "c", title: "<b>Other</b>", curves: [] },
  ],
  differences: [{ name: "peakRate", values: ["0.002", "0.001", null] }],
  sameDataset: false,
  problems: ["run.json of /w/.ingrain/runs/d is missing"],
};

const express = { id: "s-1", category: "factual" as const, text: "Express costs 12 euros." };

const rowViews = Array.from({ length: 60 }, (_, index) => ({
  row: index,
  id: index === 3 ? "" : `x-${index}`,
  part: "exam" as const,
  kind: "question",
  verdict: index === 1 ? ("approved" as const) : ("none" as const),
  checks: index === 3 ? ["not-json" as const] : ["passed" as const],
  statement: { category: express.category, text: express.text },
  more: index === 0 ? 1 : 0,
  text: `What does <b>express</b> cost? ${index}`,
  size: 40 + index,
}));

export const dataset: DatasetSnapshot = {
  folder: "/w/.ingrain/datasets/desk",
  title: "Parcel <desk>",
  teacher: "none",
  seed: 7,
  total: 100_000,
  matches: 1204,
  look: { ...firstLook, limit: 60, row: 0 },
  rows: rowViews,
  detail: {
    row: 0,
    id: "x-0",
    part: "exam",
    kind: "question",
    tier: "reworded",
    teacher: "none",
    file: "exam.jsonl",
    line: 1,
    verdict: "none",
    checks: ["passed"],
    statements: [
      { ...express, section: "Prices › Express", state: "same" },
      {
        id: "s-2",
        category: "behavioral",
        text: "Greet the <i>customer</i>.",
        section: "",
        state: "removed",
      },
    ],
    content: {
      prompt: [{ role: "user", content: "What does <b>express</b> cost?" }],
      choices: ["6 euros", "12 euros"],
      answer: 1,
    },
  },
  facets: [
    {
      name: "kind",
      values: [
        { value: "question", label: "question", count: 800 },
        { value: "scenario", label: "scenario", count: 404 },
      ],
      more: 0,
    },
    {
      name: "verdict",
      values: [
        { value: "none", label: "none", count: 1203 },
        { value: "approved", label: "approved", count: 1 },
      ],
      more: 0,
    },
    { name: "section", values: [{ value: "", label: "", count: 3 }], more: 0 },
  ],
  problems: [],
};

export const charts: NonNullable<DatasetSnapshot["charts"]> = {
  coverage: [
    {
      section: "Prices › Express",
      cells: [
        { category: "factual", statements: 2, without: 1, rows: 31 },
        { category: "behavioral", statements: 0, without: 0, rows: 0 },
        { category: "simple-conditional", statements: 1, without: 0, rows: 12 },
        { category: "complex-conditional", statements: 0, without: 0, rows: 0 },
      ],
    },
  ],
  kinds: [
    { kind: "question", rows: 30 },
    { kind: "scenario", rows: 13 },
  ],
  lengths: [
    { from: 0, rows: 3 },
    { from: 50, rows: 40 },
  ],
  checks: [
    { check: "passed", rows: 41 },
    { check: "duplicate", rows: 2 },
  ],
};
