import * as vscode from "vscode";
import type { DatasetSummary } from "../workspace/datasets.ts";
import { tell } from "./reporting.ts";

/**
 * Lets the user pick a dataset; a single one needs no question.
 * @param synthesize what is offered where there is none.
 * @returns its folder; undefined when the user chose nothing.
 */
export async function chooseDataset(
  datasets: readonly DatasetSummary[],
  title: string,
  synthesize: () => Promise<void>,
): Promise<string | undefined> {
  if (datasets.length === 0) {
    await tell("information", "There is no dataset yet.", [["Synthesize Dataset", synthesize]]);
  }
  if (datasets.length < 2) return datasets[0]?.folder;
  const items = datasets.map(({ folder, name, manifest, problem }) => ({
    label: manifest?.policy.title ?? name,
    description: problem ?? describeDataset(manifest),
    detail: name,
    folder,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.folder;
}

/** How large a dataset is, and from which seed. */
function describeDataset(manifest: DatasetSummary["manifest"]): string {
  if (!manifest) return "";
  const { cpt, sft, exam } = manifest.counts;
  return `${(cpt + sft + exam).toLocaleString("en")} rows, seed ${manifest.seed}`;
}
