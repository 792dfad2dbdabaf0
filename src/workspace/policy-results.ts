import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { z } from "zod";
import { InputError } from "../policy/errors.ts";
import { readRequired } from "../training/files.ts";
import { readReport } from "../training/run-folder.ts";
import type { DatasetManifest } from "../synthesis/dataset.ts";
import { newestDataset, policyPath } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";
import { listRuns } from "./runs.ts";

/** What the `.ingrain` folder holds on the statements of one policy. */
export interface PolicyResults {
  /** The ids of the statements that each row of the newest dataset comes from. */
  rows?: readonly (readonly string[])[];
  /** What the newest dataset says of itself. */
  manifest?: DatasetManifest;
  /** Right and asked of the trained model, per statement id, in the newest finished run's report. */
  learned?: Readonly<Record<string, { right: number; n: number }>>;
}

/**
 * The newest dataset and the newest report of a policy; nothing where there is none.
 * @param policy the policy's file.
 * @throws InputError when a file of them is broken.
 */
export async function policyResults(
  ingrain: IngrainFolder,
  policy: string,
): Promise<PolicyResults> {
  const path = policyPath(ingrain.root, policy);
  const [dataset, learned] = await Promise.all([
    datasetOf(ingrain, path),
    learnedOf(ingrain, path),
  ]);
  return { ...dataset, ...(learned && { learned }) };
}

async function datasetOf(
  ingrain: IngrainFolder,
  path: string,
): Promise<Pick<PolicyResults, "rows" | "manifest">> {
  const newest = await newestDataset(ingrain, path);
  if (!newest) return {};
  const rows: string[][] = [];
  for (const part of ["cpt", "sft", "exam"]) {
    const path = join(newest.folder, `${part}.jsonl`);
    const lines = (await readRequired(path, "a file of the dataset")).split("\n");
    for (const [index, line] of lines.entries()) {
      // A dataset has ten thousand rows, and the editor must not wait for them all.
      if (index % linesAtOnce === 0) await setImmediate();
      if (line.trim() !== "") rows.push(statementsOf(line, `${path}:${index + 1}`));
    }
  }
  return { rows, manifest: newest.manifest };
}

/** What is read of a row: the rest shows in the dataset panel. */
const Row = z.object({ statements: z.array(z.string()) });
const linesAtOnce = 500;

function statementsOf(line: string, where: string): string[] {
  try {
    return Row.parse(JSON.parse(line)).statements;
  } catch {
    throw new InputError(`${where}: not a row of a dataset.`);
  }
}

async function learnedOf(ingrain: IngrainFolder, path: string): Promise<PolicyResults["learned"]> {
  for (const { folder, spec, state } of await listRuns(ingrain)) {
    if (spec?.policy.path !== path || !state) continue;
    const arm = (await readReport(folder, state))?.arms.internalized;
    if (arm) return arm.byStatement;
  }
  return undefined;
}
