import type { ClassifierInput, Verdict } from "./classifier.ts";
import { categories } from "./statement.ts";

const layouts = ["sentence", "list", "row"] as const;
/** The confidences that rules give: together with the category they tell which rule decided. */
const confidences = [0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.95];

const oneHot = <T>(values: readonly T[], value: T): number[] =>
  values.map((each) => (each === value ? 1 : 0));

/** What the rules read of a statement, as the model sees it beside its words. */
export function featuresOf({ layout, reading }: ClassifierInput, verdict: Verdict): number[] {
  const conditions = Math.min(reading?.decision.conditions.length ?? 0, 3);
  const depth = Math.min(reading?.decision.depth ?? 0, 3);
  return [
    ...categories.flatMap((category) =>
      oneHot(confidences, category === verdict.category ? verdict.confidence : -1),
    ),
    ...oneHot([0, 1, 2, 3], conditions),
    ...oneHot([1, 2, 3], depth),
    reading?.complex === true ? 1 : 0,
    ...oneHot(layouts, layout),
    Math.min(reading?.cues.length ?? 0, 3) / 3,
  ];
}

/** How many numbers `featuresOf` gives. */
export const featureCount = 4 * confidences.length + 4 + 3 + 1 + layouts.length + 1;
