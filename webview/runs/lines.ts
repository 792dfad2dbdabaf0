import type { Curve, Metric } from "../../src/protocol/runs.ts";
import { gibibytes, integer, rate } from "../common/format.ts";
import { smooth } from "./smooth.ts";

/** A line of the chart. `values` are at the chart's `x`; `null` is not measured. */
export interface Line {
  label: string;
  /** Which of the chart's looks it has: colour and dashes. */
  look: number;
  /** What a smoothed line was made of, behind it. */
  faint: boolean;
  /** Stands at the end of the line, so that colours need not tell lines apart. */
  letter?: string;
  values: (number | null)[];
}

export interface ChartModel {
  metric: Metric;
  /** Tokens, ascending. */
  x: number[];
  lines: Line[];
}

/** A run whose curves are drawn. `curves` are of one arm. */
export interface Drawn {
  /** Undefined where it is the only run. */
  letter?: string;
  label: string;
  curves: readonly Curve[];
}

export const metricWord: Readonly<Record<Metric, string>> = {
  loss: "Loss",
  heldOut: "Held-out loss",
  rate: "Learning rate",
  tokensPerSecond: "Tokens/s",
  memoryBytes: "Memory",
};

export const letters = ["A", "B", "C", "D", "E"] as const;

/** The others are as smooth as they are, or measured too seldom. */
const smoothed: readonly Metric[] = ["loss", "tokensPerSecond"];

export const canSmooth = (metric: Metric): boolean => smoothed.includes(metric);

/** How a value of a metric is written. */
export function writeMetric(metric: Metric, value: number): string {
  switch (metric) {
    case "loss":
    case "heldOut":
      return value.toFixed(3);
    case "rate":
      return rate(value);
    case "tokensPerSecond":
      return integer(value);
    case "memoryBytes":
      return gibibytes(value);
  }
}

const measured: Readonly<Record<Metric, (curve: Curve) => readonly (number | null)[]>> = {
  loss: ({ train }) => train,
  heldOut: ({ heldOut }) => heldOut,
  rate: (curve) => curve.rate,
  tokensPerSecond: (curve) => curve.tokensPerSecond,
  memoryBytes: (curve) => curve.memoryBytes,
};

/**
 * The lines of a metric: one a run. A run alone shows its held-out loss beside its training loss, and
 * behind what is smoothed what it was made of.
 */
export function chartModel(runs: readonly Drawn[], metric: Metric, smoothing: number): ChartModel {
  const weight = canSmooth(metric) ? smoothing : 0;
  const alone = runs.length === 1;
  const lines = runs.flatMap((run, index): Placed[] => {
    const x = run.curves.flatMap(({ tokens }) => tokens);
    const line = (of: Metric, more: Partial<Placed> = {}): Placed => ({
      label: run.label,
      look: index,
      faint: false,
      ...(run.letter !== undefined && { letter: run.letter }),
      x,
      values: run.curves.flatMap(measured[of]),
      ...more,
    });
    const main = line(
      metric,
      alone ? { label: metric === "loss" ? "Train" : metricWord[metric] } : {},
    );
    return [
      ...(weight > 0 && alone ? [{ ...main, label: `${main.label}, each step`, faint: true }] : []),
      { ...main, values: smooth(main.values, weight) },
      ...(alone && metric === "loss" ? [line("heldOut", { label: "Held-out", look: 1 })] : []),
    ];
  });
  return { metric, ...join(lines.filter(({ values }) => values.some((value) => value !== null))) };
}

interface Placed extends Line {
  /** Of its own values. */
  x: number[];
}

/** Lines that were measured at different places, over all the places of them all. */
function join(lines: readonly Placed[]): Pick<ChartModel, "x" | "lines"> {
  const x = [...new Set(lines.flatMap((line) => line.x))].sort((a, b) => a - b);
  const places = new Map(x.map((tokens, index) => [tokens, index]));
  return {
    x,
    lines: lines.map(({ x: own, ...line }) => {
      const values = new Array<number | null>(x.length).fill(null);
      own.forEach((tokens, index) => {
        values[places.get(tokens)!] = line.values[index] ?? null;
      });
      return { ...line, values };
    }),
  };
}

/** The last value that was measured. */
export const newest = (values: readonly (number | null | undefined)[]): number | undefined =>
  values.findLast((value) => typeof value === "number") ?? undefined;
