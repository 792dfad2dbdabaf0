import { expect, test } from "vitest";
import { Stopwatch } from "../../../src/training/stopwatch.ts";

test("what the work took before is counted, and what it takes since it was taken up", () => {
  const now = performance.now();
  const seconds = new Stopwatch(10, now - 5000).seconds;
  const atLeast = 10 + 5;
  expect(seconds).toBeGreaterThanOrEqual(atLeast);
  expect(seconds).toBeLessThanOrEqual(atLeast + (performance.now() - now) / 1000);
});

test("a clock that was taken up now begins with what was before", () => {
  const first = new Stopwatch(3).seconds;
  expect(new Stopwatch(first).seconds).toBeGreaterThanOrEqual(first);
});
