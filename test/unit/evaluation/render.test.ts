import { expect, test } from "vitest";
import { renderReport } from "../../../src/evaluation/render.ts";
import type { Arm, Report } from "../../../src/evaluation/report.ts";
import { score } from "../../../src/evaluation/score.ts";

const arm = (right: number): Arm => ({
  ...score(right, 100),
  byTier: { seen: score(99, 100), scenario: score(right, 100) },
  byCategory: { factual: score(right, 100) },
  byKind: {},
  byDepth: {},
  byForm: { choice: score(right, 100), generated: score(0, 0) },
  nullPrompt: score(25, 100),
  byStatement: { "s-good": { right: 9, n: 10 }, "s-bad": { right: 1, n: 10 } },
});

const report: Report = {
  version: 1,
  run: "a",
  policy: { path: "desk.md", title: "Parcel desk", sha256: "00" },
  dataset: { path: "d", sha256: "00" },
  model: { sha256: "00", parameters: 1_048_576, engine: "onnx" },
  arms: { base: arm(25), "sft-only": arm(40), internalized: arm(75) },
  promptTokens: {
    withPolicy: 14_020.4,
    withoutPolicy: 36,
    reduction: 0.9974,
    policy: 13_990,
    identifier: 6,
    tokenizer: "words-and-marks",
  },
  stages: [
    {
      name: "cpt",
      arm: "internalized",
      tokens: 1_600_000,
      seconds: 160,
      wallSeconds: 171.4,
      tokensPerSecond: 10_000,
    },
    {
      name: "exam",
      arm: "internalized",
      tokens: 0,
      seconds: 0,
      wallSeconds: 12.2,
      tokensPerSecond: 0,
    },
  ],
  wallSeconds: 190.6,
  at: "2026-11-22T14:06:00.000Z",
};

const lines = renderReport(report).split("\n");
const line = (start: string) => lines.find((text) => text.trim().startsWith(start))?.trim();

test("times are by the clock on the wall, of every stage and of the whole run", () => {
  expect(line("internalized, cpt")).toMatch(
    /^internalized, cpt +1,600,000 tokens in 171 s, 10,000 tokens\/s in its steps$/,
  );
  expect(line("internalized, exam")).toMatch(/^internalized, exam +12 s$/);
  expect(line("the whole run")).toMatch(/^the whole run +191 s$/);
});

test("prompt tokens are told with what counted them", () => {
  expect(line("Prompt")).toMatch(
    /14020 → 36 tokens a question \(−99\.7 %\), estimated by words and marks;$/,
  );
  expect(line("the policy's")).toBe("the policy's 13990 tokens became 6.");
});

test("a share stands with its interval; what nobody asked is a dash", () => {
  expect(line("overall")).toMatch(/25 % \[18–34\] +40 % \[31–50\] +75 % \[66–82\]$/);
  expect(line("written answers")).toMatch(/^written answers +– +– +–$/);
});

test("only statements that the model mostly misses are named", () => {
  expect(line("s-bad")).toBe("s-bad  1 of 10");
  expect(line("s-good")).toBeUndefined();
});

test("no line is wider than a terminal", () => {
  expect(lines.filter((text) => text.length > 80)).toEqual([]);
});
