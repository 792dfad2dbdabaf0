import { access } from "node:fs/promises";
import { join } from "node:path";
import { Report } from "../evaluation/report.ts";
import { InputError, messageOf } from "../policy/errors.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";
import { readManifest } from "../training/dataset-folder.ts";
import { lastEvent } from "../training/events-file.ts";
import { readJson } from "../training/files.ts";
import { readSpec, runFiles } from "../training/run-folder.ts";
import { trainedArm } from "../training/state.ts";
import { foldersIn, policyPath } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";

/** What a finished run says of the statements of its policy. */
export interface RunResults {
  folder: string;
  id: string;
  /** The policy, as `policyPath` writes it down. */
  policy: string;
  /** When its report was written, ISO. */
  at: string;
  engine: string;
  /** The model that was trained, where training did not begin from nothing. */
  model?: string;
  /** Over the tiers that count, 0 to 1. */
  accuracy: number;
  /** The policy as the run's dataset knows it. */
  statements: DatasetManifest["statements"];
  /** Right and asked by the id that the dataset has, of the arms that the run examined. */
  arms: Pick<Report["arms"], "base" | "sft-only"> & Required<Pick<Report["arms"], "internalized">>;
}

/**
 * The finished runs of a policy that examined the model, newest first, one read after the other:
 * whoever wants the newest reads no more. A run that cannot be read is passed over.
 * @param policy the policy's file.
 * @param warn told, in one line, why a run is passed over.
 */
export async function* finishedRuns(
  ingrain: IngrainFolder,
  policy: string,
  warn: (line: string) => void,
): AsyncGenerator<RunResults> {
  const path = policyPath(ingrain.root, policy);
  const ids = await foldersIn(ingrain.runs);
  // Ids begin with the time.
  for (const id of ids.sort((a, b) => b.localeCompare(a))) {
    try {
      const found = await readResults(join(ingrain.runs, id), path);
      if (found) yield found;
    } catch (error) {
      warn(messageOf(error));
    }
  }
}

/**
 * What a run says of its statements.
 * @throws InputError when it has not finished, examined no model or is broken.
 */
export async function requireResults(folder: string): Promise<RunResults> {
  const found = await readResults(folder);
  if (!found) {
    throw new InputError("The run has no results.", "Only a finished run tells what it learned.");
  }
  return found;
}

/** @param path the run counts only if it is of the policy there. */
async function readResults(folder: string, path?: string): Promise<RunResults | undefined> {
  const files = runFiles(folder);
  const isThere = await access(files.report).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  const { id, policy, engine } = await readSpec(folder);
  // The report is there a moment before the run has finished.
  if (path !== undefined && policy.path !== path) return undefined;
  if (lastEvent(files.events)?.type !== "finished") return undefined;
  const report = await readJson(Report, files.report, "the report of the run");
  const { base, internalized, "sft-only": sftOnly } = report.arms;
  if (!internalized) return undefined;
  const { statements } = await readManifest(files.dataset);
  return {
    folder,
    id,
    policy: policy.path,
    at: report.at,
    engine,
    ...(report.model.name !== undefined && { model: report.model.name }),
    accuracy: internalized.accuracy,
    statements,
    arms: {
      [trainedArm]: internalized,
      ...(base && { base }),
      ...(sftOnly && { "sft-only": sftOnly }),
    },
  };
}
