import type { Command } from "commander";
import { InputError } from "../policy/errors.ts";
import {
  checkHyperparameters,
  type Changes,
  comparisonArms,
  modelName,
  type NewRun,
  onnxTrackers,
  requireDevice,
  requireEngine,
  trackers,
  trlStages,
} from "../training/run-options.ts";
import { checkTarget, type RayTarget } from "../training/targets/ray/cluster.ts";
import type { IngrainFolder } from "../workspace/folder.ts";
import type { Io } from "./io.ts";
import { integer, list, setting } from "./options.ts";

/** What `train` and `internalize` are told about the training. */
export interface TrainOptions {
  seed: number;
  set?: Changes;
  engine: string;
  model?: string;
  revision?: string;
  python?: string;
  device?: string;
  stages?: string[];
  arms?: string[];
  replay?: string;
  reportTo?: string[];
  lora?: true;
  qlora?: true;
  full?: true;
  target: string;
  address?: string;
  workers?: number;
  storage?: string;
  dir?: string;
  detach?: true;
  json?: true;
}

export function withTraining(command: Command): Command {
  return deviceOption(pythonOption(command))
    .option("--seed <n>", "of rows and weights", integer, 1)
    .option("--set <key=value>", "change a hyperparameter; may be given again", setting)
    .option("--engine <name>", "what trains: onnx, or trl for a real model", "onnx")
    .option("--model <name>", "trl: the model's folder, or its id on the hub")
    .option("--revision <name>", "trl: a branch, tag or commit of the model on the hub")
    .option("--stages <names>", "trl: of cpt, sft and rl, with commas between", list)
    .option("--arms <names>", "trl: what the model is compared with; all by default", list)
    .option("--replay <file>", "trl: general text that pretraining mixes in")
    .option("--report-to <names>", "write curves for tensorboard, and with trl for trackio", list)
    .option("--lora", "trl: train an adapter; the default")
    .option("--qlora", "trl: train an adapter on a model in 4 bits")
    .option("--full", "trl: train all weights")
    .option("--target <name>", "trl: where it trains: local, or ray for a cluster", "local")
    .option("--address <url>", "ray: the cluster's dashboard, such as http://127.0.0.1:8265")
    .option("--workers <n>", "ray: how many train together, one a GPU; 1 by default", integer)
    .option("--storage <place>", "ray: a path or URI that all machines of the cluster share")
    .option("--dir <folder>", "the folder that holds .ingrain")
    .option("--detach", "start the run, print its folder and leave it")
    .option("--json", "print the report as JSON");
}

export function pythonOption(command: Command): Command {
  return command.option("--python <path>", "trl: the Python interpreter");
}

export function deviceOption(command: Command): Command {
  return command.option(
    "--device <name>",
    "onnx: auto, cpu or gpu; auto takes the faster in a short trial",
  );
}

/**
 * The run that the options ask for, checked as far as that needs no dataset.
 * @throws InputError that names what is wrong.
 */
export async function newRun(
  io: Io,
  { runs }: IngrainFolder,
  dataset: string,
  options: TrainOptions,
): Promise<NewRun> {
  const engine = requireEngine(options.engine);
  const hyperparameters = changes(options);
  const { reportTo = [] } = options;
  const shared = { runs, dataset, seed: options.seed, hyperparameters, reportTo };
  if (engine === "onnx") {
    const alien = trlOnly.find((name) => options[name] !== undefined);
    if (alien !== undefined) throw new InputError(`--${alien} needs --engine trl`);
    if (options.target !== "local") throw new InputError("--target ray needs --engine trl");
    checkHyperparameters(engine, hyperparameters);
    onnxTrackers(reportTo);
    const device = requireDevice(options.device ?? "auto");
    return { ...shared, engine, device };
  }
  if (options.device !== undefined) throw new InputError("--device needs --engine onnx");
  const { model, revision, stages, arms, replay } = options;
  if (model === undefined) {
    throw new InputError("the engine trl needs --model", "A folder, or a hub id.");
  }
  checkHyperparameters(engine, hyperparameters);
  trackers(reportTo);
  const ray = rayTarget(io, options);
  return {
    ...shared,
    engine,
    cwd: io.cwd,
    ...(ray && { ray }),
    model: await modelName(model, io.cwd, ray !== undefined),
    ...(revision !== undefined && { revision }),
    ...(stages && { stages: trlStages(stages) }),
    ...(arms && { arms: comparisonArms(arms) }),
    ...(replay !== undefined && { replay }),
  };
}

/**
 * The cluster that the options name; none for this machine. Ray's own variable names the address too.
 * @throws InputError that names what is missing or has no place here.
 */
function rayTarget(io: Io, options: TrainOptions): RayTarget | undefined {
  const { target, address = io.env["RAY_API_SERVER_ADDRESS"], workers = 1, storage } = options;
  if (target === "local") {
    const alien = rayOnly.find((name) => options[name] !== undefined);
    if (alien !== undefined) throw new InputError(`--${alien} needs --target ray`);
    return undefined;
  }
  if (target !== "ray") {
    throw new InputError(`unknown target "${target}"; this version has: local, ray`);
  }
  if (options.python !== undefined) {
    throw new InputError("--python has no place with --target ray: the cluster has its own");
  }
  if (address === undefined) {
    throw new InputError("the target ray needs --address", "Such as http://127.0.0.1:8265.");
  }
  if (storage === undefined) {
    throw new InputError(
      "the target ray needs --storage",
      "A path or URI that all machines of the cluster share.",
    );
  }
  return checkTarget({ address, workers, storage });
}

const rayOnly = ["address", "workers", "storage"] as const;
const methods = ["lora", "qlora", "full"] as const;
const trlOnly = [
  "model",
  "revision",
  "python",
  "stages",
  "arms",
  "replay",
  ...methods,
  ...rayOnly,
] as const satisfies readonly (keyof TrainOptions)[];

/** @throws InputError for two ways to train at once. */
function changes(options: TrainOptions): Changes {
  const [method, other] = methods.filter((name) => options[name]);
  if (other !== undefined) throw new InputError(`--${method!} and --${other} exclude each other`);
  return { ...(method && { method }), ...options.set };
}
