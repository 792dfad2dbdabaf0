import { writeFile } from "node:fs/promises";
import type { ExamAnswer } from "../../../src/evaluation/answers.ts";
import type { Arm, Report } from "../../../src/evaluation/report.ts";
import { toJsonl } from "../../../src/synthesis/jsonl.ts";
import { createRun } from "../../../src/training/create-run.ts";
import { EventWriter } from "../../../src/training/events-file.ts";
import { runFiles } from "../../../src/training/run-folder.ts";

const score = { accuracy: 0.75, n: 4, interval: [0.3, 0.95] as [number, number] };

/** An arm with nothing but what it answered on each statement. */
export function armOf(byStatement: Arm["byStatement"]): Arm {
  const empty = { byTier: {}, byCategory: {}, byKind: {}, byDepth: {}, byForm: {} };
  return { ...score, ...empty, nullPrompt: score, byStatement };
}

/** A run that has finished, with the report that a test needs. @returns its folder. */
export async function finishedRun(
  runs: string,
  dataset: string,
  arms: Report["arms"],
  answers?: readonly ExamAnswer[],
): Promise<string> {
  const { folder, spec } = await createRun({ runs, dataset, seed: 1 });
  const report: Report = {
    version: 1,
    run: spec.id,
    policy: spec.policy,
    dataset: spec.dataset,
    model: { sha256: "x", parameters: 1, engine: "onnx" },
    arms,
    promptTokens: {
      ...{ withPolicy: 2, withoutPolicy: 1, reduction: 0.5 },
      ...{ policy: 1, identifier: 1, tokenizer: "x" },
    },
    stages: [],
    wallSeconds: 1,
    at: new Date().toISOString(),
  };
  const files = runFiles(folder);
  await writeFile(files.report, JSON.stringify(report));
  if (answers) await writeFile(files.answers, toJsonl(answers));
  new EventWriter(files.events).append({ type: "finished", report: "report.json" });
  return folder;
}
