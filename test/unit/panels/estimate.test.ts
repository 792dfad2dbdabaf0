import { describe, expect, it } from "vitest";
import { estimateRun } from "../../../src/panels/estimate.ts";
import { defaultTrlHyperparameters } from "../../../src/training/engines/trl/hyperparameters.ts";
import type { RunSpec } from "../../../src/training/spec.ts";
import { foldRun } from "../../../src/training/state.ts";
import { finished, progress, spec, stage, started, startedAt, steps } from "./runs.ts";

describe("estimateRun", () => {
  it("knows no time before the first step", () => {
    expect(estimateRun(foldRun([started]), spec)).toEqual({
      progress: 0,
      timeLeft: undefined,
    });
  });

  it("never goes back, and the time left shrinks with the steps", () => {
    const events = [started, stage("cpt", 16), ...steps("cpt", 16)];
    const estimates = events.map((_, index) =>
      estimateRun(foldRun(events.slice(0, index + 1)), spec),
    );
    const shares = estimates.map(({ progress }) => progress);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    const left = estimates.slice(6).map(({ timeLeft }) => timeLeft!.high);
    expect(left).toEqual([...left].sort((a, b) => b - a));
    // 20,000 tokens and three exams that take a twentieth of them, at 500 tokens a second.
    expect(estimates.at(-1)?.timeLeft).toEqual({
      low: expect.closeTo(42 - 16) as number,
      high: expect.closeTo(42 - 16) as number,
      of: "run",
    });
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

  it("takes an exam's own pace once one is under way", () => {
    const trained = [
      started,
      stage("cpt", 16),
      ...steps("cpt", 16),
      stage("sft", 4),
      ...steps("sft", 4, { from: 16 }),
      stage("exam", 100, undefined, 20),
      // Ten questions a second.
      ...Array.from({ length: 5 }, (_, index) => progress(21 + index, (index + 1) * 10)),
    ];
    // 10,000 tokens of the other arm take 20 s; the rest of this exam and two more 25 s.
    expect(estimateRun(foldRun(trained), spec).timeLeft).toEqual({
      low: expect.closeTo(45) as number,
      high: expect.closeTo(45) as number,
      of: "run",
    });
  });

  it("forgets the pace that a run had before it was resumed", () => {
    const slow = [started, stage("cpt", 16), ...steps("cpt", 6)];
    const resumed = [...slow, startedAt(3600), stage("cpt", 16, undefined, 3600)];
    expect(estimateRun(foldRun(slow), spec).timeLeft).toBeDefined();
    expect(estimateRun(foldRun(resumed), spec).timeLeft).toBeUndefined();
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
      timeLeft: undefined,
    });
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

  it("counts each stage and exam as one, and tells the time left of the stage", () => {
    // cpt, sft, exam; base exam; sft-only sft and exam.
    const events = [started, stage("cpt", 16), ...steps("cpt", 16), stage("sft", 4)];
    const half = estimateRun(foldRun(events.slice(0, 10)), trl);
    expect(half.progress).toBeCloseTo(8 / 16 / 6);
    expect(half.timeLeft).toEqual({
      low: expect.closeTo(8) as number,
      high: expect.closeTo(8) as number,
      of: "stage",
    });
    const { progress, timeLeft } = estimateRun(foldRun(events), trl);
    expect(progress).toBeCloseTo(1 / 6);
    expect(timeLeft).toBeUndefined();
  });
});
