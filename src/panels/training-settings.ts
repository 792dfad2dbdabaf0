import * as vscode from "vscode";
import { Setting } from "../contributions.ts";
import { InputError } from "../policy/errors.ts";
import {
  type NewRun,
  onnxTrackers,
  requireDevice,
  requireEngine,
  trackers,
  trlStages,
} from "../training/run-options.ts";
import type { DeviceChoice } from "../training/spec.ts";
import { checkTarget, type RayTarget } from "../training/targets/ray/cluster.ts";
import { environmentFolder, findProgram, interpreterOf } from "../training/trainers.ts";

/** What a run takes from the settings: everything but its folders. */
export type TrainingSettings = NewRun extends infer Run
  ? Run extends NewRun
    ? Omit<Run, "runs" | "dataset">
    : never
  : never;

/**
 * The training that the settings ask for.
 * @throws InputError when the trl engine has no model yet.
 */
export function trainingSettings(scope: vscode.Uri): TrainingSettings {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  const seed = configuration.get<number>(Setting.trainingSeed, 1);
  const engine = requireEngine(configuration.get<string>(Setting.engine, "onnx"));
  const reportTo = configuration.get<string[]>(Setting.reportTo, []);
  if (engine === "onnx") {
    return { engine, seed, device: deviceFor(scope), reportTo: onnxTrackers(reportTo) };
  }
  const model = configuration.get<string>(Setting.model, "").trim();
  if (model === "") {
    throw new InputError("The engine trl has no model.", "Choose one with Choose Training Engine.");
  }
  const root = vscode.workspace.getWorkspaceFolder(scope)?.uri.fsPath;
  return {
    engine,
    seed,
    reportTo: trackers(reportTo),
    model,
    stages: trlStages(configuration.get<string[]>(Setting.stages, ["cpt", "sft"])),
    hyperparameters: { method: configuration.get<string>(Setting.method, "lora") },
    ...rayTarget(configuration),
    ...(root !== undefined && { cwd: root }),
  };
}

/** Where the embedded engine computes. */
export function deviceFor(scope?: vscode.Uri): DeviceChoice {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  return requireDevice(configuration.get<string>(Setting.device, "auto"));
}

/** @throws InputError when the settings ask for a cluster and do not name it whole. */
function rayTarget(configuration: vscode.WorkspaceConfiguration): { ray?: RayTarget } {
  if (configuration.get<string>(Setting.target, "local") !== "ray") return {};
  const address = configuration.get<string>(Setting.rayAddress, "").trim();
  const storage = configuration.get<string>(Setting.rayStorage, "").trim();
  if (address === "" || storage === "") {
    throw new InputError(
      `The target ray has no ${address === "" ? "address" : "storage"}.`,
      "Choose one with Choose Training Engine.",
    );
  }
  const workers = configuration.get<number>(Setting.rayWorkers, 1);
  return { ray: checkTarget({ address, storage, workers }) };
}

interface PythonExtension {
  environments: { getActiveEnvironmentPath(scope?: vscode.Uri): { path: string } };
}

/**
 * The interpreter of the trl engine: the setting's, else that of the environment that was set up, else
 * the one chosen in the Python extension; undefined leaves it to the system.
 */
export async function pythonFor(scope?: vscode.Uri): Promise<string | undefined> {
  const set = vscode.workspace.getConfiguration(undefined, scope).get<string>(Setting.python, "");
  if (set.trim() !== "") return set.trim();
  const own = interpreterOf(environmentFolder());
  if ((await findProgram(own)) !== undefined) return own;
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  const exports = await extension?.activate().then(
    (api) => api,
    () => undefined,
  );
  const chosen = exports?.environments.getActiveEnvironmentPath(scope).path;
  return chosen === undefined ? undefined : findProgram(chosen);
}
