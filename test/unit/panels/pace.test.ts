import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pacesOf, secondsFor } from "../../../src/panels/pace.ts";
import type { CurvePoint, StageState } from "../../../src/training/state.ts";
import { at } from "./runs.ts";

interface Step {
  tokens: number;
  seconds: number;
}

/** A stage that took these steps, from a time on. */
function stageOf(steps: readonly Step[], from = 0): StageState {
  let tokens = 0;
  let seconds = from;
  const curve = [{ tokens: 0, seconds: 0 }, ...steps].map((step, index): CurvePoint => {
    tokens += step.tokens;
    seconds += step.seconds;
    return { step: index + 1, loss: 1, lr: 1, tokens, tokensPerSecond: 1, at: at(seconds) };
  });
  const { length } = curve;
  return {
    name: "cpt",
    arm: "internalized",
    steps: length,
    step: length,
    status: "running",
    startedAt: at(from),
    curve,
    marks: [],
  };
}

const paceOf = (stages: readonly StageState[], since?: string) =>
  pacesOf(stages, since, ({ tokens }) => tokens);

const step = fc.record({
  tokens: fc.integer({ min: 1, max: 5000 }),
  seconds: fc.integer({ min: 1, max: 60 }),
});
const manySteps = fc.array(step, { minLength: 3, maxLength: 300 });

describe("pacesOf", () => {
  it("holds the mean pace of what it looked at between its ends", () => {
    fc.assert(
      fc.property(manySteps, (steps) => {
        const pace = paceOf([stageOf(steps)])!;
        const looked = steps.slice(-100);
        const tokens = looked.reduce((sum, one) => sum + one.tokens, 0);
        const seconds = looked.reduce((sum, one) => sum + one.seconds, 0);
        expect(pace.slowest).toBeLessThanOrEqual((tokens / seconds) * (1 + 1e-9));
        expect(pace.fastest).toBeGreaterThanOrEqual((tokens / seconds) * (1 - 1e-9));
      }),
    );
  });

  it("shows no spread where there is none, and half the pace where all takes twice as long", () => {
    fc.assert(
      fc.property(step, manySteps, (one, steps) => {
        const even = paceOf([stageOf(steps.map(() => one))])!;
        expect(even.slowest).toBeCloseTo(even.fastest, 9);
        const pace = paceOf([stageOf(steps)])!;
        const slow = steps.map(({ tokens, seconds }) => ({ tokens, seconds: 2 * seconds }));
        const half = paceOf([stageOf(slow)])!;
        expect(half.slowest).toBeCloseTo(pace.slowest / 2, 9);
        expect(half.fastest).toBeCloseTo(pace.fastest / 2, 9);
      }),
    );
  });

  it("passes over the pauses between stages, and over what was before a process began", () => {
    fc.assert(
      fc.property(manySteps, manySteps, fc.integer({ min: 1, max: 10_000 }), (a, b, pause) => {
        const first = stageOf(a);
        const end = a.reduce((sum, { seconds }) => sum + seconds, 0);
        const near = [first, stageOf(b, end)];
        const far = [first, stageOf(b, end + pause)];
        expect(paceOf(far)).toEqual(paceOf(near));
        const second = stageOf(b, end + pause);
        expect(paceOf([first, second], at(end + pause))).toEqual(paceOf([second]));
      }),
    );
  });

  it("tells nothing by fewer than three steps, or by steps that take no time", () => {
    const one = { tokens: 500, seconds: 1 };
    expect(paceOf([])).toBeUndefined();
    expect(paceOf([stageOf([one, one])])).toBeUndefined();
    expect(paceOf([stageOf([one, one, one])])).toEqual({ slowest: 500, fastest: 500 });
    const instant = { tokens: 500, seconds: 0 };
    expect(paceOf([stageOf([instant, instant, instant, instant])])).toBeUndefined();
  });
});

describe("secondsFor", () => {
  it("goes from the fastest to the slowest pace", () => {
    expect(secondsFor({ slowest: 100, fastest: 400 }, 2000)).toEqual({ low: 5, high: 20 });
  });
});
