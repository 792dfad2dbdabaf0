import { describe, expect, it } from "vitest";
import {
  costOf,
  describeEstimate,
  describeUsage,
} from "../../../../src/synthesis/teaching/cost.ts";

const usage = { prompt: 22_503, completion: 38_280 };
const estimate = { open: 130, all: 136, questions: 36, usage };

describe("what a teacher uses", () => {
  it("is told in tokens, and in money where the prices are known", () => {
    expect(describeUsage(usage, undefined)).toBe("22,503 tokens to read and 38,280 to write");
    expect(costOf(usage, undefined)).toBeUndefined();
    expect(costOf(usage, { input: 2, output: 8 })).toBeCloseTo(0.351246);
    expect(describeUsage(usage, { input: 2, output: 8 })).toMatch(/, 0\.35 at your prices$/);
    expect(describeUsage(usage, { input: 0, output: 0.001 })).toMatch(/less than 0\.01/);
    expect(describeUsage(usage, { input: 0, output: 0 })).toMatch(/, 0\.00 at your prices$/);
  });

  it("is told about beforehand, with what is answered already", () => {
    expect(describeEstimate(estimate, undefined)).toBe(
      "36 questions (6 of 136 parts are answered already), about 23,000 tokens to read and 38,000 to write",
    );
    expect(describeEstimate({ ...estimate, open: 0 }, undefined)).toMatch(/nothing is paid$/);
  });
});
