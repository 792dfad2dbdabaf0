import { describe, expect, it } from "vitest";
import { estimateRun, recentRate } from "../../../src/panels/estimate.ts";
import { defaultTrlHyperparameters } from "../../../src/training/engines/trl/hyperparameters.ts";
import type { RunSpec } from "../../../src/training/spec.ts";
import { foldRun } from "../../../src/training/state.ts";
import { finished, spec, stage, started, steps } from "./runs.ts";

describe("estimateRun", () => {
  it("knows no time before the first step", () => {
    expect(estimateRun(foldRun([started]), spec)).toEqual({
      progress: 0,
      secondsLeft: undefined,
    });
  });

  it("never goes back, and the time left shrinks with the steps", () => {
    const events = [started, stage("cpt", 16), ...steps("cpt", 16)];
    const estimates = events.map((_, index) =>
      estimateRun(foldRun(events.slice(0, index + 1)), spec),
    );
    const shares = estimates.map(({ progress }) => progress);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const left = estimates.slice(4).map(({ secondsLeft }) => secondsLeft!);
    expect(left).toEqual([...left].sort((a, b) => b - a));
  });

  it("counts the comparison arm and the exams", () => {
    const own = [
      started,
      stage("cpt", 16),
      ...steps("cpt", 16),
      stage("sft", 4),
      ...steps("sft", 4, { from: 16 }),
    ];
    const { progress } = estimateRun(foldRun(own), spec);
    expect(progress).toBeGreaterThan(0.4);
    expect(progress).toBeLessThan(0.5);
  });

  it("is done only when the run says so", () => {
    const events = [
      started,
      stage("cpt", 16),
      ...steps("cpt", 16),
      stage("sft", 4),
      ...steps("sft", 4),
      stage("sft", 20, "sft-only"),
      ...steps("sft", 20, { arm: "sft-only" }),
      stage("exam", 1),
    ];
    expect(estimateRun(foldRun(events), spec).progress).toBeLessThan(1);
    expect(estimateRun(foldRun([...events, finished]), spec)).toEqual({
      progress: 1,
      secondsLeft: 0,
    });
  });
});

describe("recentRate", () => {
  it("is tokens by the clock, not by the trainer's word", () => {
    const { stages } = foldRun([started, stage("cpt", 16), ...steps("cpt", 16)]);
    expect(recentRate(stages[0]!.curve)).toBeCloseTo(500);
    expect(recentRate(stages[0]!.curve.slice(0, 1))).toBe(520);
    expect(recentRate([])).toBeUndefined();
  });
});

describe("estimateRun of a real model", () => {
  const trl: RunSpec = {
    ...spec,
    engine: "trl",
    model: { name: "Qwen/Qwen3-4B" },
    arms: ["base", "sft-only"],
    replay: false,
    hyperparameters: defaultTrlHyperparameters(),
  };

  it("counts each stage and exam as one, and guesses no time", () => {
    // cpt, sft, exam; base exam; sft-only sft and exam.
    const events = [started, stage("cpt", 16), ...steps("cpt", 16), stage("sft", 4)];
    expect(estimateRun(foldRun(events.slice(0, 10)), trl).progress).toBeCloseTo(8 / 16 / 6);
    const { progress, secondsLeft } = estimateRun(foldRun(events), trl);
    expect(progress).toBeCloseTo(1 / 6);
    expect(secondsLeft).toBeUndefined();
  });
});
