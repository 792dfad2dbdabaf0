import * as vscode from "vscode";
import type { RunSummary } from "../protocol/runs.ts";
import { statusWord } from "../protocol/words.ts";
import { tell } from "./reporting.ts";

/** Asks for one of the runs, where there are several. @param none told where there is none. */
export async function chooseRun(
  runs: readonly RunSummary[],
  title: string,
  none: string,
): Promise<string | undefined> {
  if (runs.length === 0) await tell("information", none);
  if (runs.length < 2) return runs[0]?.folder;
  const items = runs.map(({ folder, id, title: label, status }) => ({
    label,
    description: statusWord[status],
    detail: id,
    folder,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.folder;
}
