import type { ComparedRun, ComparisonView } from "../protocol/runs.ts";
import { trainedArm } from "../training/state.ts";
import { viewCurves } from "./curves.ts";
import { type RunRecord, summaryOf, viewExams } from "./run-view.ts";
import { differences } from "./spec-differences.ts";

/**
 * Runs side by side.
 * @param records the shown run first.
 * @param problems of runs that could not be read, one line each.
 */
export function viewComparison(
  records: readonly RunRecord[],
  problems: readonly string[],
): ComparisonView {
  const datasets = new Set(records.map(({ spec }) => spec.dataset.sha256));
  return {
    runs: records.map(viewCompared),
    differences: differences(records.map(({ spec }) => spec)),
    sameDataset: datasets.size === 1,
    problems: [...problems],
  };
}

function viewCompared(record: RunRecord): ComparedRun {
  const { state, report } = record;
  const exam = viewExams(state, report).find(({ arm }) => arm === trainedArm);
  const byTier = report?.arms[trainedArm]?.byTier;
  return {
    ...summaryOf(record),
    curves: viewCurves(state),
    ...(exam && { exam }),
    ...(byTier && { byTier }),
    ...(report && { promptTokens: report.promptTokens }),
  };
}
