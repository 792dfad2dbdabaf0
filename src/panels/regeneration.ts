import { resolve, sep } from "node:path";
import * as vscode from "vscode";
import { InputError } from "../policy/errors.ts";
import { readManifest } from "../training/dataset-folder.ts";
import { isMissing } from "../training/files.ts";
import { policyFileInside } from "../workspace/datasets.ts";
import type { RegenerationRequest } from "./dataset-panel.ts";
import { requireTrust } from "./reporting.ts";
import type { MadeDataset } from "./synthesis.ts";
import { regenerateRows, type TeachingOptions } from "./teaching.ts";

/**
 * Makes other rows in a dataset.
 * @param options how a dataset of a policy is made.
 * @returns the dataset with them; undefined when the user left.
 * @throws InputError when there are none, or when the policy is gone or another one by now.
 */
export async function regenerate(
  folder: string,
  { target, taught }: RegenerationRequest,
  options: (policy: vscode.Uri) => TeachingOptions,
): Promise<MadeDataset | undefined> {
  requireTrust();
  const [root = ""] = resolve(folder).split(`${sep}.ingrain${sep}`);
  const { policy } = await readManifest(folder);
  const inside = await policyFileInside(root, policy.path).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (inside === undefined) {
    throw new InputError(`the policy is not in the workspace any more: ${policy.path}`);
  }
  // By the name that the dataset knows it by, whatever links are on the way.
  const { job, ...rest } = options(vscode.Uri.file(resolve(root, policy.path)));
  return regenerateRows({ ...rest, job: { ...job, regenerate: { folder, target } } }, taught);
}
