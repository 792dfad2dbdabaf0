import { stat } from "node:fs/promises";
import { isAbsolute, posix, resolve } from "node:path";
import type { z } from "zod";
import type { ArmName } from "../evaluation/report.ts";
import { InputError } from "../policy/errors.ts";
import { defaultHyperparameters } from "./engines/onnx/recipe.ts";
import {
  defaultTrlHyperparameters,
  Method,
  TrlHyperparameters,
} from "./engines/trl/hyperparameters.ts";
import {
  type DeviceChoice,
  devices,
  type Engine,
  engines,
  OnnxHyperparameters,
  type OnnxRunSpec,
  type Target,
  Tracker,
  type TrlRunSpec,
} from "./spec.ts";
import type { RayTarget } from "./targets/ray/cluster.ts";

interface Shared {
  /** The folder that holds the runs. */
  runs: string;
  /** The dataset folder. */
  dataset: string;
  seed: number;
  /** What the curves are written for beside the events; see Tracker. */
  reportTo?: readonly string[];
}

/** Hyperparameters by name, as a person gives them: what differs from the engine's defaults. */
export type Changes = Readonly<Record<string, unknown>>;

export interface NewOnnxRun extends Shared {
  engine?: "onnx";
  /** `auto` unless told. */
  device?: DeviceChoice;
  hyperparameters?: Changes;
}

export interface NewTrlRun extends Shared {
  engine: "trl";
  /** A folder, relative to `cwd`, or a hub id. */
  model: string;
  revision?: string;
  cwd?: string;
  stages?: readonly TrlStage[];
  /** All unless told. */
  arms?: readonly ComparedArm[];
  /** A text file of general text to replay in pretraining. */
  replay?: string;
  hyperparameters?: Changes;
  /** The cluster to train on; this machine unless told. */
  ray?: RayTarget;
}

/** `onnx` unless told. */
export type NewRun = NewOnnxRun | NewTrlRun;

export const targetOf = (run: NewRun): Target =>
  run.engine === "trl" && run.ray ? "ray" : "local";

export type TrlStage = TrlRunSpec["stages"][number];
export type ComparedArm = TrlRunSpec["arms"][number];
export const comparedArms: readonly ComparedArm[] = [
  "base",
  "policy-in-prompt",
  "retrieval",
  "sft-only",
];

/** @throws InputError that names the engines there are. */
export function requireEngine(name: string): Engine {
  const engine = engines.find((known) => known === name);
  if (engine === undefined) {
    throw new InputError(`unknown engine "${name}"; this version has: ${engines.join(", ")}`);
  }
  return engine;
}

/** @throws InputError that names the devices there are. */
export function requireDevice(name: string): DeviceChoice {
  const device = devices.find((known) => known === name);
  if (device === undefined) {
    throw new InputError(`unknown device "${name}"; there are: ${devices.join(", ")}`);
  }
  return device;
}

/** @throws InputError that names what is wrong. */
export function onnxHyperparameters(changed: Changes = {}): OnnxHyperparameters {
  const merged = merge(OnnxHyperparameters, defaultHyperparameters, changed);
  const { width, heads } = merged;
  if (width % heads !== 0 || (width / heads) % 2 !== 0) {
    throw new InputError(
      `hyperparameter width: ${width} is not an even multiple of the ${heads} heads`,
    );
  }
  return merged;
}

/** @throws InputError that names what is wrong. */
export function trlHyperparameters(changed: Changes = {}): TrlHyperparameters {
  const method = Method.safeParse(changed["method"] ?? "lora");
  const defaults = defaultTrlHyperparameters(method.data);
  return merge(TrlHyperparameters, defaults, changed);
}

/** @throws InputError for hyperparameters that the engine does not have or cannot use. */
export function checkHyperparameters(engine: Engine, changed: Changes): void {
  if (engine === "onnx") onnxHyperparameters(changed);
  else trlHyperparameters(changed);
}

function merge<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  defaults: object,
  changed: Changes,
): z.output<z.ZodObject<Shape>> {
  const unknown = Object.keys(changed).find((name) => !(name in schema.shape));
  if (unknown !== undefined) {
    const known = Object.keys(schema.shape).join(", ");
    throw new InputError(`unknown hyperparameter "${unknown}"; there are: ${known}`);
  }
  const parsed = schema.safeParse({ ...defaults, ...changed });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw new InputError(`hyperparameter ${issue.path.join(".")}: ${issue.message}`);
}

const hubId = /^[\w.-]+\/[\w.-]+$/;

/**
 * A model as the run folder names it: an absolute path, or a hub id.
 * @param elsewhere it trains on other machines: whether they have the path, the pre-flight asks them.
 * @throws InputError when it is neither a folder nor the form of a hub id.
 */
export async function modelName(model: string, cwd: string, elsewhere = false): Promise<string> {
  if (elsewhere && posix.isAbsolute(model)) return model;
  const path = resolve(cwd, model);
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (isFolder) return path;
  if (hubId.test(model) && !isAbsolute(model)) return model;
  throw new InputError(
    `there is no model in ${path}`,
    "Name a folder with a model's config.json and *.safetensors, or a hub id such as Qwen/Qwen3-4B.",
  );
}

/**
 * Stages in the order that they are run.
 * @throws InputError for a stage that there is not, twice the same, or none that trains.
 */
export function trlStages(names: readonly string[]): TrlStage[] {
  const order = ["cpt", "sft", "rl", "exam"] as const;
  const unknown = names.find((name) => !order.some((stage) => stage === name));
  if (unknown !== undefined) {
    throw new InputError(`unknown stage "${unknown}"; there are: ${order.join(", ")}`);
  }
  const stages = order.filter((stage) => stage === "exam" || names.includes(stage));
  if (stages.length === 1) {
    throw new InputError("no stage trains", "Name at least one of cpt, sft and rl.");
  }
  return stages;
}

/** @throws InputError for a tracker that there is not. */
export function trackers(names: readonly string[]): Tracker[] {
  const unknown = names.find((name) => !Tracker.safeParse(name).success);
  if (unknown !== undefined) {
    throw new InputError(`cannot report to "${unknown}"; there are: ${Tracker.options.join(", ")}`);
  }
  return Tracker.options.filter((name) => names.includes(name));
}

/** @throws InputError for a tracker that there is not, or that wants Python. */
export function onnxTrackers(names: readonly string[]): NonNullable<OnnxRunSpec["reportTo"]> {
  return trackers(names).map((name) => {
    if (name === "tensorboard") return name;
    throw new InputError(`the engine onnx cannot report to ${name}`, "It can to tensorboard.");
  });
}

/** @throws InputError for an arm that there is not. */
export function comparisonArms(names: readonly string[]): ComparedArm[] {
  const unknown = names.find((name) => !comparedArms.some((arm) => arm === (name as ArmName)));
  if (unknown !== undefined) {
    throw new InputError(`unknown arm "${unknown}"; there are: ${comparedArms.join(", ")}`);
  }
  return comparedArms.filter((arm) => names.includes(arm));
}
