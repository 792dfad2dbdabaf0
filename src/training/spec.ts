import { z } from "zod";
import { ArmName } from "../evaluation/report.ts";
import { InputError } from "../policy/errors.ts";
import { TrlHyperparameters } from "./engines/trl/hyperparameters.ts";
import { Cluster } from "./targets/ray/cluster.ts";

/** Hyperparameters of the embedded engine. Rates and betas as AdamW names them. */
export const OnnxHyperparameters = z.object({
  layers: z.int().min(1),
  heads: z.int().min(1),
  width: z.int().min(8),
  /** Tokens of context. */
  context: z.int().min(16),
  vocabulary: z.int().min(300),
  /** Tokens a step, padding not counted. */
  batchTokens: z.int().min(32),
  cptTokens: z.int().min(0),
  sftTokens: z.int().min(0),
  peakRate: z.number().positive(),
  /** Share of the steps that warm up. */
  warmup: z.number().min(0).max(1),
  /** The rate at the end, as a share of the peak. */
  finalRate: z.number().min(0).max(1),
  beta1: z.number(),
  beta2: z.number(),
  weightDecay: z.number().min(0),
  clipNorm: z.number().positive(),
  /** Share of CPT rows mixed into SFT, so that SFT does not forget. */
  replay: z.number().min(0).max(1),
  /** Chance that a token of a question is left out, so that no single word is the cue. */
  promptDropout: z.number().min(0).max(1),
  /** Chance that a token of a question is any other token: unknown words stand in its place. */
  promptReplacement: z.number().min(0).max(1),
  /** Chance, at either end of a question, that up to ten tokens of anything stand there. */
  promptInsertion: z.number().min(0).max(1),
  checkpointEverySteps: z.int().min(1),
});
export type OnnxHyperparameters = z.infer<typeof OnnxHyperparameters>;

/** What the spec of a run has whatever trains it. */
const shared = {
  version: z.literal(1),
  id: z.string(),
  createdAt: z.iso.datetime(),
  policy: z.object({
    path: z.string(),
    title: z.string(),
    sha256: z.string(),
    /** The commit that last changed the policy, where it lies in a git repository unchanged since. */
    commit: z.string().optional(),
  }),
  dataset: z.object({
    path: z.string(),
    /** Of the rows that the run trains on. */
    sha256: z.string(),
    /** How many rows the reviews left out, and how many they changed. */
    reviews: z.object({ rejected: z.int(), edited: z.int() }).optional(),
  }),
  seed: z.int(),
  versions: z.record(z.string(), z.string()),
};

/** What the curves are written for beside the events. */
export const Tracker = z.enum(["tensorboard", "trackio"]);
export type Tracker = z.infer<typeof Tracker>;

/** Where the embedded engine computes; `auto` takes what a trial finds faster. */
export const devices = ["auto", "cpu", "gpu"] as const;
export const DeviceChoice = z.enum(devices);
export type DeviceChoice = z.infer<typeof DeviceChoice>;

/** A run of the embedded engine. */
export const OnnxRunSpec = z.object({
  ...shared,
  engine: z.literal("onnx"),
  target: z.literal("local"),
  stages: z.array(z.enum(["cpt", "sft", "exam"])),
  /** As it was asked for; the events tell what was taken. Absent in runs of earlier versions. */
  device: DeviceChoice.optional(),
  hyperparameters: OnnxHyperparameters,
  reportTo: z.array(Tracker.extract(["tensorboard"])).optional(),
});
export type OnnxRunSpec = z.infer<typeof OnnxRunSpec>;

/** `resume.json` of a run of the embedded engine: what was changed when it was taken up again. */
export const OnnxResumed = z.object({ device: DeviceChoice.optional() });
export type OnnxResumed = z.infer<typeof OnnxResumed>;

/** A run of the trl engine: a real model, trained by Python. */
export const TrlRunSpec = z.object({
  ...shared,
  engine: z.literal("trl"),
  target: z.enum(["local", "ray"]),
  /** Of a run of the target `ray`. */
  cluster: Cluster.optional(),
  model: z.object({
    /** A folder, as an absolute path where the run trains, or a hub id such as `Qwen/Qwen3-4B`. */
    name: z.string().min(1),
    revision: z.string().optional(),
  }),
  stages: z.array(z.enum(["cpt", "sft", "rl", "exam"])).min(1),
  /** What the internalized model is compared with. */
  arms: z.array(ArmName.exclude(["internalized"])),
  /** The run folder holds a `replay.txt` of general text. */
  replay: z.boolean(),
  hyperparameters: TrlHyperparameters,
  reportTo: z.array(Tracker).optional(),
});
export type TrlRunSpec = z.infer<typeof TrlRunSpec>;

/** `run.json`: everything that a run needs, so that its folder is complete in itself. */
export const RunSpec = z.discriminatedUnion("engine", [OnnxRunSpec, TrlRunSpec]);
export type RunSpec = z.infer<typeof RunSpec>;

/** The engines of this version. */
export const engines = ["onnx", "trl"] as const;
export type Engine = (typeof engines)[number];

/** Where a run trains. */
export type Target = RunSpec["target"];

/** @throws InputError for a run that does not name its cluster. */
export function clusterOf(spec: RunSpec): Cluster {
  if (spec.engine === "trl" && spec.target === "ray" && spec.cluster) return spec.cluster;
  throw new InputError(`the run ${spec.id} names no cluster that it trains on`);
}
