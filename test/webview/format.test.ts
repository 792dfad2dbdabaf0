import { describe, expect, it } from "vitest";
import {
  duration,
  durationRange,
  gibibytes,
  integer,
  percent,
  rate,
} from "../../webview/common/format.ts";

describe("figures", () => {
  it("are written one way", () => {
    expect(integer(1234567.8)).toBe("1,234,568");
    expect(percent(0.9957, 1)).toBe("99.6 %");
    expect([2e-3, 1.6e-3, 1, 0].map(rate)).toEqual(["2.0e-3", "1.6e-3", "1.0", "0"]);
  });

  it("say times as rough as they are known", () => {
    expect([0, 3, 42, 58, 61, 150, 3600, 5000].map(duration)).toEqual([
      "a few seconds",
      "a few seconds",
      "40 s",
      "60 s",
      "1 min",
      "3 min",
      "1 h 0 min",
      "1 h 23 min",
    ]);
  });

  it("say a range of times only as far as its ends differ", () => {
    const ranges: [number, number][] = [
      [0, 3],
      [41, 42],
      [22, 44],
      [2, 12],
      [125, 290],
      [10, 130],
      [50, 70],
      [3000, 5000],
    ];
    expect(ranges.map(([low, high]) => durationRange(low, high))).toEqual([
      "a few seconds",
      "about 40 s",
      "20–45 s",
      "up to 10 s",
      "2–5 min",
      "up to 2 min",
      "about 1 min",
      "50 min – 1 h 23 min",
    ]);
  });

  it("write memory as systems do", () => {
    const sizes = [0, 312.4 * 2 ** 20, 13.42 * 2 ** 30, 141 * 2 ** 30];
    expect(sizes.map(gibibytes)).toEqual(["0 MiB", "312 MiB", "13.4 GiB", "141 GiB"]);
  });
});
