import { outcomeOf, scoreMark } from "../editor/score-words.ts";
import type { Cause, Unlearned } from "../workspace/next-steps.ts";

/** What may be wrong, in words for a list: `few rows (12, where others have 150)`. */
export function describeCause(cause: Cause): string {
  switch (cause.kind) {
    case "stale":
      return "changed since the run: train again";
    case "added":
      return "came after the run: train again";
    case "finding":
      return cause.message;
    case "few-rows":
      return `few rows (${cause.rows}, where others have ${cause.median})`;
    case "complex":
      return `a decision tree of depth ${cause.depth}`;
    case "doubtful":
      return `its category is doubtful (${Math.round(100 * cause.confidence)} %)`;
  }
}

/** The likely causes of a statement, or what is known where there is none. */
export function describeCauses({ causes, score }: Unlearned): string {
  if (causes.length > 0) return causes.map(describeCause).join(" · ");
  const { trained, base } = score ?? {};
  if (trained && base && base.n > 0 && trained.right / trained.n <= base.right / base.n) {
    return "no better than before training";
  }
  return "no cause is known";
}

/** `✗ 7/12`, or that it was not asked yet. */
export function markOf({ score }: Unlearned): string {
  if (!score) return "＋ new";
  return outcomeOf(score) === "stale" ? "↻ stale" : scoreMark(score);
}
