import { expect, test } from "vitest";
import { choose, summarize, type Trial } from "../../../../src/benchmark/harness/results.ts";

const trial = (task: string, number: number, success: boolean, depth = "1"): Trial => ({
  task,
  trial: number,
  success,
  state: success,
  told: true,
  calls: 1,
  cut: false,
  seconds: 1,
  promptTokens: 10,
  axes: { depth },
});

test("pass^k is the chance that k trials of a task all succeed", () => {
  const trials = [
    ...[true, true, true, false].map((success, i) => trial("a", i, success)),
    ...[true, false, false, false].map((success, i) => trial("b", i, success, "2")),
  ];
  const { passHat, accuracy, byAxis } = summarize(trials, { benchmark: "b", agent: "a" });
  expect(accuracy).toBe(0.5);
  // a: 3/4, C(3,2)/C(4,2) = 3/6, C(3,3)/C(4,3) = 1/4, 0; b: 1/4, 0, 0, 0.
  expect(passHat).toEqual({ 1: 0.5, 2: 0.25, 3: 0.125, 4: 0 });
  expect(byAxis["depth"]!["1"]).toMatchObject({ accuracy: 0.75, n: 4 });
  expect(byAxis["depth"]!["2"]).toMatchObject({ accuracy: 0.25, n: 4 });
});

test("n over k", () => {
  expect(choose(5, 2)).toBe(10);
  expect(choose(2, 3)).toBe(0);
  expect(choose(4, 0)).toBe(1);
});
