import { readFile } from "node:fs/promises";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { readPolicyText } from "../classifier/read-policy.ts";
import { decodePolicy, requireStatements } from "../policy/decode.ts";
import { InputError } from "../policy/errors.ts";
import type { ParsedPolicy } from "../policy/statement.ts";
import { describePlan } from "../protocol/plan.ts";
import type { Dataset } from "../synthesis/dataset.ts";
import { TeacherError } from "../synthesis/teacher.ts";
import { askAll, estimateAsking } from "../synthesis/teaching/ask.ts";
import { PatientTeacher } from "../synthesis/teaching/patient-teacher.ts";
import { tasksOf } from "../synthesis/teaching/tasks.ts";
import { teach } from "../synthesis/teaching/teach.ts";
import { FileAnswerCache } from "../workspace/answer-cache.ts";
import { policyPath } from "../workspace/datasets.ts";
import { ingrainFolder } from "../workspace/folder.ts";
import { keepIds } from "../workspace/keep-ids.ts";
import { prepareDataset, saveRemake } from "../workspace/remake.ts";
import { RemoteTeacher } from "./remote-teacher.ts";
import { type JobTeacher, type SynthesisAnswer, SynthesisJob } from "./synthesis-job.ts";

/** The worker thread that makes a dataset: seconds of computing, away from the editor. */

async function make(
  { root, policy, seed, categories, teacher, weights, estimate }: SynthesisJob,
  port: MessagePort,
): Promise<SynthesisAnswer> {
  const path = policyPath(root, policy);
  const text = decodePolicy(await readFile(policy), path);
  const folder = ingrainFolder(root);
  const read = requireStatements(
    await readPolicyText(text, {
      path,
      network: categories,
      warn: (line) => port.postMessage({ type: "plan", words: line } satisfies SynthesisAnswer),
    }),
  );
  const cache = new FileAnswerCache(folder);
  if (estimate && teacher) {
    const parsed = await keepIds(folder, read);
    const tasks = tasksOf(parsed, seed);
    const told = await estimateAsking(parsed.policy.title, tasks, { model: teacher.model }, cache);
    return { type: "estimate", ...told };
  }
  const named = teacher?.arguments.map((argument) => ` ${JSON.stringify(argument)}`).join("") ?? "";
  const command = `ingrain synthesize ${JSON.stringify(path)} --seed ${seed}${named}`;
  const remake = await prepareDataset(folder, read, policy, {
    ...{ seed, command },
    ...(weights && { weights }),
    ...(teacher && {
      enrich: (parsed, written) => taught(parsed, written, teacher, cache, port),
    }),
  });
  const { dataset, plan } = remake;
  port.postMessage({ type: "plan", words: describePlan(plan) } satisfies SynthesisAnswer);
  const { counts, coverage } = dataset.manifest;
  return {
    type: "done",
    folder: await saveRemake(folder, remake),
    rows: counts.cpt + counts.sft + counts.exam,
    gaps: coverage?.gaps.length ?? 0,
    refused: dataset.refused?.length ?? 0,
  };
}

async function taught(
  parsed: ParsedPolicy,
  written: Dataset,
  teacher: JobTeacher,
  cache: FileAnswerCache,
  port: MessagePort,
): Promise<Dataset> {
  const remote = new RemoteTeacher(port, teacher);
  const tasks = tasksOf(parsed, written.manifest.seed);
  const { answers } = await askAll(new PatientTeacher(remote), parsed.policy.title, tasks, {
    cache,
    concurrency: teacher.concurrency,
    signal: remote.stopped,
    progress: (answered, all) =>
      port.postMessage({ type: "progress", answered, all } satisfies SynthesisAnswer),
  });
  return teach(written, parsed, answers, { teacher: teacher.kind, model: teacher.model });
}

/** An unexpected error ends the worker, and reaches the editor as its `error` event. */
async function answer(port: MessagePort): Promise<void> {
  port.postMessage(await make(SynthesisJob.parse(workerData), port).catch(explained));
}

function explained(error: unknown): SynthesisAnswer {
  if (error instanceof TeacherError) {
    return { type: "stopped", kind: error.kind, message: error.message };
  }
  if (!(error instanceof InputError)) throw error;
  const { message, hint } = error;
  return { type: "wrong", message, ...(hint !== undefined && { hint }) };
}

if (parentPort) void answer(parentPort);
