import { describe, expect, it } from "vitest";
import { duration, integer, percent, rate } from "../../webview/common/format.ts";
import { chartData } from "../../webview/runs/chart.ts";
import { running } from "./snapshots.ts";

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
});

describe("chartData", () => {
  it("joins the stages of an arm", () => {
    const [curve] = running.curves;
    const next = { ...curve!, stage: "sft", tokens: [2000], train: [2], heldOut: [2.5] };
    expect(chartData([curve!, next])).toEqual([
      [500, 1000, 1500, 2000],
      [6, 4, 3.21, 2],
      [null, 4.5, null, 2.5],
    ]);
  });
});
