import type { Score } from "../evaluation/report.ts";
import type { RunRecord } from "./run-view.ts";
import { type Cell, csv } from "./csv.ts";

/** Every step of every run, a row each: nothing is thinned or smoothed. */
export function curvesCsv(records: readonly RunRecord[]): string {
  const header = [
    "run",
    "policy",
    "arm",
    "stage",
    "step",
    "tokens",
    "loss",
    "held_out_loss",
    "learning_rate",
    "tokens_per_second",
    "memory_bytes",
    "at",
  ];
  const rows = records.flatMap(({ spec, state }) =>
    state.stages.flatMap(({ arm, name, curve }) =>
      curve.map((point): Cell[] => [
        spec.id,
        spec.policy.title,
        arm,
        name,
        point.step,
        point.tokens,
        point.loss,
        point.heldOutLoss,
        point.lr,
        point.tokensPerSecond,
        point.memoryBytes,
        point.at,
      ]),
    ),
  );
  return csv([header, ...rows]);
}

/**
 * The exam of every run and arm, a row a score: overall, and by tier, category, kind, depth and form.
 * A run that is not over yet has what its events tell.
 */
export function examCsv(records: readonly RunRecord[]): string {
  const header = ["run", "policy", "arm", "by", "name", "accuracy", "n", "low", "high"];
  const rows = records.flatMap(({ spec, state, report }) => {
    const row = (arm: string, by: string, name: string, score: Partial<Score>): Cell[] => {
      const { accuracy, n, interval } = score;
      return [spec.id, spec.policy.title, arm, by, name, accuracy, n, interval?.[0], interval?.[1]];
    };
    if (!report) {
      return Object.entries(state.exams).flatMap(([arm, exam]) => [
        row(arm, "overall", "", { accuracy: exam.accuracy }),
        ...Object.entries(exam.byCategory).map(([name, accuracy]) => {
          const n = exam.askedByCategory?.[name];
          return row(arm, "category", name, { accuracy, ...(n !== undefined && { n }) });
        }),
      ]);
    }
    return Object.entries(report.arms).flatMap(([arm, scores]) => {
      const by = (what: string, all: Readonly<Record<string, Score>>) =>
        Object.entries(all).map(([name, score]) => row(arm, what, name, score));
      return [
        row(arm, "overall", "", scores),
        ...by("tier", scores.byTier),
        ...by("category", scores.byCategory),
        ...by("kind", scores.byKind),
        ...by("depth", scores.byDepth),
        ...by("form", scores.byForm),
        row(arm, "null prompt", "", scores.nullPrompt),
      ];
    });
  });
  return csv([header, ...rows]);
}
