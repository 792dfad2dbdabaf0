import { execFile } from "node:child_process";
import { copyFile, rename, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { InputError } from "../policy/errors.ts";
import manifest from "../../package.json" with { type: "json" };
import type { Dataset } from "../synthesis/dataset.ts";
import { applyReviews } from "../synthesis/reviews.ts";
import { copyDataset, hashDataset, readDataset, writeRows } from "./dataset-folder.ts";
import { runtimeVersion } from "./engines/onnx/runtime.ts";
import { withPath } from "./file-errors.ts";
import { draftFolder, hasCode, isMissing } from "./files.ts";
import { identify } from "./processes.ts";
import { readReviews } from "./review-file.ts";
import { runFiles } from "./run-folder.ts";
import {
  comparedArms,
  modelName,
  type NewRun,
  type NewTrlRun,
  onnxHyperparameters,
  onnxTrackers,
  trackers,
  trlHyperparameters,
  trlStages,
} from "./run-options.ts";
import { newCluster } from "./targets/ray/cluster.ts";
import type { OnnxRunSpec, RunSpec, TrlRunSpec } from "./spec.ts";

/**
 * Makes the folder of a run, complete in itself: the spec and a copy of the dataset as its reviewers
 * want it, without the rows that they rejected and with their edits. It appears with all its files
 * or not at all.
 * @param neutralText what the trl engine measures retention on: a file.
 * @returns its path.
 * @throws InputError when the dataset or a review is broken or an option is not known.
 */
export async function createRun(
  options: NewRun,
  neutralText = "",
): Promise<{ folder: string; spec: RunSpec }> {
  const whole = await readDataset(options.dataset);
  const { dataset, effect } = applyReviews(whole, await readReviews(options.dataset));
  requireRows(whole, dataset, options.dataset);
  const { path, title, sha256 } = dataset.manifest.policy;
  const createdAt = new Date().toISOString();
  const spec: RunSpec = {
    version: 1,
    id: "",
    createdAt,
    policy: { path, title, sha256, ...(await commitOf(options, path)) },
    dataset: { path: options.dataset, sha256: await hashDataset(options.dataset) },
    ...(await engineSpec(options, dataset.sft.length > 0)),
    seed: options.seed,
    versions: {
      ingrain: manifest.version,
      node: process.versions.node,
      ...(options.engine !== "trl" && { onnxruntime: runtimeVersion }),
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
    if (options.engine === "trl") await copyTexts(options, draft, neutralText);
    await writeFile(runFiles(draft).launcher, JSON.stringify(await identify(process.pid)));
    return await publish(draft, options, spec);
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

/** What the engine alone needs to know, checked. */
async function engineSpec(options: NewRun, hasTrajectories: boolean): Promise<EngineSpec> {
  const { reportTo = [] } = options;
  if (options.engine !== "trl") {
    return {
      engine: "onnx",
      target: "local",
      stages: hasTrajectories ? ["cpt", "sft", "exam"] : ["cpt", "exam"],
      device: options.device ?? "auto",
      hyperparameters: onnxHyperparameters(options.hyperparameters),
      ...(reportTo.length > 0 && { reportTo: onnxTrackers(reportTo) }),
    };
  }
  const { model, revision, cwd = process.cwd(), arms = comparedArms, replay, ray } = options;
  const stages = trlStages(options.stages ?? ["cpt", "sft"]);
  if (!hasTrajectories && options.stages?.some((stage) => stage === "sft" || stage === "rl")) {
    throw new InputError(
      `the dataset has no rows to fine-tune on: ${join(options.dataset, "sft.jsonl")}`,
      "Run the stage cpt alone.",
    );
  }
  return {
    engine: "trl",
    target: ray ? "ray" : "local",
    model: {
      name: await modelName(model, cwd, ray !== undefined),
      ...(revision !== undefined && { revision }),
    },
    stages: hasTrajectories ? stages : stages.filter((stage) => stage !== "sft"),
    arms: [...arms],
    replay: replay !== undefined,
    hyperparameters: trlHyperparameters(options.hyperparameters),
    ...(reportTo.length > 0 && { reportTo: trackers(reportTo) }),
  };
}

type Part<Spec extends RunSpec> = Pick<Spec, Exclude<keyof Spec, keyof Shared>>;
type Shared = Pick<
  OnnxRunSpec,
  "version" | "id" | "createdAt" | "policy" | "dataset" | "seed" | "versions"
>;
type EngineSpec = Part<OnnxRunSpec> | Part<TrlRunSpec>;

/**
 * The commit that the policy's file is of, for the model card: none where the file has changed since,
 * lies outside of git, or git is not there.
 */
async function commitOf({ engine, runs }: NewRun, path: string): Promise<{ commit?: string }> {
  if (engine !== "trl") return {};
  // The path is relative to the folder that holds `.ingrain`.
  const root = resolve(runs, "..", "..");
  const git = async (...args: string[]) =>
    (await promisify(execFile)("git", ["-C", root, ...args], { timeout: 5000 })).stdout.trim();
  try {
    const changed = await git("status", "--porcelain", "--", path);
    const commit = await git("log", "-1", "--format=%H", "--", path);
    return changed === "" && commit !== "" ? { commit } : {};
  } catch {
    return {};
  }
}

/** What a run of the trl engine reads beside its dataset. */
async function copyTexts(
  { replay, cwd = process.cwd() }: NewTrlRun,
  folder: string,
  neutral: string,
) {
  const files = runFiles(folder);
  await copyFile(neutral, files.retention);
  if (replay === undefined) return;
  const path = resolve(cwd, replay);
  await copyFile(path, files.replay).catch((error: unknown) => {
    if (isMissing(error)) throw new InputError(`the text to replay is missing: ${path}`);
    throw error;
  });
}

/** Gives the draft a readable name that no other run has. */
async function publish(
  draft: string,
  options: NewRun,
  spec: RunSpec,
): Promise<{ folder: string; spec: RunSpec }> {
  const ray = options.engine === "trl" ? options.ray : undefined;
  const name = `${spec.createdAt.slice(0, 19).replace("T", "-").replaceAll(":", "")}-${slug(spec.policy.title)}`;
  for (let copy = 1; ; copy++) {
    const id = copy === 1 ? name : `${name}-${copy}`;
    const named = { ...spec, id, ...(ray && { cluster: newCluster(ray, id) }) };
    await writeFile(runFiles(draft).spec, `${JSON.stringify(named, null, 2)}\n`);
    const folder = join(options.runs, id);
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
