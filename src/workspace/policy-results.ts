import { readReport } from "../training/run-folder.ts";
import { listDatasets, policyPath, readPart } from "./datasets.ts";
import type { IngrainFolder } from "./folder.ts";
import { listRuns } from "./runs.ts";

/** What the `.ingrain` folder holds on the statements of one policy. */
export interface PolicyResults {
  /** The ids of the statements that each row of the newest dataset comes from. */
  rows?: readonly (readonly string[])[];
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
  const [rows, learned] = await Promise.all([rowsOf(ingrain, path), learnedOf(ingrain, path)]);
  return { ...(rows && { rows }), ...(learned && { learned }) };
}

async function rowsOf(ingrain: IngrainFolder, path: string): Promise<PolicyResults["rows"]> {
  const datasets = await listDatasets(ingrain);
  const newest = datasets.find(({ manifest }) => manifest?.policy.path === path);
  if (!newest) return undefined;
  const parts = [];
  // One after the other, so that the editor has a breath between two files.
  for (const part of ["cpt", "sft", "exam"] as const) {
    parts.push(...(await readPart(newest.folder, part)).map(({ statements }) => statements));
  }
  return parts;
}

async function learnedOf(ingrain: IngrainFolder, path: string): Promise<PolicyResults["learned"]> {
  for (const { folder, spec, state } of await listRuns(ingrain)) {
    if (spec?.policy.path !== path || !state) continue;
    const arm = (await readReport(folder, state))?.arms.internalized;
    if (arm) return arm.byStatement;
  }
  return undefined;
}
