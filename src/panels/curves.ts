import type { Curve } from "../protocol/runs.ts";
import type { CurvePoint, RunState } from "../training/state.ts";

/** A curve has at most this many points a stage: more would not show on a screen. */
const maxPoints = 400;

/**
 * The curves of all arms. The tokens of a stage count on from those of the arm's stage before it.
 */
export function viewCurves(state: RunState): Curve[] {
  const trained = new Map<string, number>();
  return state.stages
    .filter(({ curve }) => curve.length > 0)
    .map(({ name, arm, curve }) => {
      const before = trained.get(arm) ?? 0;
      trained.set(arm, before + (curve.at(-1)?.tokens ?? 0));
      const points = thin(curve, maxPoints);
      return {
        arm,
        stage: name,
        tokens: points.map(({ tokens }) => before + tokens),
        train: points.map(({ loss }) => loss),
        heldOut: points.map(({ heldOutLoss }) => heldOutLoss ?? null),
        rate: points.map(({ lr }) => lr),
        tokensPerSecond: points.map(({ tokensPerSecond }) => tokensPerSecond),
        memoryBytes: points.map(({ memoryBytes }) => memoryBytes ?? null),
      };
    });
}

/**
 * Fewer points of the same curve: neighbours are averaged. The last point stays as it is, and no
 * held-out measurement gets lost unless two fall together.
 */
export function thin(curve: readonly CurvePoint[], limit: number): CurvePoint[] {
  if (curve.length <= limit) return [...curve];
  const last = curve.at(-1);
  const size = Math.ceil(curve.length / (limit - 1));
  const points: CurvePoint[] = [];
  for (let start = 0; start < curve.length - 1; start += size) {
    const group = curve.slice(start, Math.min(start + size, curve.length - 1));
    const end = group.at(-1);
    if (!end) break;
    const loss = group.reduce((sum, point) => sum + point.loss, 0) / group.length;
    const held = group.findLast((point) => point.heldOutLoss !== undefined)?.heldOutLoss;
    points.push({ ...end, loss, ...(held !== undefined && { heldOutLoss: held }) });
  }
  return last ? [...points, last] : points;
}
