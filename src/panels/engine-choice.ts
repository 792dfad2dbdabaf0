import { stat } from "node:fs/promises";
import { homedir } from "node:os";
import { isAbsolute, posix } from "node:path";
import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import { InputError } from "../policy/errors.ts";
import {
  rayAddress,
  type RayTarget,
  storagePlace,
  workerCount,
} from "../training/targets/ray/cluster.ts";

type Choice = vscode.QuickPickItem & {
  engine: "onnx" | "trl";
  from?: "folder" | "hub" | "cluster";
};

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
  {
    label: "Real Model on a Ray Cluster…",
    detail: "As a job on machines of yours with GPUs; needs no Python here",
    engine: "trl",
    from: "cluster",
  },
];

/** Asks what trains, and keeps the answer in the settings. @returns false when nothing was chosen. */
export async function chooseEngine(): Promise<boolean> {
  const choice = await vscode.window.showQuickPick(choices, { title: "Train with" });
  if (!choice) return false;
  const cluster = choice.from === "cluster" ? await askCluster() : undefined;
  if (choice.from === "cluster" && !cluster) return false;
  const model = choice.from && (await askModel[choice.from]());
  if (choice.engine === "trl" && model === undefined) return false;
  await update(Setting.engine, choice.engine);
  if (choice.engine === "trl") await update(Setting.target, cluster ? "ray" : "local");
  if (model !== undefined) await update(Setting.model, model);
  if (cluster) await keepCluster(cluster);
  return true;
}

/** Where a policy is sent is a matter of the user, not of a workspace. */
async function keepCluster({ address, workers, storage }: RayTarget): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const user = vscode.ConfigurationTarget.Global;
  await configuration.update(Setting.rayAddress, address, user);
  await configuration.update(Setting.rayWorkers, workers, user);
  await configuration.update(Setting.rayStorage, storage, user);
}

/** Asks for the cluster, from what the settings have. @returns undefined when a question was left. */
async function askCluster(): Promise<RayTarget | undefined> {
  const configuration = vscode.workspace.getConfiguration();
  const before = <T>(setting: string, none: T) => configuration.get<T>(setting) ?? none;
  const address = await ask(
    "Address of the Ray cluster's dashboard (1 of 3)",
    "http://127.0.0.1:8265",
    before(Setting.rayAddress, ""),
    rayAddress,
  );
  if (address === undefined) return undefined;
  const workers = await ask(
    "Workers: one a GPU (2 of 3)",
    "1",
    String(before(Setting.rayWorkers, 1)),
    workerCount,
  );
  if (workers === undefined) return undefined;
  const storage = await ask(
    "Storage that all machines of the cluster share (3 of 3)",
    "/mnt/shared/ingrain, s3://bucket/ingrain",
    before(Setting.rayStorage, ""),
    storagePlace,
  );
  return storage === undefined ? undefined : { address, workers, storage };
}

/** @param read throws an InputError for a text that does not do. */
async function ask<T>(
  title: string,
  placeHolder: string,
  value: string,
  read: (text: string) => T,
): Promise<T | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    placeHolder,
    value,
    ignoreFocusOut: true,
    validateInput: (text) => {
      try {
        read(text.trim());
        return undefined;
      } catch (error) {
        return error instanceof InputError
          ? `${error.message}. ${error.hint ?? ""}`
          : String(error);
      }
    },
  });
  return text === undefined ? undefined : read(text.trim());
}

/** The cluster has its own disks: a path there is not looked for here. */
async function askClusterModel(): Promise<string | undefined> {
  return ask(
    "Model: a path on the cluster, or an id on the Hugging Face hub",
    "/mnt/shared/models/Qwen3-4B, Qwen/Qwen3-4B",
    vscode.workspace.getConfiguration().get<string>(Setting.model, ""),
    (text) => {
      if (posix.isAbsolute(text) || /^[\w.-]+\/[\w.-]+$/.test(text)) return text;
      throw new InputError("an absolute path, or an owner and a name such as Qwen/Qwen3-4B");
    },
  );
}

const askModel = { folder: chooseFolder, hub: askHubId, cluster: askClusterModel };

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
