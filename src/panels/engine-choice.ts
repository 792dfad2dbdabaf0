import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import * as vscode from "vscode";
import { Setting } from "../contributions.ts";

type Choice = vscode.QuickPickItem & { engine: "onnx" | "trl"; from?: "folder" | "hub" };

const choices: readonly Choice[] = [
  {
    label: "Embedded Engine",
    detail: "A small model that knows nothing but the policy, in minutes on any machine",
    engine: "onnx",
  },
  {
    label: "Real Model from a Folder…",
    detail: "Qwen3 and others, through Python and TRL; wants a GPU",
    engine: "trl",
    from: "folder",
  },
  {
    label: "Real Model from the Hub…",
    detail: "The same, downloaded from Hugging Face unless it is in the cache",
    engine: "trl",
    from: "hub",
  },
];

/** Asks what trains, and keeps the answer in the settings. @returns false when nothing was chosen. */
export async function chooseEngine(): Promise<boolean> {
  const choice = await vscode.window.showQuickPick(choices, { title: "Train with" });
  if (!choice) return false;
  const model = choice.from && (await (choice.from === "folder" ? chooseFolder() : askHubId()));
  if (choice.engine === "trl" && model === undefined) return false;
  await update(Setting.engine, choice.engine);
  if (model !== undefined) await update(Setting.model, model);
  return true;
}

/** Where the setting is set, it is changed; else it is set for this workspace. */
async function update(setting: string, value: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const { globalValue, workspaceValue } = configuration.inspect<string>(setting) ?? {};
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
  const target =
    workspaceValue === undefined && (globalValue !== undefined || !inWorkspace)
      ? vscode.ConfigurationTarget.Global
      : vscode.ConfigurationTarget.Workspace;
  await configuration.update(setting, value, target);
}

async function chooseFolder(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title: "Choose the folder of a model",
    openLabel: "Use Model",
    canSelectFiles: false,
    canSelectFolders: true,
    defaultUri: vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir()),
  });
  return chosen?.[0]?.fsPath;
}

async function askHubId(): Promise<string | undefined> {
  return vscode.window.showInputBox({
    title: "Model on the Hugging Face hub",
    placeHolder: "Qwen/Qwen3-4B",
    validateInput: async (text) => {
      if (/^[\w.-]+\/[\w.-]+$/.test(text) && !isAbsolute(text)) return undefined;
      const isFolder = await stat(text).then(
        (found) => found.isDirectory(),
        () => false,
      );
      return isFolder
        ? undefined
        : "An owner and a name with a slash between, such as Qwen/Qwen3-4B";
    },
  });
}
