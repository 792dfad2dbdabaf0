import { basename, join } from "node:path";
import * as vscode from "vscode";
import { type ExportFormat } from "../synthesis/export/export.ts";
import { exportDataset } from "../workspace/export-folder.ts";
import { tell } from "./reporting.ts";

const formats: readonly (vscode.QuickPickItem & { format: ExportFormat })[] = [
  {
    label: "Parquet",
    detail: "Three tables with a dataset card, for Hugging Face datasets and TRL",
    format: "parquet",
  },
  {
    label: "LLaMA-Factory",
    detail: "JSONL with dataset_info.json",
    format: "llama-factory",
  },
  { label: "Axolotl", detail: "JSONL with a config snippet for each stage", format: "axolotl" },
];

/**
 * *Export Dataset*: asks for whom and where to, and writes a folder.
 * @param root where the folder is proposed.
 * @throws InputError when the dataset cannot be read, or something is there already.
 */
export async function askAndExport(
  dataset: string,
  root: string,
  reveal: (folder: string) => Promise<void>,
): Promise<void> {
  const chosen = await vscode.window.showQuickPick(formats, { title: "Export Dataset" });
  if (!chosen) return;
  const proposed = join(root, `${basename(dataset)}-${chosen.format}`);
  const target = await vscode.window.showSaveDialog({
    title: "Export Dataset",
    saveLabel: "Export",
    defaultUri: vscode.Uri.file(proposed),
  });
  if (!target) return;
  const { folder, effect } = await exportDataset(dataset, chosen.format, target.fsPath);
  const { rejected, edited } = effect;
  const reviews =
    rejected + edited === 0 ? "" : ` Reviewers left ${rejected} rows out and edited ${edited}.`;
  await tell("information", `The dataset is exported.${reviews}`, [
    ["Reveal Folder", () => reveal(folder)],
  ]);
}
