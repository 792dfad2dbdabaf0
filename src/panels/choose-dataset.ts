import * as vscode from "vscode";
import type { DatasetSummary } from "../workspace/datasets.ts";
import { type NextStep, tell } from "./reporting.ts";

/** Asks for one of the datasets, where there are several. @param make offered where there is none. */
export async function chooseDataset(
  datasets: readonly DatasetSummary[],
  title: string,
  make: readonly NextStep[],
): Promise<string | undefined> {
  if (datasets.length === 0) await tell("information", "There is no dataset yet.", make);
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
