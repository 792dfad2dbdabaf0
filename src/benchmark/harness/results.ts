import { z } from "zod";
import { Score } from "../../evaluation/report.ts";
import { score } from "../../evaluation/score.ts";

/** A line of the results: how one trial of one task went. */
export const Trial = z.object({
  task: z.string(),
  /** From 0. */
  trial: z.int(),
  success: z.boolean(),
  /** The databases, or where those cannot be known the actions, are as they should be. */
  state: z.boolean(),
  /** The agent told what it had to tell. */
  told: z.boolean(),
  calls: z.int(),
  cut: z.boolean(),
  seconds: z.number(),
  promptTokens: z.int(),
  /** What the task is on each axis, such as `{ depth: "3" }`. */
  axes: z.record(z.string(), z.string()),
});
export type Trial = z.infer<typeof Trial>;

export const BenchmarkReport = z.object({
  version: z.literal(1),
  benchmark: z.string(),
  agent: z.string(),
  tasks: z.int(),
  trials: z.int(),
  /** Over all trials. */
  ...Score.shape,
  /**
   * pass^k: the chance that k trials of a task all succeed, as τ-bench (arXiv 2406.12045) estimates
   * it; keyed by k.
   */
  passHat: z.record(z.string(), z.number()),
  byAxis: z.record(z.string(), z.record(z.string(), Score)),
  promptTokens: z.number(),
  seconds: z.number(),
});
export type BenchmarkReport = z.infer<typeof BenchmarkReport>;

/** Sums up trials; tasks with unlike numbers of trials count for the k that they have. */
export function summarize(
  trials: readonly Trial[],
  { benchmark, agent }: { benchmark: string; agent: string },
): BenchmarkReport {
  const byTask = groupBy(trials, ({ task }) => task);
  const most = Math.max(0, ...[...byTask.values()].map(({ length }) => length));
  const passHat = Object.fromEntries(
    Array.from({ length: most }, (_, i) => {
      const k = i + 1;
      const able = [...byTask.values()].filter(({ length }) => length >= k);
      const chances = able.map(
        (each) => choose(each.filter(({ success }) => success).length, k) / choose(each.length, k),
      );
      return [String(k), mean(chances)];
    }),
  );
  const axes = [...new Set(trials.flatMap((trial) => Object.keys(trial.axes)))];
  return {
    version: 1,
    benchmark,
    agent,
    tasks: byTask.size,
    trials: trials.length,
    ...shareOf(trials),
    passHat,
    byAxis: Object.fromEntries(axes.map((axis) => [axis, along(trials, axis)])),
    promptTokens: mean(trials.map(({ promptTokens }) => promptTokens)),
    seconds: trials.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function along(trials: readonly Trial[], axis: string): Record<string, Score> {
  const groups = groupBy(
    trials.filter((trial) => axis in trial.axes),
    (trial) => trial.axes[axis]!,
  );
  return Object.fromEntries(
    [...groups]
      .sort(([one], [other]) => one.localeCompare(other, "en", { numeric: true }))
      .map(([value, each]) => [value, shareOf(each)]),
  );
}

const shareOf = (trials: readonly Trial[]): Score =>
  score(trials.filter(({ success }) => success).length, trials.length);

const mean = (numbers: readonly number[]): number =>
  numbers.length === 0 ? 0 : numbers.reduce((sum, each) => sum + each, 0) / numbers.length;

/** n over k. */
export function choose(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return n < k ? 0 : result;
}

/** The report, for people. */
export function describeReport(report: BenchmarkReport): string {
  const line = (label: string, { accuracy, n, interval }: Score) => {
    const [low, high] = interval.map((bound) => (100 * bound).toFixed(0));
    return `${label.padEnd(26)}${(100 * accuracy).toFixed(1).padStart(6)} % [${low!}–${high!}]  of ${n}\n`;
  };
  const passes = Object.entries(report.passHat).map(
    ([k, chance]) => `${`pass^${k}`.padEnd(26)}${(100 * chance).toFixed(1).padStart(6)} %\n`,
  );
  const axes = Object.entries(report.byAxis).flatMap(([axis, groups]) => [
    `by ${axis}\n`,
    ...Object.entries(groups).map(([value, each]) => line(`  ${value}`, each)),
  ]);
  return [
    `${report.agent} on ${report.benchmark}: ${report.tasks} tasks, ${report.trials} trials\n`,
    line("success", report),
    ...passes,
    ...axes,
    ...(report.promptTokens > 0
      ? [`${"prompt tokens a trial".padEnd(26)}${report.promptTokens.toFixed(0).padStart(6)}\n`]
      : []),
  ].join("");
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
