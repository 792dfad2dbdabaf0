import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Curve } from "../../src/protocol/runs.ts";
import { chartModel } from "../../webview/runs/lines.ts";
import { smooth } from "../../webview/runs/smooth.ts";

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });
const values = fc.array(fc.option(finite, { nil: null }), { maxLength: 60 });
const weight = fc.double({ noNaN: true, min: 0, max: 0.99 });

describe("smooth", () => {
  it("keeps what was not measured, and changes nothing at weight 0", () => {
    fc.assert(
      fc.property(values, weight, (given, by) => {
        expect(smooth(given, 0)).toEqual(given);
        const nulls = (all: readonly (number | null)[]) => all.map((value) => value === null);
        expect(nulls(smooth(given, by))).toEqual(nulls(given));
      }),
    );
  });

  it("stays within the values so far", () => {
    fc.assert(
      fc.property(values, weight, (given, by) => {
        smooth(given, by).forEach((value, index) => {
          if (value === null) return;
          const before = given.slice(0, index + 1).filter((one) => one !== null);
          expect(value).toBeGreaterThanOrEqual(Math.min(...before) - 1e-6);
          expect(value).toBeLessThanOrEqual(Math.max(...before) + 1e-6);
        });
      }),
    );
  });

  it("begins without a bias: a level stays a level", () => {
    fc.assert(
      fc.property(finite, weight, fc.integer({ min: 1, max: 40 }), (level, by, length) => {
        for (const value of smooth(new Array<number>(length).fill(level), by)) {
          expect(value).toBeCloseTo(level, 6);
        }
      }),
    );
  });

  it("grows and moves as its values do", () => {
    fc.assert(
      fc.property(values, weight, fc.integer({ min: -5, max: 5 }), finite, (given, by, a, b) => {
        const moved = smooth(
          given.map((value) => (value === null ? null : a * value + b)),
          by,
        );
        smooth(given, by).forEach((value, index) => {
          if (value !== null) expect(moved[index]).toBeCloseTo(a * value + b, 3);
        });
      }),
    );
  });
});

/** A curve at ascending places. */
const curve = fc
  .uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 30 })
  .map((places): Curve => {
    const tokens = places.sort((a, b) => a - b);
    return {
      arm: "internalized",
      stage: "cpt",
      tokens,
      train: tokens.map((at) => 1000 - at),
      heldOut: tokens.map((at) => (at % 2 ? null : at)),
      rate: tokens.map(() => 1),
      tokensPerSecond: tokens.map((at) => 2 * at),
      memoryBytes: tokens.map(() => null),
    };
  });

describe("chartModel", () => {
  it("puts every value of every run at its place, and nothing elsewhere", () => {
    fc.assert(
      fc.property(fc.array(curve, { minLength: 2, maxLength: 5 }), (curves) => {
        const drawn = curves.map((one, index) => ({
          letter: "ABCDE"[index]!,
          label: String(index),
          curves: [one],
        }));
        const { x, lines } = chartModel(drawn, "loss", 0);
        expect(x).toEqual([...new Set(x)].sort((a, b) => a - b));
        expect(lines.map(({ letter }) => letter)).toEqual(drawn.map(({ letter }) => letter));
        lines.forEach((line, index) => {
          const points = x.flatMap((at, place) => {
            const value = line.values[place];
            return typeof value === "number" ? [[at, value]] : [];
          });
          const { tokens, train } = curves[index]!;
          expect(points).toEqual(tokens.map((at, place) => [at, train[place]]));
        });
      }),
    );
  });

  it("has a line only for what was measured", () => {
    fc.assert(
      fc.property(curve, (one) => {
        const drawn = [{ label: "run", curves: [one] }];
        expect(chartModel(drawn, "memoryBytes", 0.5)).toEqual({
          metric: "memoryBytes",
          x: [],
          lines: [],
        });
        expect(chartModel(drawn, "rate", 0.5).lines).toHaveLength(1);
        expect(chartModel(drawn, "tokensPerSecond", 0.5).lines.map(({ faint }) => faint)).toEqual([
          true,
          false,
        ]);
      }),
    );
  });
});
