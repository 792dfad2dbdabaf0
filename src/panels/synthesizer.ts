import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { decodePolicy, requireStatements } from "../policy/decode.ts";
import { InputError } from "../policy/errors.ts";
import { parsePolicy } from "../policy/parse.ts";
import { synthesize } from "../synthesis/synthesize.ts";
import { policyPath, saveDataset } from "../workspace/datasets.ts";
import { ingrainFolder } from "../workspace/folder.ts";
import { keepIds } from "../workspace/keep-ids.ts";
import { type SynthesisAnswer, SynthesisJob } from "./synthesis-job.ts";

/** The worker thread that makes a dataset: about a second of computing, away from the editor. */

async function make({ root, policy, seed }: SynthesisJob): Promise<SynthesisAnswer> {
  const path = policyPath(root, policy);
  const text = decodePolicy(await readFile(policy), path);
  const folder = ingrainFolder(root);
  const parsed = await keepIds(folder, requireStatements(parsePolicy(text, { path })));
  const command = `ingrain synthesize ${JSON.stringify(path)} --seed ${seed}`;
  const dataset = synthesize(parsed, { seed, command });
  const { cpt, sft, exam } = dataset.manifest.counts;
  return { type: "done", folder: await saveDataset(folder, dataset), rows: cpt + sft + exam };
}

/** An unexpected error ends the worker, and reaches the editor as its `error` event. */
async function answer(port: NonNullable<typeof parentPort>): Promise<void> {
  try {
    port.postMessage(await make(SynthesisJob.parse(workerData)));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { message, hint } = error;
    port.postMessage({
      type: "wrong",
      message,
      ...(hint !== undefined && { hint }),
    } satisfies SynthesisAnswer);
  }
}

if (parentPort) void answer(parentPort);
