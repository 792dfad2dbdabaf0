import type { CurvePoint, StageState } from "../training/state.ts";

/** What was done a second, over the slowest and the fastest stretch that was seen of late. */
export interface Pace {
  slowest: number;
  fastest: number;
}

/** So many of the last steps are looked at, in so many stretches of equal length. */
const recent = 100;
const stretches = 10;
/** Fewer show no spread, and what shows none is no estimate. */
const fewest = 3;

/** One step: what it did, and how long it took by the clock. */
interface Step {
  amount: number;
  seconds: number;
}

/**
 * The pace of some stages by the clock, held-out checks and checkpoints included. What a process did
 * before the one that works now says nothing of the machine as it is, and neither do the pauses
 * between stages.
 * @param since when the process began; ISO time.
 * @param amount how much of its stage was done at a point. Of an exam it is the questions answered.
 * @returns undefined until a few steps were seen.
 */
export function pacesOf(
  stages: readonly StageState[],
  since: string | undefined,
  amount: (point: CurvePoint) => number,
): Pace | undefined {
  const steps = stages
    .flatMap((stage) => {
      const points =
        stage.marks.length > 0
          ? stage.marks
          : stage.curve.map((point) => ({ done: amount(point), at: point.at }));
      return stepsBetween(points.filter(({ at }) => since === undefined || at >= since));
    })
    .slice(-recent);
  const size = Math.ceil(steps.length / stretches);
  const rates: number[] = [];
  for (let start = 0; start < steps.length; start += size) {
    const stretch = steps.slice(start, start + size);
    const seconds = total(stretch.map((step) => step.seconds));
    const done = total(stretch.map((step) => step.amount));
    if (seconds > 0 && done > 0) rates.push(done / seconds);
  }
  if (rates.length < fewest) return undefined;
  return { slowest: Math.min(...rates), fastest: Math.max(...rates) };
}

/** The seconds that an amount takes at a pace, at best and at worst. */
export function secondsFor({ slowest, fastest }: Pace, amount: number) {
  return { low: amount / fastest, high: amount / slowest };
}

function stepsBetween(points: readonly { done: number; at: string }[]): Step[] {
  return points.slice(1).map(({ done, at }, index) => {
    const before = points[index]!;
    return {
      amount: done - before.done,
      seconds: (Date.parse(at) - Date.parse(before.at)) / 1000,
    };
  });
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
