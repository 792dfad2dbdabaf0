import type { Score } from "./report.ts";

const z = 1.959964;

/**
 * A share with its 95 % Wilson score interval (Wilson 1927): it stays within 0 and 1 and is honest
 * for the few items that a category often has.
 */
export function score(right: number, n: number): Score {
  if (n === 0) return { accuracy: 0, n: 0, interval: [0, 1] };
  const share = right / n;
  const center = (share + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half =
    (z / (1 + (z * z) / n)) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return {
    accuracy: share,
    n,
    interval: [Math.max(0, center - half), Math.min(1, center + half)],
  };
}
