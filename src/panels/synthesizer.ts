import { readFile } from "node:fs/promises";
import { parentPort, workerData } from "node:worker_threads";
import { decodePolicy, requireStatements } from "../policy/decode.ts";
import { InputError } from "../policy/errors.ts";
import { parsePolicy } from "../policy/parse.ts";
import { describePlan } from "../protocol/plan.ts";
import { policyPath } from "../workspace/datasets.ts";
import { ingrainFolder } from "../workspace/folder.ts";
import { prepareDataset, saveRemake } from "../workspace/remake.ts";
import { type SynthesisAnswer, SynthesisJob } from "./synthesis-job.ts";

/** The worker thread that makes a dataset: about a second of computing, away from the editor. */

async function make(
  { root, policy, seed }: SynthesisJob,
  tell: (answer: SynthesisAnswer) => void,
): Promise<void> {
  const path = policyPath(root, policy);
  const text = decodePolicy(await readFile(policy), path);
  const folder = ingrainFolder(root);
  const parsed = requireStatements(parsePolicy(text, { path }));
  const command = `ingrain synthesize ${JSON.stringify(path)} --seed ${seed}`;
  const remake = await prepareDataset(folder, parsed, policy, { seed, command });
  tell({ type: "plan", words: describePlan(remake.plan) });
  const { counts, coverage } = remake.dataset.manifest;
  tell({
    type: "done",
    folder: await saveRemake(folder, remake),
    rows: counts.cpt + counts.sft + counts.exam,
    gaps: coverage?.gaps.length ?? 0,
  });
}

/** An unexpected error ends the worker, and reaches the editor as its `error` event. */
async function answer(port: NonNullable<typeof parentPort>): Promise<void> {
  try {
    await make(SynthesisJob.parse(workerData), (answer) => port.postMessage(answer));
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
