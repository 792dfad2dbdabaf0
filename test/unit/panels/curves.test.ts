import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { thin, viewCurves } from "../../../src/panels/curves.ts";
import { foldRun } from "../../../src/training/state.ts";
import { stage, started, steps } from "./runs.ts";

describe("viewCurves", () => {
  it("counts an arm's tokens on over its stages, each arm for itself", () => {
    const curves = viewCurves(
      foldRun([
        started,
        stage("cpt", 3),
        ...steps("cpt", 3),
        stage("sft", 2),
        ...steps("sft", 2),
        stage("sft", 2, "sft-only"),
        ...steps("sft", 2, { arm: "sft-only" }),
      ]),
    );
    expect(curves.map(({ arm, stage, tokens }) => [arm, stage, tokens])).toEqual([
      ["internalized", "cpt", [500, 1000, 1500]],
      ["internalized", "sft", [2000, 2500]],
      ["sft-only", "sft", [500, 1000]],
    ]);
    expect(curves[0]!.heldOut).toEqual([null, null, null]);
  });
});

describe("thin", () => {
  it("keeps order, the last point and the limit", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 2, max: 50 }),
        (n, limit) => {
          const { curve } = foldRun([started, stage("cpt", n), ...steps("cpt", n)]).stages[0]!;
          const points = thin(curve, limit);
          expect(points.length).toBeLessThanOrEqual(limit);
          expect(points.at(-1)).toEqual(curve.at(-1));
          const tokens = points.map((point) => point.tokens);
          expect(tokens).toEqual([...new Set(tokens)].sort((a, b) => a - b));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("keeps measurements of held-out rows", () => {
    const { curve } = foldRun([started, stage("cpt", 100), ...steps("cpt", 100)]).stages[0]!;
    const measured = thin(curve, 21).filter((point) => point.heldOutLoss !== undefined);
    expect(measured).toHaveLength(20);
  });
});
