import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { InputError } from "../../../policy/errors.ts";
import type { NewTrlRun } from "../../run-options.ts";
import { trackers, trlHyperparameters, trlStages } from "../../run-options.ts";
import type { Tracker } from "../../spec.ts";
import { requirePython, type Trainers, trlFiles } from "../../trainers.ts";
import { diskBytes, peakBytes, trainingSeconds } from "./estimate.ts";

/** What preflight.py prints. */
export const Facts = z.object({
  python: z.object({ path: z.string(), version: z.string() }),
  packages: z.record(z.string(), z.string().nullable()),
  /** torch is built for a GPU. */
  cuda: z.boolean(),
  gpus: z.array(z.object({ name: z.string(), totalBytes: z.number(), freeBytes: z.number() })),
  memoryBytes: z.number(),
  diskBytes: z.number(),
  model: z.object({
    found: z.boolean(),
    offline: z.boolean().optional(),
    problem: z.string().optional(),
    parameters: z.number().optional(),
    config: z
      .object({
        layers: z.number(),
        width: z.number(),
        inner: z.number(),
        vocabulary: z.number(),
      })
      .optional(),
  }),
});
export type Facts = z.infer<typeof Facts>;

/** What would mend a finding; the editor offers it as a button. */
export type Fix = "set-up" | "choose-python" | "choose-model" | "choose-cluster";

export interface Finding {
  /** `error`: the run cannot succeed; `warning`: it may fail or be slow. */
  level: "fine" | "warning" | "error";
  /** One sentence. */
  text: string;
  fix?: Fix;
}

/**
 * Looks at what a run of the trl engine would find.
 * @throws InputError when there is no interpreter, or it cannot say what it finds.
 */
export async function preflight(run: NewTrlRun, trainers: Trainers): Promise<Finding[]> {
  const facts = await gather(run, trainers);
  return assess(facts, run, await countTokens(run));
}

async function gather({ model, runs }: NewTrlRun, trainers: Trainers): Promise<Facts> {
  const python = await requirePython(trainers.python);
  const script = join(trlFiles(trainers).folder, "preflight.py");
  try {
    const { stdout } = await promisify(execFile)(python, [script, model, runs, ...packages], {
      timeout: 60_000,
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });
    return Facts.parse(JSON.parse(stdout));
  } catch (error) {
    const line = error instanceof Error ? error.message.trim().split("\n").at(-1) : "";
    throw new InputError(
      `the interpreter ${python} cannot be used: ${line ?? ""}`,
      "The trl engine needs Python 3.10 or newer. Set Up Training Environment makes one.",
    );
  }
}

/** What every run needs. */
const required = [
  "torch",
  "transformers",
  "trl",
  "peft",
  "accelerate",
  "datasets",
  "bm25s",
  "filelock",
  "regex",
  "psutil",
];
/** What some runs use where it is there. */
const optional = ["bitsandbytes", "flash_attn", "liger_kernel", "vllm", "ray"];

/** Any one of the packages does. */
const trackerPackages: Readonly<Record<Tracker, readonly string[]>> = {
  tensorboard: ["tensorboard", "tensorboardX"],
  trackio: ["trackio"],
};

/** The packages that a machine is asked for. */
export const packages: readonly string[] = [
  ...required,
  ...optional,
  ...Object.values(trackerPackages).flat(),
];

/** Judges the facts: what is missing with its fix, and what the run will take against what is there. */
export function assess(facts: Facts, run: NewTrlRun, trainTokens: number): Finding[] {
  const hyperparameters = trlHyperparameters(run.hyperparameters);
  return [
    judgePython(facts),
    ...judgePackages(facts, hyperparameters.method),
    ...trackers(run.reportTo ?? []).flatMap((tracker) => judgeTracker(facts, tracker)),
    judgeDevice(facts, hyperparameters.method),
    ...judgeModel(facts, run, trainTokens),
  ];
}

function judgePython({ python }: Facts): Finding {
  const [major = 0, minor = 0] = python.version.split(".").map(Number);
  if (major > 3 || (major === 3 && minor >= 10)) {
    return { level: "fine", text: `Python ${python.version} (${python.path})` };
  }
  return {
    level: "error",
    text: `Python ${python.version} is too old: the trl engine needs 3.10 or newer.`,
    fix: "choose-python",
  };
}

function judgePackages({ packages }: Facts, method: string): Finding[] {
  const wanted = method === "qlora" ? [...required, "bitsandbytes"] : required;
  const missing = wanted.filter((name) => !packages[name]);
  if (missing.length > 0) {
    const are = missing.length === 1 ? "package is" : "packages are";
    const text = `The Python ${are} missing: ${missing.join(", ")}.`;
    return [{ level: "error", text, fix: "set-up" }];
  }
  const trl = packages["trl"] ?? "";
  if (!trl.startsWith("1.13.")) {
    const text = `TRL ${trl} is not the version that this engine is written for, 1.13.`;
    return [{ level: "error", text, fix: "set-up" }];
  }
  const shown = ["torch", "transformers", "trl", "peft"];
  return [
    { level: "fine", text: shown.map((name) => `${name} ${packages[name] ?? ""}`).join(", ") },
  ];
}

/** What nobody needs to train is not part of the environment: its user installs it. */
function judgeTracker({ packages, python }: Facts, tracker: Tracker): Finding[] {
  const wanted = trackerPackages[tracker];
  if (wanted.some((name) => packages[name])) return [];
  const text = `Reporting to ${tracker} needs the Python package ${tracker}: ${python.path} -m pip install ${tracker}`;
  return [{ level: "error", text }];
}

function judgeDevice({ gpus, cuda }: Facts, method: string): Finding {
  const [gpu] = gpus;
  if (gpu && !cuda) {
    return {
      level: "error",
      text: `torch is built without CUDA, and would leave the ${gpu.name} idle.`,
      fix: "set-up",
    };
  }
  if (gpu) {
    const count = gpus.length > 1 ? `${gpus.length} × ` : "";
    return {
      level: "fine",
      text: `${count}${gpu.name}, ${gigabytes(gpu.freeBytes)} of ${gigabytes(gpu.totalBytes)} free`,
    };
  }
  if (method === "qlora")
    return { level: "error", text: "QLoRA needs a CUDA GPU, and none is here." };
  return {
    level: "warning",
    text: "No CUDA GPU is here: on a CPU only small models train in a time that one waits for.",
  };
}

function judgeModel(facts: Facts, run: NewTrlRun, tokens: number): Finding[] {
  const { model } = facts;
  if (!model.found && model.offline === true) {
    const text = `The model ${run.model} is not in the cache, and HF_HUB_OFFLINE forbids to fetch it.`;
    return [{ level: "error", text, fix: "choose-model" }];
  }
  if (!model.found) {
    const text = `The model ${run.model} is not in the cache: the run downloads it first.`;
    return [{ level: "warning", text }];
  }
  if (model.problem !== undefined) {
    const text = `The model ${run.model} cannot be used: ${model.problem}.`;
    return [{ level: "error", text, fix: "choose-model" }];
  }
  const { parameters = 0, config } = model;
  if (!config || parameters === 0) return [];
  return judgeSize(facts, { parameters, ...config }, run, tokens);
}

function judgeSize(
  { gpus, memoryBytes, diskBytes: room }: Facts,
  shape: Parameters<typeof peakBytes>[0],
  run: NewTrlRun,
  tokens: number,
): Finding[] {
  const hyperparameters = trlHyperparameters(run.hyperparameters);
  const [gpu] = gpus;
  const peak = peakBytes(shape, hyperparameters, gpu !== undefined);
  const there = gpu?.freeBytes ?? memoryBytes;
  const disk = diskBytes(shape, hyperparameters);
  const seconds = gpu && trainingSeconds(shape, hyperparameters, tokens, gpu.name, gpus.length);
  const name = `${billions(shape.parameters)} parameters, ${hyperparameters.method}`;
  const needs = `about ${gigabytes(peak)} of memory at a batch of ${hyperparameters.batchSize}`;
  return [
    peak <= there || there === 0
      ? { level: "fine", text: `${name}: ${needs}` }
      : {
          level: "warning",
          text: `${name}: ${needs}, and ${gigabytes(there)} are free. Use --qlora, a smaller batchSize or contextTokens.`,
        },
    disk <= room
      ? { level: "fine", text: `Disk: up to ${gigabytes(disk)} of ${gigabytes(room)} free` }
      : {
          level: "error",
          text: `The run writes up to ${gigabytes(disk)}, and ${gigabytes(room)} are free on the disk of ${run.runs}.`,
        },
    {
      level: "fine",
      text:
        `About ${Math.round(tokens / 1000).toLocaleString("en")} thousand tokens to train on` +
        (seconds === undefined ? "" : `, ${duration(seconds)} at a guess`),
    },
  ];
}

/** Characters a token, about: what English text has in large vocabularies. */
const charactersPerToken = 4;

/** What a run trains on, over all stages and epochs, by the sizes of the dataset's files. */
export async function countTokens(run: NewTrlRun): Promise<number> {
  const { cptEpochs, sftEpochs, rlSteps, rlGroup, rlPrompts, rlMaxTokens } = trlHyperparameters(
    run.hyperparameters,
  );
  const stages = trlStages(run.stages ?? ["cpt", "sft"]);
  const texts = await textLength(join(run.dataset, "cpt.jsonl"), /"text":"((?:[^"\\]|\\.)*)"/g);
  const turns = await textLength(join(run.dataset, "sft.jsonl"), /"content":"((?:[^"\\]|\\.)*)"/g);
  const sum =
    (stages.includes("cpt") ? (cptEpochs * texts) / charactersPerToken : 0) +
    // The arm sft-only trains on the same rows.
    (stages.includes("sft") ? (2 * sftEpochs * turns) / charactersPerToken : 0) +
    (stages.includes("rl") ? rlSteps * rlPrompts * 2 * rlGroup * rlMaxTokens : 0);
  return Math.round(sum);
}

async function textLength(path: string, pattern: RegExp): Promise<number> {
  const rows = await readFile(path, "utf8").catch(() => "");
  let length = 0;
  for (const [, text] of rows.matchAll(pattern)) length += text!.length;
  return length;
}

export function gigabytes(bytes: number): string {
  const value = bytes / 2 ** 30;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} GiB`;
}

function billions(parameters: number): string {
  if (parameters >= 1e9) return `${(parameters / 1e9).toFixed(1)} billion`;
  if (parameters >= 1e6) return `${Math.round(parameters / 1e6)} million`;
  return `${Math.round(parameters / 1e3)} thousand`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
