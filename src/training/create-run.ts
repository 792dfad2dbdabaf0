import { rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../policy/errors.ts";
import manifest from "../../package.json" with { type: "json" };
import type { Dataset } from "../synthesis/dataset.ts";
import { applyReviews } from "../synthesis/reviews.ts";
import { copyDataset, hashDataset, readDataset, writeRows } from "./dataset-folder.ts";
import { defaultHyperparameters } from "./engines/onnx/recipe.ts";
import { runtimeVersion } from "./engines/onnx/runtime.ts";
import { withPath } from "./file-errors.ts";
import { draftFolder, hasCode } from "./files.ts";
import { identify } from "./processes.ts";
import { readReviews } from "./review-file.ts";
import { runFiles } from "./run-folder.ts";
import type { RunSpec } from "./spec.ts";
import { OnnxHyperparameters } from "./spec.ts";

export interface NewRun {
  /** The folder that holds the runs. */
  runs: string;
  /** The dataset folder. */
  dataset: string;
  seed: number;
  /** Those that differ from the engine's defaults. */
  hyperparameters?: Partial<OnnxHyperparameters>;
  /** `onnx` unless told. */
  engine?: string;
}

/** The engines of this version. */
export const engines = ["onnx"] as const;

/**
 * Makes the folder of a run, complete in itself: the spec and a copy of the dataset as its reviewers
 * want it, without the rows that they rejected and with their edits. It appears with all its files
 * or not at all.
 * @returns its path.
 * @throws InputError when the dataset or a review is broken or an option is not known.
 */
export async function createRun(options: NewRun): Promise<{ folder: string; spec: RunSpec }> {
  const engine = requireEngine(options.engine ?? "onnx");
  const hyperparameters = checkHyperparameters(options.hyperparameters ?? {});
  const whole = await readDataset(options.dataset);
  const { dataset, effect } = applyReviews(whole, await readReviews(options.dataset));
  requireRows(whole, dataset, options.dataset);
  const { path, title, sha256 } = dataset.manifest.policy;
  const createdAt = new Date().toISOString();
  const spec: RunSpec = {
    version: 1,
    id: "",
    createdAt,
    policy: { path, title, sha256 },
    dataset: { path: options.dataset, sha256: await hashDataset(options.dataset) },
    engine,
    target: "local",
    stages: dataset.sft.length > 0 ? ["cpt", "sft", "exam"] : ["cpt", "exam"],
    hyperparameters,
    seed: options.seed,
    versions: {
      ingrain: manifest.version,
      node: process.versions.node,
      onnxruntime: runtimeVersion,
    },
  };
  const draft = await draftFolder(options.runs);
  try {
    const copy = runFiles(draft).dataset;
    await copyDataset(options.dataset, copy);
    if (effect.rejected + effect.edited > 0) {
      await writeRows(copy, dataset);
      spec.dataset = { ...spec.dataset, sha256: await hashDataset(copy), reviews: effect };
    }
    await writeFile(runFiles(draft).launcher, JSON.stringify(await identify(process.pid)));
    return await publish(draft, options.runs, spec);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw withPath(error, options.runs);
  }
}

/** @throws InputError when there is nothing to train on or to ask, be it for the reviews. */
function requireRows(whole: Dataset, reviewed: Dataset, folder: string): void {
  for (const [part, what] of [
    ["cpt", "rows to train on"],
    ["exam", "questions for an exam"],
  ] as const) {
    if (reviewed[part].length > 0) continue;
    const why = whole[part].length > 0 ? ", for all of them are rejected" : "";
    throw new InputError(`the dataset has no ${what}${why}: ${join(folder, `${part}.jsonl`)}`);
  }
}

/** @throws InputError that names the engines there are. */
export function requireEngine(name: string): RunSpec["engine"] {
  const engine = engines.find((known) => known === name);
  if (engine === undefined) {
    throw new InputError(`unknown engine "${name}"; this version has: ${engines.join(", ")}`);
  }
  return engine;
}

/** @throws InputError that names what is wrong. */
export function checkHyperparameters(changed: Partial<OnnxHyperparameters>): OnnxHyperparameters {
  const unknown = Object.keys(changed).find((name) => !(name in OnnxHyperparameters.shape));
  if (unknown !== undefined) {
    const known = Object.keys(OnnxHyperparameters.shape).join(", ");
    throw new InputError(`unknown hyperparameter "${unknown}"; there are: ${known}`);
  }
  const parsed = OnnxHyperparameters.safeParse({ ...defaultHyperparameters, ...changed });
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    throw new InputError(`hyperparameter ${issue.path.join(".")}: ${issue.message}`);
  }
  const { width, heads } = parsed.data;
  if (width % heads !== 0 || (width / heads) % 2 !== 0) {
    throw new InputError(
      `hyperparameter width: ${width} is not an even multiple of the ${heads} heads`,
    );
  }
  return parsed.data;
}

/** Gives the draft a readable name that no other run has. */
async function publish(
  draft: string,
  runs: string,
  spec: RunSpec,
): Promise<{ folder: string; spec: RunSpec }> {
  const name = `${spec.createdAt.slice(0, 19).replace("T", "-").replaceAll(":", "")}-${slug(spec.policy.title)}`;
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? name : `${name}-${copy}`;
    const named = { ...spec, id };
    await writeFile(runFiles(draft).spec, `${JSON.stringify(named, null, 2)}\n`);
    const folder = join(runs, id);
    try {
      await rename(draft, folder);
      return { folder, spec: named };
    } catch (error) {
      const taken = ["ENOTEMPTY", "EEXIST", "EPERM"].some((code) => hasCode(error, code));
      if (!taken || copy === 100) throw error;
    }
  }
}

/** A name that is safe in a path on every system. */
export function slug(title: string): string {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  return (words ?? ["policy"]).join("-").slice(0, 40).replace(/-$/, "");
}
