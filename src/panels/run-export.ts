import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { InputError } from "../policy/errors.ts";
import type { RunRecord } from "./run-view.ts";
import { tell } from "./reporting.ts";
import { curvesCsv, examCsv } from "./run-csv.ts";

type What = "picture" | "curves" | "exam";

const offers: readonly (vscode.QuickPickItem & { what: What })[] = [
  {
    label: "Picture",
    detail: "The curves and the exam as they are shown, as PNG",
    what: "picture",
  },
  { label: "Curves", detail: "Every step of every run that is shown, as CSV", what: "curves" },
  { label: "Exam", detail: "Every score of every run that is shown, as CSV", what: "exam" },
];

/**
 * Asks what of the shown runs is exported and where to, and writes it: wherever the extension runs,
 * which may be another machine than the window's.
 * @param records the shown run first.
 * @param draw a picture of what the panel shows, as PNG in base64; undefined when there is nothing.
 * @throws InputError when there is nothing to export.
 */
export async function exportRuns(
  records: readonly RunRecord[],
  draw: () => Promise<string | undefined>,
): Promise<void> {
  const [shown] = records;
  if (!shown) throw new InputError("No run is shown.");
  const chosen = await vscode.window.showQuickPick(offers, { title: "Export Run" });
  if (!chosen) return;
  const content = await contentOf(chosen.what, records, draw);
  const kind = chosen.what === "picture" ? "png" : "csv";
  const target = await vscode.window.showSaveDialog({
    title: `Export ${chosen.label}`,
    saveLabel: "Export",
    defaultUri: vscode.Uri.file(
      join(folderFor(shown.folder), `${shown.spec.id}-${chosen.what}.${kind}`),
    ),
    filters: kind === "png" ? { PNG: ["png"] } : { CSV: ["csv"] },
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, content);
  await tell("information", `Exported: ${vscode.workspace.asRelativePath(target)}`, [
    ["Open", () => vscode.commands.executeCommand("vscode.open", target)],
  ]);
}

async function contentOf(
  what: What,
  records: readonly RunRecord[],
  draw: () => Promise<string | undefined>,
): Promise<Uint8Array> {
  if (what !== "picture") {
    return Buffer.from(what === "curves" ? curvesCsv(records) : examCsv(records), "utf8");
  }
  const png = await draw();
  if (png === undefined) throw new InputError("There is no curve to draw yet.");
  return Buffer.from(png, "base64");
}

/** Beside `.ingrain`: what is exported is no part of the run. */
const folderFor = (run: string): string => dirname(dirname(dirname(run)));
