import * as vscode from "vscode";
import { type RunSummary, mostCompared } from "../protocol/runs.ts";
import { statusWord } from "../protocol/words.ts";
import { tell } from "./reporting.ts";

type Item = vscode.QuickPickItem & { folder: string };

/**
 * Lets the user pick runs to compare.
 * @param shown the folder of a run that takes part anyway, and is not offered.
 * @param picked folders that are picked at first.
 * @returns folders, newest first; undefined when the user chose nothing.
 */
export async function chooseRuns(
  runs: readonly RunSummary[],
  { shown, picked }: { shown?: string; picked: readonly string[] },
): Promise<string[] | undefined> {
  const most = mostCompared - Number(shown !== undefined);
  const title = runs.find(({ folder }) => folder === shown)?.title;
  const pick = vscode.window.createQuickPick<Item>();
  pick.title = title === undefined ? "Compare Runs" : `Compare "${title}" with`;
  const hint = `Up to ${most} runs`;
  pick.placeholder = hint;
  pick.canSelectMany = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = runs
    .filter(({ folder, status }) => folder !== shown && status !== "broken")
    .map(itemOf);
  let chosen = pick.items.filter(({ folder }) => picked.includes(folder)).slice(0, most);
  pick.selectedItems = chosen;
  pick.onDidChangeSelection((selection) => {
    if (selection.length <= most) chosen = [...selection];
    else {
      // One too many: it is not taken.
      pick.selectedItems = chosen;
      pick.placeholder = `${hint}: take one away first`;
    }
  });
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => resolve(chosen.map(({ folder }) => folder)));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    pick.dispose();
  }
}

/** Asks for one of the runs, where there are several. @param none told where there is none. */
export async function chooseRun(
  runs: readonly RunSummary[],
  title: string,
  none: string,
): Promise<string | undefined> {
  if (runs.length === 0) await tell("information", none);
  if (runs.length < 2) return runs[0]?.folder;
  return (await vscode.window.showQuickPick(runs.map(itemOf), { title }))?.folder;
}

function itemOf({ folder, id, title, status, accuracy }: RunSummary): Item {
  const figure = accuracy === undefined ? [] : [accuracy.toFixed(2)];
  return {
    label: title,
    description: [statusWord[status], ...figure].join(", "),
    detail: id,
    folder,
  };
}
